r"""Truncated Navarro-Frenk-White profile with elliptical iso-potential contours.

The potential is that of :class:`~jaxtronomy.LensModel.Profiles.tnfw.TNFW` at the squeezed radius of Golse & Kneib 2002
(https://arxiv.org/abs/astro-ph/0112138). The Hessian is exact, where lenstronomy takes differences of the deflection.
"""

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred

from . import tnfw
from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase

__all__ = ["TNFWELLIPSEPotential"]


def density_lens(r, Rs, alpha_Rs, r_trunc, e1=1, e2=0):
    """3d density at radius r [arcsec] of the round profile."""
    return tnfw.density_lens(r, Rs, alpha_Rs, r_trunc)


def mass_3d_lens(r, Rs, alpha_Rs, r_trunc, e1=1, e2=0):
    """Mass inside the sphere of radius r [arcsec] of the round profile."""
    return tnfw.mass_3d_lens(r, Rs, alpha_Rs, r_trunc)


class TNFWELLIPSEPotential(LensProfileBase):
    __doc__ = __doc__

    profile_name = "TNFW_ELLIPSE_POTENTIAL"
    parameters = (tnfw.RS, tnfw.ALPHA_RS, tnfw.R_TRUNC, *ELLIPTICITY, *CENTRE)
    kernel = centred(tnfw.ROUND.elliptical_potential())
    density_lens = method(density_lens)
    mass_3d_lens = method(mass_3d_lens)
