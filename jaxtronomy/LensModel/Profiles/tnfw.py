r"""Navarro-Frenk-White profile with a smooth truncation.

.. math::
    \rho(r) = \frac{\rho_0}{(r/R_s)(1 + r/R_s)^2}\,\frac{r_t^2}{r^2 + r_t^2}

Baltz, Marshall & Oguri 2009 (https://arxiv.org/abs/0705.0682), appendix A, n = 1. With :math:`x = r/R_s`,
:math:`\tau = r_t/R_s` and F of :mod:`jaxtronomy.core.special.arc`,

.. math::
    \kappa = 2\rho_0 R_s\frac{\tau^2}{(\tau^2+1)^2}\left[\frac{(\tau^2+1)(F-1)}{1-x^2} + 2F - \frac{\pi}{a}
    + \frac{\tau^2-1}{\tau a}L\right],\qquad a = \sqrt{\tau^2+x^2},\quad L = \ln\frac{x}{\tau+a}.

Deflection and potential are the paper's, ordered in terms that vanish at the centre one by one, so that nothing is lost
there. ``alpha_Rs`` is the deflection at Rs of the profile without truncation.
"""

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import arctan, log, log1p, safe_hypot
from jaxtronomy.core.special.arc import arc, arc_mean, arc_potential

from .base_profile import CENTRE, LensProfileBase, Parameter
from .nfw import ALPHA_RS, RS, alpha2rho0, rho02alpha, scaled, shear

__all__ = ["TNFW"]

R_TRUNC = Parameter("r_trunc", 0, 100, unit="arcsec")


class _Scaled(NamedTuple):
    """What the formulas are made of; ``w`` is (a - tau) / (tau x^2) and ``p`` is ln((tau + a) / (2 tau))."""

    x: jax.Array
    tau: jax.Array
    a: jax.Array
    w: jax.Array
    p: jax.Array
    L: jax.Array
    norm: jax.Array


def _scaled(R, Rs, r_trunc):
    x = scaled(R, Rs)
    tau = jnp.maximum(r_trunc / jnp.maximum(Rs, 1e-7), 1e-9)
    a = jnp.sqrt(tau * tau + x * x)
    w = 1 / (tau * (a + tau))
    p = log1p(x * x * w / 2)
    square = tau * tau
    return _Scaled(x, tau, a, w, p, log(x / (2 * tau)) - p, square / (square + 1) / (square + 1))


def tnfw_potential(R, Rs, rho0, r_trunc):
    """Lensing potential [arcsec^2] at the projected radius R [arcsec]."""
    x, tau, _, w, p, L, norm = _scaled(R, Rs, r_trunc)
    square = x * x
    same = arc_potential(x) - p * (2 * L + p + 2) + 2 * square * w * L
    h = (tau * tau - 1) * same + 4 * square * (arc(0, x) - arc_mean(x)) + 2 * math.pi * tau * (p - square * w)
    return 2 * rho0 * Rs**3 * norm * h


def mean_convergence(R, Rs, rho0, r_trunc):
    """Mean convergence inside the projected radius R [arcsec]."""
    x, tau, a, w, p, L, norm = _scaled(R, Rs, r_trunc)
    same = arc_mean(x) + w * L - p / (x * x)
    return 4 * rho0 * Rs * norm * ((tau * tau - 1) * same + 2 * arc(0, x) - math.pi / (a + tau))


def convergence(R, Rs, rho0, r_trunc):
    """Convergence at the projected radius R [arcsec]."""
    x, tau, a, _, _, L, norm = _scaled(R, Rs, r_trunc)
    square = tau * tau
    rest = 2 * arc(0, x) + ((square - 1) / tau * L - math.pi) / a
    return 2 * rho0 * Rs * norm * ((square + 1) * arc(1, x) + rest)


def tnfw_alpha(R, Rs, rho0, r_trunc, ax_x, ax_y):
    """Deflection [arcsec] at the position (ax_x, ax_y) of radius R."""
    mean = mean_convergence(R, Rs, rho0, r_trunc)
    return mean * ax_x, mean * ax_y


def tnfw_gamma(R, Rs, rho0, r_trunc, ax_x, ax_y):
    """Shear gamma1, gamma2 at the position (ax_x, ax_y) of radius R."""
    return shear(convergence, mean_convergence, R, ax_x, ax_y, Rs, rho0, r_trunc)


def F(x):
    """arccosh(1/x) / sqrt(1 - x^2) and its continuation beyond 1; 0 at x = 0."""
    return jnp.where(x > 0, arc(0, jnp.where(x > 0, x, 1.0)), 0.0)


def density(r, Rs, rho0, r_trunc):
    """3d density at radius r [arcsec]."""
    return r_trunc**2 / (r_trunc**2 + r**2) * rho0 / (r / Rs * (1 + r / Rs) ** 2)


def density_2d(x, y, Rs, rho0, r_trunc, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    return convergence(safe_hypot(x - center_x, y - center_y), Rs, rho0, r_trunc)


def mass_3d(r, Rs, rho0, r_trunc):
    """Mass inside the sphere of radius r [arcsec] (lenstronomy takes r_trunc in units of Rs here)."""
    x, tau = r / Rs, r_trunc / Rs
    square = tau * tau
    same = log1p(x) - log1p(x * x / square) / 2
    inside = (square - 1) * same + 2 * tau * arctan(x / tau) - (square + 1) * x / (1 + x)
    return 4 * math.pi * Rs**3 * rho0 * square / (square + 1) ** 2 * inside


def mass_2d(R, Rs, rho0, r_trunc):
    """Mass inside the projected radius R [arcsec]."""
    return math.pi * R**2 * mean_convergence(R, Rs, rho0, r_trunc)


def density_lens(r, Rs, alpha_Rs, r_trunc):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, Rs, alpha2rho0(alpha_Rs, Rs), r_trunc)


def mass_3d_lens(r, Rs, alpha_Rs, r_trunc):
    """Mass inside the sphere of radius r [arcsec]."""
    return mass_3d(r, Rs, alpha2rho0(alpha_Rs, Rs), r_trunc)


def _of_alpha(function):
    """The function of rho0 as one of alpha_Rs."""

    def converted(r, Rs, alpha_Rs, r_trunc):
        Rs = jnp.maximum(Rs, 1e-7)
        return function(r, Rs, alpha2rho0(alpha_Rs, Rs), r_trunc)

    return converted


ROUND = Round(_of_alpha(tnfw_potential), _of_alpha(mean_convergence), _of_alpha(convergence))


class TNFW(LensProfileBase):
    __doc__ = __doc__

    profile_name = "TNFW"
    parameters = (RS, ALPHA_RS, R_TRUNC, *CENTRE)
    kernel = centred(ROUND.kernel())
    F = method(F)
    tnfw_potential = method(tnfw_potential)
    tnfw_alpha = method(tnfw_alpha)
    tnfw_gamma = method(tnfw_gamma)
    density = staticmethod(elementwise(density))
    density_2d = method(density_2d)
    mass_3d = method(mass_3d)
    mass_2d = method(mass_2d)
    alpha2rho0 = staticmethod(elementwise(alpha2rho0))
    rho02alpha = staticmethod(elementwise(rho02alpha))
