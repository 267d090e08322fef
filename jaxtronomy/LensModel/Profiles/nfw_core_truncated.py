r"""NFW-like profile with a core and a truncation.

.. math::
    \rho(r) = \frac{\rho_0 R_s^3}{\sqrt{r^2 + r_c^2}\,(R_s^2 + r^2)}\,\frac{r_t^2}{r^2 + r_t^2}

With :math:`x = r/R_s`, :math:`\beta = r_c/R_s`, :math:`\tau = r_t/R_s` and F of :mod:`jaxtronomy.core.special.arc`,

.. math::
    \kappa = 2\rho_0 R_s\frac{\tau^2}{\tau^2-1}\left[u(1) - u(\tau)\right], \qquad
    u(t) = \frac{1}{t^2+x^2} F\left(\sqrt{\frac{\beta^2+x^2}{t^2+x^2}}\right).

Masses are in closed form too. All are differences of one function at two scales; where r_trunc is close to Rs the
difference quotient is the integral of the slope. There is no closed form of the potential.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import lax

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import safe_hypot, safe_sqrt
from jaxtronomy.core.special.arc import arc
from jaxtronomy.core.special.quadrature import gauss_legendre, integrate

from .base_profile import CENTRE, LensProfileBase, Parameter
from .nfw import ALPHA_RS, RS, shear

__all__ = ["TNFWC"]

NEAR = 0.02
RULE = gauss_legendre(4)


def _quotient(function: Callable, square, *rest):
    """(function(square) - function(1)) / (square - 1) for a scale squared, through 1."""

    def away(square, *rest):
        return (function(square, *rest) - function(jnp.ones_like(square), *rest)) / (square - 1)

    def mixed(square, *rest):
        near = jnp.abs(square - 1) < NEAR

        def slope(t):
            at = 1 + t * (square - 1)
            return jax.jvp(lambda s: function(s, *rest), (at,), (jnp.ones_like(at),))[1]

        average = integrate(slope, RULE, square.dtype, block=1)
        return jnp.where(near, average, away(jnp.where(near, 2.0, square), *rest))

    return lax.cond(jnp.any(jnp.abs(square - 1) < NEAR), mixed, away, square, *rest)


def _continued(square):
    """artanh(z)/z as a function of z^2, which may be negative."""
    return arc(0, jnp.sqrt(jnp.maximum(1 - square, 1e-30)))


def _surface(square, x, core):
    """u(t) of the squares of t, x and beta."""
    return arc(0, jnp.sqrt((core + x) / (square + x))) / (square + x)


def _enclosed(square, x, core):
    """(F(x) - F(0)) / x^2 of the argument above, from the addition theorem of artanh: without loss at small x."""
    t = jnp.sqrt(square)
    hypotenuse = jnp.sqrt(square + x)
    total = hypotenuse + t
    ratio = 1 / (core * total + t * x)
    centre = arc(0, jnp.sqrt(core / square))
    return centre / (total * t) - hypotenuse * ratio * _continued((square - core) * (x * ratio) ** 2)


def _sphere(square, x, core):
    """artanh(z)/z with z^2 = x^2 (t^2 - beta^2) / (t^2 (x^2 + beta^2))."""
    return _continued(x * (square - core) / (square * (x + core)))


def _scaled(Rs, r_core, r_trunc):
    """Rs, beta^2 and tau^2."""
    Rs = jnp.maximum(Rs, 1e-8)
    return Rs, (jnp.maximum(r_core, 1e-9) / Rs) ** 2, (jnp.maximum(r_trunc, 1e-9) / Rs) ** 2


def _g(x, core, square):
    """Mean convergence over 4 rho0 Rs at x^2."""
    return -square * _quotient(_enclosed, square, x, core)


def alpha2rho0(alpha_Rs, Rs, r_core, r_trunc):
    """Density normalisation of the deflection alpha_Rs [arcsec] at the scale radius Rs [arcsec]."""
    Rs, core, square = _scaled(Rs, r_core, r_trunc)
    return alpha_Rs / (4 * Rs**2 * _g(jnp.ones_like(core), core, square))


def rho02alpha(rho0, Rs, r_core, r_trunc):
    """Deflection [arcsec] at the scale radius Rs [arcsec] of the density normalisation rho0."""
    return Rs * mean_convergence(Rs, Rs, rho0, r_core, r_trunc)


def mean_convergence(R, Rs, rho0, r_core, r_trunc):
    """Mean convergence inside the projected radius R [arcsec]."""
    Rs, core, square = _scaled(Rs, r_core, r_trunc)
    return 4 * rho0 * Rs * _g((R / Rs) ** 2, core, square)


def convergence(R, Rs, rho0, r_core, r_trunc):
    """Convergence at the projected radius R [arcsec]."""
    Rs, core, square = _scaled(Rs, r_core, r_trunc)
    return -2 * rho0 * Rs * square * _quotient(_surface, square, (R / Rs) ** 2, core)


def nfw_alpha(R, Rs, rho0, r_core, r_trunc, ax_x, ax_y):
    """Deflection [arcsec] at the position (ax_x, ax_y) of radius R."""
    mean = mean_convergence(R, Rs, rho0, r_core, r_trunc)
    return mean * ax_x, mean * ax_y


def nfw_gamma(R, Rs, rho0, r_core, r_trunc, ax_x, ax_y):
    """Shear gamma1, gamma2 at the position (ax_x, ax_y) of radius R."""
    return shear(convergence, mean_convergence, R, ax_x, ax_y, Rs, rho0, r_core, r_trunc)


def density(R, Rs, rho0, r_core, r_trunc):
    """3d density at radius R [arcsec]."""
    Rs, core, square = _scaled(Rs, r_core, r_trunc)
    x = (R / Rs) ** 2
    return rho0 / (jnp.sqrt(core + x) * (1 + x) * (1 + x / square))


def density_2d(x, y, Rs, rho0, r_core, r_trunc, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    return convergence(safe_hypot(x - center_x, y - center_y), Rs, rho0, r_core, r_trunc)


def mass_3d(r, Rs, rho0, r_core, r_trunc):
    """Mass inside the sphere of radius r [arcsec]."""
    Rs, core, square = _scaled(Rs, r_core, r_trunc)
    x = (r / Rs) ** 2
    return 4 * math.pi * rho0 * Rs**3 * square * safe_sqrt(x / (x + core)) * _quotient(_sphere, square, x, core)


def mass_2d(R, Rs, rho0, r_core, r_trunc):
    """Mass inside the projected radius R [arcsec]."""
    return math.pi * R**2 * mean_convergence(R, Rs, rho0, r_core, r_trunc)


def density_lens(r, Rs, alpha_Rs, r_core, r_trunc):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, Rs, alpha2rho0(alpha_Rs, Rs, r_core, r_trunc), r_core, r_trunc)


def mass_3d_lens(r, Rs, alpha_Rs, r_core, r_trunc):
    """Mass inside the sphere of radius r [arcsec]."""
    return mass_3d(r, Rs, alpha2rho0(alpha_Rs, Rs, r_core, r_trunc), r_core, r_trunc)


def _of_alpha(function):
    """The function of rho0 as one of alpha_Rs."""

    def converted(r, Rs, alpha_Rs, r_core, r_trunc):
        return function(r, Rs, alpha2rho0(alpha_Rs, Rs, r_core, r_trunc), r_core, r_trunc)

    return converted


ROUND = Round(None, _of_alpha(mean_convergence), _of_alpha(convergence))


class TNFWC(LensProfileBase):
    __doc__ = __doc__

    profile_name = "TNFWC"
    parameters = (
        RS,
        ALPHA_RS,
        Parameter("r_core", 1e-5, 1000, unit="arcsec"),
        Parameter("r_trunc", 0.001, 1000, unit="arcsec"),
        *CENTRE,
    )
    kernel = centred(ROUND.kernel())
    function = LensProfileBase.function
    nfw_alpha = method(nfw_alpha)
    nfw_gamma = method(nfw_gamma)
    density = staticmethod(elementwise(density))
    density_2d = method(density_2d)
    density_lens = method(density_lens)
    mass_3d = method(mass_3d)
    mass_3d_lens = method(mass_3d_lens)
    mass_2d = method(mass_2d)
    alpha2rho0 = method(alpha2rho0)
    rho02alpha = method(rho02alpha)


# the order in which lenstronomy samples the parameters is not that of its arguments
TNFWC.param_names = ["Rs", "alpha_Rs", "center_x", "center_y", "r_trunc", "r_core"]
