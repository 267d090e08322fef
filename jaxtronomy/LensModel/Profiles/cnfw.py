r"""Navarro-Frenk-White profile with a core.

.. math::
    \rho(r) = \frac{\rho_0 R_s^3}{(r + r_c)(r + R_s)^2}

normalised by the deflection ``alpha_Rs`` at the scale radius. With :math:`x = r/R_s`, :math:`b = r_c/R_s` and
:math:`F_0, F_1` of :mod:`jaxtronomy.core.special.arc`,

.. math::
    \kappa = 2\rho_0 R_s \frac{(1-b)F_1(x) + b F_0(x) - F_0(x/b)}{(1-b)^2}

and alike for deflection and potential, which lenstronomy integrates numerically. Near b = 1, where that is 0/0,
:math:`\frac{1}{(r+b)(r+1)^2} = \int_0^1 \frac{2t\,dt}{(r + b + t(1-b))^3}` by Gauss-Legendre quadrature.
"""

import math

import jax.numpy as jnp
from jax import lax

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import log1p, safe_hypot
from jaxtronomy.core.special.arc import arc, arc_mean, arc_potential
from jaxtronomy.core.special.quadrature import gauss_legendre, integrate

from .base_profile import CENTRE, LensProfileBase, Parameter
from .nfw import ALPHA_RS, RS, scaled, shear

__all__ = ["CNFW"]

R_CORE = Parameter("r_core", 0, 100, unit="arcsec")
NEAR_ONE = 0.02
RULE = gauss_legendre(4)


def _core(Rs, r_core):
    """r_core / Rs, not zero."""
    b = r_core / jnp.maximum(Rs, 1e-7)
    return jnp.where(b < 1e-9, b + 1e-9, b)


def _by_core(direct, averaged):
    """A function of (x, b): ``direct`` over (1 - b)^2, and near b = 1 the average of ``averaged``."""

    def away(x, b):
        return direct(x, b) / (1 - b) ** 2

    def mixed(x, b):
        near = jnp.abs(b - 1) < NEAR_ONE
        average = integrate(lambda t: 2 * t * averaged(x, b + t * (1 - b)), RULE, x.dtype, block=1)
        return jnp.where(near, average, away(x, jnp.where(near, 2.0, b)))

    return lambda x, b: lax.cond(jnp.any(jnp.abs(b - 1) < NEAR_ONE), mixed, away, x, b)


def _potential_direct(x, b):
    y = x / b
    rest = b * (arc(0, x) - arc_mean(x)) - (arc(0, y) - arc_mean(y))
    return (1 - 2 * b) * arc_potential(x) + b * b * arc_potential(y) + 2 * x * x * rest


def _potential_cubic(x, b):
    """Potential of the density 1/(r + b)^3."""
    y = x / b
    return arc_potential(y) - y * y * arc_mean(y)


def _mean_direct(x, b):
    y = x / b
    return 2 * ((1 - 2 * b) * arc_mean(x) + arc_mean(y) + b * arc(0, x) - arc(0, y))


def _mean_cubic(x, b):
    """Mean convergence of the density 1/(r + b)^3."""
    y = x / b
    return (2 * arc_mean(y) - arc(1, y)) / (b * b)


def _convergence_direct(x, b):
    return (1 - b) * arc(1, x) + b * arc(0, x) - arc(0, x / b)


def _convergence_cubic(x, b):
    """Convergence of the density 1/(r + b)^3."""
    y = x / b
    return 1.5 * (arc(1, y) - arc(2, y)) / (b * b)


_potential = _by_core(_potential_direct, _potential_cubic)
_mean = _by_core(_mean_direct, _mean_cubic)
_convergence = _by_core(_convergence_direct, _convergence_cubic)


def alpha2rho0(alpha_Rs, Rs, r_core):
    """Density normalisation of the deflection alpha_Rs [arcsec] at the scale radius Rs [arcsec]."""
    return alpha_Rs / (2 * Rs**2 * _mean(jnp.ones_like(Rs), _core(Rs, r_core)))


def mean_convergence(R, Rs, rho0, r_core):
    """Mean convergence inside the projected radius R [arcsec]."""
    return 2 * rho0 * Rs * _mean(scaled(R, Rs), _core(Rs, r_core))


def convergence(R, Rs, rho0, r_core):
    """Convergence at the projected radius R [arcsec]."""
    return 2 * rho0 * Rs * _convergence(scaled(R, Rs), _core(Rs, r_core))


def alpha_r(R, Rs, rho0, r_core):
    """Deflection [arcsec] at the radius R [arcsec]."""
    return R * mean_convergence(R, Rs, rho0, r_core)


def rho2alpha(rho0, Rs, r_core):
    """Deflection [arcsec] at the scale radius Rs [arcsec] of the density normalisation rho0."""
    return alpha_r(Rs, Rs, rho0, r_core)


def cnfw_gamma(R, Rs, rho0, r_core, ax_x, ax_y):
    """Shear gamma1, gamma2 at the position (ax_x, ax_y) of radius R."""
    return shear(convergence, mean_convergence, R, ax_x, ax_y, Rs, rho0, r_core)


def density(R, Rs, rho0, r_core):
    """3d density at radius R [arcsec]."""
    return rho0 * Rs**3 / ((r_core + R) * (R + Rs) ** 2)


def density_2d(x, y, Rs, rho0, r_core, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    return convergence(safe_hypot(x - center_x, y - center_y), Rs, rho0, r_core)


def mass_3d(R, Rs, rho0, r_core):
    """Mass inside the sphere of radius R [arcsec]."""
    return 4 * math.pi * Rs**3 * rho0 * _by_core(_mass_direct, _mass_cubic)(R / Rs, _core(Rs, r_core))


def _mass_direct(x, b):
    return (1 - 2 * b) * log1p(x) + b * b * log1p(x / b) - (1 - b) * x / (1 + x)


def _mass_cubic(x, b):
    """Mass of the density 1/(r + b)^3, over 4 pi."""
    y = x / b
    return log1p(y) - y / (1 + y) - y * y / (2 * (1 + y) ** 2)


def mass_2d(R, Rs, rho0, r_core):
    """Mass inside the projected radius R [arcsec]."""
    return math.pi * R**2 * mean_convergence(R, Rs, rho0, r_core)


def density_lens(R, Rs, alpha_Rs, r_core):
    """3d density at radius R [arcsec] whose projection is the convergence."""
    return density(R, Rs, alpha2rho0(alpha_Rs, Rs, r_core), r_core)


def mass_3d_lens(R, Rs, alpha_Rs, r_core):
    """Mass inside the sphere of radius R [arcsec]."""
    return mass_3d(R, Rs, alpha2rho0(alpha_Rs, Rs, r_core), r_core)


def _normalised(function, power):
    """The dimensionless function in units of its value that makes the deflection at Rs alpha_Rs."""

    def scaled_up(r, Rs, alpha_Rs, r_core):
        Rs = jnp.maximum(Rs, 1e-7)
        b = _core(Rs, r_core)
        return alpha_Rs * Rs**power * function(scaled(r, Rs), b) / _mean(jnp.ones_like(b), b)

    return scaled_up


ROUND = Round(_normalised(_potential, 1), _normalised(_mean, -1), _normalised(_convergence, -1))


class CNFW(LensProfileBase):
    __doc__ = __doc__

    model_name = "CNFW"
    parameters = (RS, ALPHA_RS, R_CORE, *CENTRE)
    kernel = centred(ROUND.kernel())
    alpha_r = method(alpha_r)
    _rho2alpha = method(rho2alpha)
    cnfw_gamma = method(cnfw_gamma)
    density = method(density)
    density_2d = method(density_2d)
    density_lens = method(density_lens)
    mass_3d = method(mass_3d)
    mass_3d_lens = method(mass_3d_lens)
    mass_2d = method(mass_2d)
