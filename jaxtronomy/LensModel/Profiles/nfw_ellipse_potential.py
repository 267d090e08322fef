r"""Navarro-Frenk-White profile with elliptical iso-potential contours.

The potential is that of :class:`~jaxtronomy.LensModel.Profiles.nfw.NFW` at the squeezed radius of Golse & Kneib 2002
(https://arxiv.org/abs/astro-ph/0112138). The Hessian is exact, where lenstronomy takes differences of the deflection.
"""

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred

from . import nfw
from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase

__all__ = ["NFWEllipsePotential"]


def density_lens(r, Rs, alpha_Rs, e1=1, e2=0):
    """3d density at radius r [arcsec] of the round profile."""
    return nfw.density_lens(r, Rs, alpha_Rs)


def mass_3d_lens(r, Rs, alpha_Rs, e1=1, e2=0):
    """Mass inside the sphere of radius r [arcsec] of the round profile."""
    return nfw.mass_3d_lens(r, Rs, alpha_Rs)


class NFWEllipsePotential(LensProfileBase):
    __doc__ = __doc__

    profile_name = "NFW_ELLIPSE_POTENTIAL"
    parameters = (nfw.RS, nfw.ALPHA_RS, *ELLIPTICITY, *CENTRE)
    kernel = centred(nfw.ROUND.elliptical_potential())

    def __init__(self, interpol=False, num_interp_X=1000, max_interp_X=10):
        """The options are those of lenstronomy's table look-up; the closed form is used whatever they are.

        :param interpol: accepted for compatibility
        :param num_interp_X: accepted for compatibility
        :param max_interp_X: accepted for compatibility
        """
        super().__init__(interpol=interpol, num_interp_X=num_interp_X, max_interp_X=max_interp_X)

    density_lens = method(density_lens)
    mass_3d_lens = method(mass_3d_lens)
