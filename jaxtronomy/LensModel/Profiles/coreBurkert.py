r"""Burkert profile with a variable core.

.. math::
    \rho(r) = \frac{\rho_0 R_s^3}{(r + r_c)(r^2 + R_s^2)}

normalised by the deflection ``alpha_Rs`` at Rs. With :math:`x = r/R_s`, :math:`p = R_s/r_c`,
:math:`u = \sqrt{1+x^2}`, F of :mod:`jaxtronomy.core.special.arc` and its mirror :math:`A = \mathrm{arsinh}(1/x)/u`,

.. math::
    \kappa = \frac{\rho_0 R_s p}{1+p^2}\left[\frac{\pi}{u} + 2p\left(A(x) - F(px)\right)\right]

(Burkert 1995, https://arxiv.org/abs/astro-ph/9504041, has :math:`r_c = R_s`). Deflection and potential are ordered
in terms that vanish at the centre one by one; the potential has lenstronomy's zero point.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import arctan, log, log1p, safe_hypot
from jaxtronomy.core.special.arc import arc, arc_mean, arc_potential

from .base_profile import CENTRE, LensProfileBase, Parameter
from .nfw import RS, scaled, shear

__all__ = ["CoreBurkert"]

_AT_CENTRE = 2 * math.log(2) * (2 - math.log(2))  # the potential there, in units of 2 rho0 Rs^3 / (1 + p^2)


def _parts(R, Rs, r_core):
    """x, p, u, ln((1+u)/2), ln(x/2), A(x), (A + ln(x/2)) / x^2."""
    Rs = jnp.maximum(Rs, 1e-7)
    x = scaled(R, Rs)
    u = jnp.sqrt(1 + x * x)
    small, logarithm = log1p(x * x / (2 * (1 + u))), log(x / 2)
    mean = (small / (x * x) + logarithm / (1 + u)) / u
    return x, Rs / jnp.maximum(r_core, 1e-7), u, small, logarithm, (small - logarithm) / u, mean


def cBurkPot(R, Rs, rho0, r_core):
    """Lensing potential [arcsec^2] at the projected radius R [arcsec]."""
    x, p, u, small, logarithm, A, mean = _parts(R, Rs, r_core)
    y = p * x
    far = arc_potential(y) - 2 * y * y * (arc(0, y) - arc_mean(y))
    near = (2 * logarithm - small) * small + 2 * x * x * (mean + A)
    middle = x * x / (1 + u) - small
    return 2 * rho0 * Rs**3 / (1 + p * p) * (far + p * (math.pi * middle + p * near) + _AT_CENTRE)


def mean_convergence(R, Rs, rho0, r_core):
    """Mean convergence inside the projected radius R [arcsec]."""
    x, p, u, _, _, A, mean = _parts(R, Rs, r_core)
    y = p * x
    inside = 2 * p * (arc_mean(y) - arc(0, y) + mean + A) + math.pi / (1 + u)
    return 2 * rho0 * Rs * p / (1 + p * p) * inside


def convergence(R, Rs, rho0, r_core):
    """Convergence at the projected radius R [arcsec]."""
    x, p, u, _, _, A, _ = _parts(R, Rs, r_core)
    return rho0 * Rs * p / (1 + p * p) * (math.pi / u + 2 * p * (A - arc(0, p * x)))


def alpha2rho0(alpha_Rs, Rs, r_core):
    """Density normalisation of the deflection alpha_Rs [arcsec] at the scale radius Rs [arcsec]."""
    return alpha_Rs / rho2alpha(1.0, Rs, r_core)


def rho2alpha(rho0, Rs, r_core):
    """Deflection [arcsec] at the scale radius Rs [arcsec] of the density normalisation rho0."""
    return Rs * mean_convergence(Rs, Rs, rho0, r_core)


def coreBurkAlpha(R, Rs, rho0, r_core, ax_x, ax_y):
    """Deflection [arcsec] at the position (ax_x, ax_y) of radius R."""
    mean = mean_convergence(R, Rs, rho0, r_core)
    return mean * ax_x, mean * ax_y


def cBurkGamma(R, Rs, rho0, r_core, ax_x, ax_y):
    """Shear gamma1, gamma2 at the position (ax_x, ax_y) of radius R."""
    return shear(convergence, mean_convergence, R, ax_x, ax_y, Rs, rho0, r_core)


def density(R, Rs, rho0, r_core):
    """3d density at radius R [arcsec]."""
    return rho0 * Rs**3 / ((r_core + R) * (Rs**2 + R**2))


def density_2d(x, y, Rs, rho0, r_core, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    return convergence(safe_hypot(x - center_x, y - center_y), Rs, rho0, r_core)


def mass_2d(R, Rs, rho0, r_core):
    """Mass inside the projected radius R [arcsec]."""
    return math.pi * R**2 * mean_convergence(R, Rs, rho0, r_core)


def mass_3d(R, Rs, rho0, r_core):
    """Mass inside the sphere of radius R [arcsec]."""
    b, c = r_core / Rs, R / Rs
    inside = log1p(c * c) / 2 + b * b * log1p(c / b) - b * arctan(c)
    return 4 * math.pi * Rs**3 * rho0 / (1 + b * b) * inside


def _of_alpha(function):
    """The function of rho0 as one of alpha_Rs."""

    def converted(r, Rs, alpha_Rs, r_core):
        return function(r, Rs, alpha2rho0(alpha_Rs, Rs, r_core), r_core)

    return converted


ROUND = Round(_of_alpha(cBurkPot), _of_alpha(mean_convergence), _of_alpha(convergence))


class CoreBurkert(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        RS(lower=1),
        Parameter("alpha_Rs", 0, 100, unit="arcsec"),
        Parameter("r_core", 0.5, 50, unit="arcsec"),
        *CENTRE,
    )
    kernel = centred(ROUND.kernel())
    cBurkPot = method(cBurkPot)
    cBurkGamma = method(cBurkGamma)
    coreBurkAlpha = method(coreBurkAlpha)
    _rho2alpha = method(rho2alpha)
    _alpha2rho0 = method(alpha2rho0)
    density = method(density)
    density_2d = method(density_2d)
    mass_2d = method(mass_2d)
    mass_3d = method(mass_3d)
