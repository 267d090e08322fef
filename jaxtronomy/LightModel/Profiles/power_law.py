r"""Elliptical power law.

.. math::
    I(R) = A \left(R^2 + s^2\right)^{(1-\gamma)/2}, \qquad R^2 = q\,x'^2 + y'^2/q, \quad s = 10^{-4}\,\mathrm{arcsec}
"""

from jaxtronomy.core.compile import method
from jaxtronomy.core.numerics import power
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.LensModel.Profiles.spp import density, projection

from .profile_base import AMP, CENTRE, ELLIPTICITY, LightProfileBase, elliptical_profile

__all__ = ["PowerLaw"]

CORE = 0.0001


def power_law(r2, gamma):
    """Projected profile of unit normalisation at the squared radius r2."""
    return power(r2 + CORE**2, (1 - gamma) / 2)


class PowerLaw(LightProfileBase):
    """Elliptical power law; gamma is the slope of the light density."""

    parameters = (AMP, Parameter("gamma", 1, 3), *ELLIPTICITY, *CENTRE)
    kernel = staticmethod(elliptical_profile(power_law))

    @method
    def light_3d(r, amp, gamma, e1=0, e2=0):
        """Light density of the round profile at the 3d radius r [arcsec]."""
        return density(r, amp / projection(gamma), gamma)
