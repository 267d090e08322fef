r"""Spherical power law (Keeton 2001, https://arxiv.org/abs/astro-ph/0102341).

.. math::
    \kappa = \frac{3-\gamma}{2}\left(\frac{\theta_E}{r}\right)^{\gamma-1}

with the three-dimensional density :math:`\rho = \rho_0 r^{-\gamma}`.
"""

import math

import jax.numpy as jnp
from jax.scipy.special import gammaln

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import power, safe_divide, safe_hypot

from .base_profile import CENTRE, GAMMA, THETA_E, LensProfileBase

__all__ = ["SPP"]


def mean_convergence(r, theta_E, gamma):
    """Mean convergence inside r [arcsec]; zero at the centre, where it diverges."""
    return power(safe_divide(theta_E, r), gamma - 1)


def convergence(r, theta_E, gamma):
    """Convergence at radius r [arcsec]."""
    return (3 - gamma) / 2 * mean_convergence(r, theta_E, gamma)


def potential(r, theta_E, gamma):
    """r alpha / (3 - gamma)."""
    return r * r * mean_convergence(r, theta_E, gamma) / (3 - gamma)


def projection(gamma):
    """Surface density over rho_0 r^(1 - gamma)."""
    return math.sqrt(math.pi) * jnp.exp(gammaln((gamma - 1) / 2) - gammaln(gamma / 2))


def rho2theta(rho0, gamma):
    """Einstein radius [arcsec] of the density normalisation rho0."""
    return power(projection(gamma) * 2 / (3 - gamma) * rho0, 1 / (gamma - 1))


def theta2rho(theta_E, gamma):
    """Density normalisation of the Einstein radius theta_E [arcsec]."""
    return power(theta_E, gamma - 1) / (projection(gamma) * 2 / (3 - gamma))


def density(r, rho0, gamma):
    """3d density at radius r [arcsec]."""
    return rho0 / power(r, gamma)


def density_2d(x, y, rho0, gamma, center_x=0, center_y=0):
    """Projected density of the 3d density normalisation rho0."""
    return projection(gamma) * power(safe_hypot(x - center_x, y - center_y), 1 - gamma) * rho0


def mass_3d(r, rho0, gamma):
    """Mass inside the sphere of radius r [arcsec]."""
    return 4 * math.pi * rho0 / (3 - gamma) * power(r, 3 - gamma)


def mass_2d(r, rho0, gamma):
    """Mass inside the projected radius r [arcsec]."""
    return 2 * math.pi * projection(gamma) * power(r, 3 - gamma) / (3 - gamma) * rho0


def grav_pot(x, y, rho0, gamma, center_x=0, center_y=0):
    """3d gravitational potential, up to a constant."""
    r = safe_hypot(x - center_x, y - center_y)
    return mass_3d(r, rho0, gamma) / r


def density_lens(r, theta_E, gamma):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, theta2rho(theta_E, gamma), gamma)


def mass_3d_lens(r, theta_E, gamma):
    """Mass inside the sphere of radius r [arcsec]."""
    return mass_3d(r, theta2rho(theta_E, gamma), gamma)


def mass_2d_lens(r, theta_E, gamma):
    """Mass inside the projected radius r [arcsec]."""
    return mass_2d(r, theta2rho(theta_E, gamma), gamma)


class SPP(LensProfileBase):
    __doc__ = __doc__

    parameters = (THETA_E, GAMMA, *CENTRE)
    kernel = centred(Round(potential, mean_convergence, convergence).kernel())
    rho2theta = staticmethod(elementwise(rho2theta))
    theta2rho = staticmethod(elementwise(theta2rho))
    density = staticmethod(elementwise(density))
    density_2d = staticmethod(elementwise(density_2d))
    mass_3d = staticmethod(elementwise(mass_3d))
    mass_2d = method(mass_2d)
    grav_pot = method(grav_pot)
    density_lens = method(density_lens)
    mass_3d_lens = method(mass_3d_lens)
    mass_2d_lens = method(mass_2d_lens)
