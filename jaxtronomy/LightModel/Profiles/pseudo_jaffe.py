"""Pseudo-Jaffe profiles (Eliasdottir et al. 2007).

See :mod:`jaxtronomy.LensModel.Profiles.pseudo_jaffe`; ``amp`` takes the place of ``sigma0``.
"""

from jaxtronomy.core.compile import method
from jaxtronomy.core.kernel import bounded_ellipticity
from jaxtronomy.core.numerics import safe_sqrt
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.LensModel.Profiles.pseudo_jaffe import convergence, density_lens

from .profile_base import AMP, CENTRE, ELLIPTICITY, LightProfileBase, centred, round_profile

__all__ = ["PseudoJaffe", "PseudoJaffeEllipse"]

RADII = (Parameter("Ra", 0, 100, unit="arcsec"), Parameter("Rs", 0, 100, unit="arcsec"))


def pseudo_jaffe(r2, Ra, Rs):
    """Projected profile of unit normalisation at the squared radius r2."""
    return convergence(safe_sqrt(r2), 1.0, Ra, Rs)


def pseudo_jaffe_ellipse(x, y, Ra, Rs, e1, e2):
    """The same in the radius (1 - f) x'^2 + (1 + f) y'^2, f = (1 - q^2)/(1 + q^2), x' along the major axis."""
    e1, e2 = bounded_ellipticity(e1, e2)
    squeeze = 2 / (1 + e1 * e1 + e2 * e2)
    return pseudo_jaffe(x * x + y * y - squeeze * (e1 * (x * x - y * y) + 2 * e2 * x * y), Ra, Rs)


class PseudoJaffe(LightProfileBase):
    """Round pseudo-Jaffe profile."""

    parameters = (AMP, *RADII, *CENTRE)
    kernel = staticmethod(round_profile(pseudo_jaffe))

    @method
    def light_3d(r, amp, Ra, Rs):
        """Light density at the 3d radius r [arcsec]."""
        return density_lens(r, amp, Ra, Rs)


class PseudoJaffeEllipse(LightProfileBase):
    """Pseudo-Jaffe profile with elliptical isophotes; the density is that of the round one."""

    parameters = (AMP, *RADII, *ELLIPTICITY, *CENTRE)
    kernel = staticmethod(centred(pseudo_jaffe_ellipse))

    @method
    def light_3d(r, amp, Ra, Rs, e1=0, e2=0):
        """Light density of the round profile at the 3d radius r [arcsec]."""
        return density_lens(r, amp, Ra, Rs)
