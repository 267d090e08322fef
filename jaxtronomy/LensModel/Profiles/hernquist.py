r"""Hernquist profile.

.. math::
    \rho(r) = \frac{\rho_0}{(r/R_s)(1 + r/R_s)^3}, \qquad
    \kappa(X) = \sigma_0\,\frac{(2 + X^2)F(X) - 3}{(1 - X^2)^2}, \qquad X = r/R_s,\ \sigma_0 = \rho_0 R_s

with F of :mod:`jaxtronomy.core.special.arc`. Hernquist 1990 (https://ui.adsabs.harvard.edu/abs/1990ApJ...356..359H);
lensing: Keeton 2001 (https://arxiv.org/abs/astro-ph/0102341). The Hessian is exact, where lenstronomy takes
differences of the deflection.
"""

import math

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import safe_hypot
from jaxtronomy.core.special.arc import arc, arc_mean

from .base_profile import CENTRE, LensProfileBase, Parameter
from .nfw import RS, scaled

__all__ = ["Hernquist"]

SIGMA0 = Parameter("sigma0", 0, 100)


def rho2sigma(rho0, Rs):
    """Normalisation sigma0 of the convergence, of the density rho0 and the scale radius Rs [arcsec]."""
    return rho0 * Rs


def sigma2rho(sigma0, Rs):
    """Density normalisation rho0 of the convergence normalisation sigma0."""
    return sigma0 / Rs


def potential(r, sigma0, Rs):
    """Lensing potential [arcsec^2] at radius r [arcsec]."""
    x = scaled(r, Rs)
    return 2 * sigma0 * Rs**2 * x * x * arc_mean(x)


def mean_convergence(r, sigma0, Rs):
    """Mean convergence inside the projected radius r [arcsec]."""
    return 2 * sigma0 * arc(1, scaled(r, Rs))


def convergence(r, sigma0, Rs):
    """Convergence at the projected radius r [arcsec]."""
    x = scaled(r, Rs)
    return sigma0 * (3 * arc(2, x) - arc(1, x))


def density(r, rho0, Rs):
    """3d density at radius r [arcsec]."""
    return rho0 / (r / Rs * (1 + r / Rs) ** 3)


def density_2d(x, y, rho0, Rs, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    return convergence(safe_hypot(x - center_x, y - center_y), rho2sigma(rho0, Rs), Rs)


def mass_3d(r, rho0, Rs):
    """Mass inside the sphere of radius r [arcsec]."""
    return 2 * math.pi * Rs**3 * rho0 * r**2 / (r + Rs) ** 2


def mass_2d_lens(r, sigma0, Rs):
    """Mass inside the projected radius r [arcsec]."""
    return math.pi * r**2 * mean_convergence(r, sigma0, Rs)


def mass_2d(r, rho0, Rs):
    """Mass inside the projected radius r [arcsec]."""
    return mass_2d_lens(r, rho2sigma(rho0, Rs), Rs)


def mass_tot(rho0, Rs):
    """Total mass."""
    return 2 * math.pi * rho0 * Rs**3


def grav_pot(x, y, rho0, Rs, center_x=0, center_y=0):
    """3d gravitational potential, as a positive number."""
    return mass_tot(rho0, Rs) / (safe_hypot(x - center_x, y - center_y) + Rs)


def density_lens(r, sigma0, Rs):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, sigma2rho(sigma0, Rs), Rs)


def mass_3d_lens(r, sigma0, Rs):
    """Mass inside the sphere of radius r [arcsec]."""
    return mass_3d(r, sigma2rho(sigma0, Rs), Rs)


ROUND = Round(potential, mean_convergence, convergence)


class Hernquist(LensProfileBase):
    __doc__ = __doc__

    parameters = (SIGMA0, RS, *CENTRE)
    kernel = centred(ROUND.kernel())
    density = staticmethod(elementwise(density))
    density_lens = method(density_lens)
    density_2d = method(density_2d)
    mass_3d = staticmethod(elementwise(mass_3d))
    mass_3d_lens = method(mass_3d_lens)
    mass_2d = method(mass_2d)
    mass_2d_lens = method(mass_2d_lens)
    mass_tot = staticmethod(elementwise(mass_tot))
    rho2sigma = staticmethod(elementwise(rho2sigma))
    sigma2rho = staticmethod(elementwise(sigma2rho))
    grav_pot = method(grav_pot)
