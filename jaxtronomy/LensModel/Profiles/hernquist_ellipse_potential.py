r"""Hernquist profile (Hernquist 1990, ApJ 356, 359) with elliptical iso-potential contours.

The potential is that of :class:`~jaxtronomy.LensModel.Profiles.hernquist.Hernquist` at the radius
:math:`r'^2 = (1-\epsilon)x'^2 + (1+\epsilon)y'^2`, :math:`\epsilon = (1-q^2)/(1+q^2)`; masses and densities are
those of the round profile. The Hessian is exact, where lenstronomy takes differences of the deflection.
"""

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred

from . import hernquist
from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase

__all__ = ["HernquistEllipsePotential"]


def density(r, rho0, Rs, e1=0, e2=0):
    """3d density at radius r [arcsec]."""
    return hernquist.density(r, rho0, Rs)


def density_lens(r, sigma0, Rs, e1=0, e2=0):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return hernquist.density_lens(r, sigma0, Rs)


def density_2d(x, y, rho0, Rs, e1=0, e2=0, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    return hernquist.density_2d(x, y, rho0, Rs, center_x, center_y)


def mass_2d_lens(r, sigma0, Rs, e1=0, e2=0):
    """Mass inside the projected radius r [arcsec]."""
    return hernquist.mass_2d_lens(r, sigma0, Rs)


def mass_2d(r, rho0, Rs, e1=0, e2=0):
    """Mass inside the projected radius r [arcsec]."""
    return hernquist.mass_2d(r, rho0, Rs)


def mass_3d(r, rho0, Rs, e1=0, e2=0):
    """Mass inside the sphere of radius r [arcsec]."""
    return hernquist.mass_3d(r, rho0, Rs)


def mass_3d_lens(r, sigma0, Rs, e1=0, e2=0):
    """Mass inside the sphere of radius r [arcsec]."""
    return hernquist.mass_3d_lens(r, sigma0, Rs)


class HernquistEllipsePotential(LensProfileBase):
    __doc__ = __doc__

    parameters = (hernquist.SIGMA0, hernquist.RS, *ELLIPTICITY, *CENTRE)
    kernel = centred(hernquist.ROUND.elliptical_potential())
    density = method(density)
    density_lens = method(density_lens)
    density_2d = method(density_2d)
    mass_2d_lens = method(mass_2d_lens)
    mass_2d = method(mass_2d)
    mass_3d = method(mass_3d)
    mass_3d_lens = method(mass_3d_lens)
