r"""Gaussian convergence, made elliptical in the potential.

The potential is that of :class:`~jaxtronomy.LensModel.Profiles.gaussian.Gaussian` at the radius
:math:`r'^2 = (1-\epsilon)x'^2 + (1+\epsilon)y'^2`, :math:`\epsilon = (1-q^2)/(1+q^2)`; masses and densities are
those of the round profile. The Hessian is exact, where lenstronomy takes differences of the deflection.
"""

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred

from . import gaussian
from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase

__all__ = ["GaussianEllipsePotential"]


def density(r, amp, sigma, e1, e2):
    """3d density at radius r [arcsec] of the 3d amplitude amp."""
    return gaussian.density(r, amp, sigma)


def density_2d(x, y, amp, sigma, e1, e2, center_x=0, center_y=0):
    """Projected density of the 3d amplitude amp at a position [arcsec]."""
    return gaussian.density_2d(x, y, amp, sigma, center_x, center_y)


def mass_2d(R, amp, sigma, e1, e2):
    """Mass inside the projected radius R [arcsec] of the 3d amplitude amp."""
    return gaussian.mass_2d(R, amp, sigma)


def mass_3d(R, amp, sigma, e1, e2):
    """Mass inside the sphere of radius R [arcsec] of the 3d amplitude amp."""
    return gaussian.mass_3d(R, amp, sigma)


def mass_3d_lens(R, amp, sigma, e1, e2):
    """Mass inside the sphere of radius R [arcsec]."""
    return gaussian.mass_3d_lens(R, amp, sigma)


def mass_2d_lens(R, amp, sigma, e1, e2):
    """Mass inside the projected radius R [arcsec]."""
    return gaussian.mass_2d_lens(R, amp, sigma)


KERNEL = gaussian.ROUND.elliptical_potential()


class GaussianEllipsePotential(LensProfileBase):
    __doc__ = __doc__

    parameters = (gaussian.AMP, gaussian.SIGMA, *ELLIPTICITY, *CENTRE)
    kernel = centred(KERNEL)
    density = method(density)
    density_2d = method(density_2d)
    mass_2d = method(mass_2d)
    mass_3d = method(mass_3d)
    mass_3d_lens = method(mass_3d_lens)
    mass_2d_lens = method(mass_2d_lens)
