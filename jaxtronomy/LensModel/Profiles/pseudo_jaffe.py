r"""Dual pseudo-isothermal profile (dPIE, pseudo-Jaffe).

.. math::
    \rho(r) = \frac{\rho_0}{(1 + r^2/R_a^2)(1 + r^2/R_s^2)}, \qquad
    \kappa(r) = \sigma_0\frac{R_a R_s}{R_s - R_a}
    \left(\frac{1}{\sqrt{R_a^2 + r^2}} - \frac{1}{\sqrt{R_s^2 + r^2}}\right)

Eliasdottir et al. 2007 (https://arxiv.org/abs/0710.5636), appendix A. The two radii play the same part, and the
differences are written without loss where they are equal.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import arctan, log, safe_hypot
from jaxtronomy.core.special.ratios import log1p_ratio

from .base_profile import CENTRE, LensProfileBase, Parameter

__all__ = ["PseudoJaffe"]

SIGMA0 = Parameter("sigma0", 0, 10)
RA, RS = Parameter("Ra", 0, 100, unit="arcsec"), Parameter("Rs", 0, 100, unit="arcsec")
SMALLEST = 1e-8


def _radii(square, Ra, Rs):
    """The two radii, not quite zero, and their hypotenuses with the radius whose square is given."""
    Ra, Rs = jnp.maximum(Ra, SMALLEST), jnp.maximum(Rs, SMALLEST)
    return Ra, Rs, jnp.sqrt(Ra * Ra + square), jnp.sqrt(Rs * Rs + square)


def _potential(square, sigma0, Ra, Rs):
    """Lensing potential [arcsec^2], of the squared radius."""
    Ra, Rs, a, s = _radii(square, Ra, Rs)
    t = (Ra + Rs) / (a + s)
    slope = (1 + t) / (Ra + a)
    return 2 * sigma0 * Ra * Rs * (log(Rs + s) + Ra * slope * log1p_ratio((Rs - Ra) * slope) - t)


def _mean_convergence(square, sigma0, Ra, Rs):
    """Mean convergence, of the squared radius."""
    Ra, Rs, a, s = _radii(square, Ra, Rs)
    return 2 * sigma0 * Ra * Rs * (Ra + a + Rs + s) / ((a + s) * (Ra + a) * (Rs + s))


def _convergence(square, sigma0, Ra, Rs):
    """Convergence, of the squared radius."""
    Ra, Rs, a, s = _radii(square, Ra, Rs)
    return sigma0 * Ra * Rs * (Ra + Rs) / ((a + s) * a * s)


def mean_convergence(r, sigma0, Ra, Rs):
    """Mean convergence inside the projected radius r [arcsec]."""
    return _mean_convergence(r * r, sigma0, Ra, Rs)


def convergence(r, sigma0, Ra, Rs):
    """Convergence at the projected radius r [arcsec]."""
    return _convergence(r * r, sigma0, Ra, Rs)


def rho2sigma(rho0, Ra, Rs):
    """Normalisation sigma0 of the convergence, of the density normalisation rho0."""
    return math.pi * rho0 * Ra * Rs / (Rs + Ra)


def sigma2rho(sigma0, Ra, Rs):
    """Density normalisation rho0 of the convergence normalisation sigma0."""
    return (Rs + Ra) / Ra / Rs / math.pi * sigma0


def density(r, rho0, Ra, Rs):
    """3d density at radius r [arcsec]."""
    return rho0 / ((1 + (r / Ra) ** 2) * (1 + (r / Rs) ** 2))


def density_2d(x, y, rho0, Ra, Rs, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    return convergence(safe_hypot(x - center_x, y - center_y), rho2sigma(rho0, Ra, Rs), Ra, Rs)


def _distinct(Ra, Rs):
    """The radii, different enough to divide by their difference."""
    return Ra, jnp.where(jnp.abs(Rs - Ra) < SMALLEST, Rs + 2 * SMALLEST, Rs)


def mass_3d(r, rho0, Ra, Rs):
    """Mass inside the sphere of radius r [arcsec]."""
    Ra, Rs = _distinct(Ra, Rs)
    inside = Rs * arctan(r / Rs) - Ra * arctan(r / Ra)
    return 4 * math.pi * rho0 * Ra**2 * Rs**2 / (Rs**2 - Ra**2) * inside


def mass_2d(r, rho0, Ra, Rs):
    """Mass inside the projected radius r [arcsec]."""
    return math.pi * r**2 * mean_convergence(r, rho2sigma(rho0, Ra, Rs), Ra, Rs)


def mass_tot(rho0, Ra, Rs):
    """Total mass."""
    return 2 * math.pi * rho2sigma(rho0, Ra, Rs) * Ra * Rs


def grav_pot(r, rho0, Ra, Rs):
    """3d gravitational potential, up to a constant."""
    Ra, Rs = _distinct(Ra, Rs)
    radial = (Rs * arctan(r / Rs) - Ra * arctan(r / Ra)) / r + log((Rs**2 + r**2) / (Ra**2 + r**2)) / 2
    return 4 * math.pi * rho0 * Ra**2 * Rs**2 / (Rs**2 - Ra**2) * radial


def density_lens(r, sigma0, Ra, Rs):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, sigma2rho(sigma0, Ra, Rs), Ra, Rs)


def mass_3d_lens(r, sigma0, Ra, Rs):
    """Mass inside the sphere of radius r [arcsec]."""
    return mass_3d(r, sigma2rho(sigma0, Ra, Rs), Ra, Rs)


ROUND = Round(_potential, _mean_convergence, _convergence, squared=True)


class PseudoJaffe(LensProfileBase):
    __doc__ = __doc__

    parameters = (SIGMA0, RA, RS, *CENTRE)
    kernel = centred(ROUND.kernel())
    density = method(density)
    density_lens = method(density_lens)
    density_2d = method(density_2d)
    mass_3d = method(mass_3d)
    mass_3d_lens = method(mass_3d_lens)
    mass_2d = method(mass_2d)
    mass_tot = method(mass_tot)
    grav_pot = method(grav_pot)
    rho2sigma = method(rho2sigma)
    sigma2rho = method(sigma2rho)
