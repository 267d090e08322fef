r"""Singular isothermal sphere (Schneider, Ehlers & Falco 1992, Gravitational Lenses, Springer).

.. math::
    \psi = \theta_E\, r, \qquad \kappa = \frac{\theta_E}{2 r}
"""

import math

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import inverse_root, safe_hypot, safe_sqrt

from .base_profile import CENTRE, THETA_E, LensProfileBase

__all__ = ["SIS"]


def rho2theta(rho0):
    """Einstein radius [arcsec] of the density normalisation rho0."""
    return math.pi * 2 * rho0


def theta2rho(theta_E):
    """Density normalisation of the Einstein radius theta_E [arcsec]."""
    return theta_E / (math.pi * 2)


def density(r, rho0):
    """3d density at radius r [arcsec], rho0 / r^2."""
    return rho0 / r**2


def density_2d(x, y, rho0, center_x=0, center_y=0):
    """Projected density of the 3d density normalisation rho0."""
    return math.pi * rho0 / safe_hypot(x - center_x, y - center_y)


def mass_3d(r, rho0):
    """Mass inside the sphere of radius r [arcsec]."""
    return 4 * math.pi * rho0 * r


def mass_2d(r, rho0):
    """Mass inside the projected radius r [arcsec]."""
    return 2 * math.pi**2 * rho0 * r


def grav_pot(x, y, rho0, center_x=0, center_y=0):
    """3d gravitational potential, up to a constant."""
    r = safe_hypot(x - center_x, y - center_y)
    return mass_3d(r, rho0) / r


def density_lens(r, theta_E):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, theta2rho(theta_E))


def mass_3d_lens(r, theta_E):
    """Mass inside the sphere of radius r [arcsec]."""
    return mass_3d(r, theta2rho(theta_E))


def mass_2d_lens(r, theta_E):
    """Mass inside the projected radius r [arcsec]."""
    return mass_2d(r, theta2rho(theta_E))


sis = Round(
    lambda r2, theta_E: theta_E * safe_sqrt(r2),
    lambda r2, theta_E: theta_E * inverse_root(r2),
    lambda r2, theta_E: theta_E * inverse_root(r2) / 2,
    squared=True,
).kernel()


class SIS(LensProfileBase):
    __doc__ = __doc__

    parameters = (THETA_E, *CENTRE)
    kernel = centred(sis)
    rho2theta = staticmethod(elementwise(rho2theta))
    theta2rho = staticmethod(elementwise(theta2rho))
    density = staticmethod(elementwise(density))
    density_2d = staticmethod(elementwise(density_2d))
    mass_3d = staticmethod(elementwise(mass_3d))
    mass_2d = staticmethod(elementwise(mass_2d))
    grav_pot = method(grav_pot)
    density_lens = method(density_lens)
    mass_3d_lens = method(mass_3d_lens)
    mass_2d_lens = method(mass_2d_lens)
