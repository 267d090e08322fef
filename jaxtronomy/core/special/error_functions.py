r"""Faddeeva function :math:`w(z) = e^{-z^2} \mathrm{erfc}(-iz)` on pairs of real numbers.

In the first quadrant by the trapezoidal and midpoint rules for
:math:`w(z) = \frac{iz}{\pi}\int e^{-t^2} dt/(z^2 - t^2)`, with the residue of the pole put back (Al Azah &
Chandler-Wilde 2021, SIAM J. Numer. Anal. 59, 2346): twelve terms reach rounding everywhere.  The other quadrants
follow by symmetry (DLMF 7.4.3), and derivatives from :math:`w' = -2zw + 2i/\sqrt\pi`.
"""

import math

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from ..numerics import sincos
from .incomplete_gamma import _promote

__all__ = ["dawson", "erfcx", "erfi", "faddeeva", "wofz"]

_N = 12
_STEP = math.sqrt(math.pi / _N)
_ASYMPTOTIC_FROM, _ASYMPTOTIC_TERMS = 64.0, 20


def _first_quadrant(x, y):
    """``w`` for ``x >= 0`` and ``y >= 0``."""
    phase = x / _STEP
    phase = phase - jnp.floor(phase)
    # the rule whose nodes are not near x
    midpoint = jnp.abs(phase - 0.5) >= 0.25
    steep = y >= jnp.maximum(x, math.pi / _STEP)
    midpoint = midpoint | steep
    offset = jnp.where(midpoint, 0.5, 0.0)
    u, v = (x - y) * (x + y), 2 * x * y
    real, imag = jnp.zeros_like(x), jnp.zeros_like(x)
    for k in range(_N):
        t_mid, t_trap = (k + 0.5) * _STEP, k * _STEP
        c = jnp.where(midpoint, math.exp(-(t_mid**2)), (0.5 if k == 0 else 1.0) * math.exp(-(t_trap**2)))
        d = u - ((k + offset) * _STEP) ** 2
        scale = c / (d * d + v * v)
        real, imag = real + scale * d, imag - scale * v
    # times 2 i h z / pi
    real, imag = -(x * imag + y * real) * (2 * _STEP / math.pi), (x * real - y * imag) * (2 * _STEP / math.pi)
    # 2 exp(-z**2) E / (E +- 1), E = exp(2 i pi z / h)
    pole = ~steep
    sign = jnp.where(midpoint, 1.0, -1.0)
    turn = 2 * math.pi / _STEP
    safe_y = jnp.where(pole, y, 0.0)
    safe_x = jnp.where(pole, x, 0.0)
    size = jnp.exp(-turn * safe_y)
    s1, c1 = sincos(turn * safe_x)
    s2, c2 = sincos(turn * safe_x - 2 * safe_x * safe_y)
    amplitude = 2 * jnp.exp((safe_y - safe_x) * (safe_y + safe_x) - turn * safe_y)
    p, q = size * c1 + sign, size * s1
    norm = amplitude / (p * p + q * q)
    real = real + jnp.where(pole, norm * (c2 * p + s2 * q), 0.0)
    imag = imag + jnp.where(pole, norm * (s2 * p - c2 * q), 0.0)
    return real, imag


@jax.custom_jvp
def _faddeeva(x, y):
    a, b = jnp.abs(x), jnp.abs(y)
    real, imag = _first_quadrant(a, b)
    # w(-conj(z)) = conj(w(z)), and w(-z) = 2 exp(-z**2) - w(z)
    below = y < 0
    safe_a, safe_b = jnp.where(below, a, 0.0), jnp.where(below, b, 0.0)
    size = 2 * jnp.exp((safe_b - safe_a) * (safe_b + safe_a))
    s, c = sincos(2 * safe_a * safe_b)
    real, imag = jnp.where(below, size * c - real, real), jnp.where(below, size * s + imag, imag)
    return real, jnp.where(x < 0, -imag, imag)


def _slope(x, y, real, imag):
    """``w' = -2 z w + 2i/sqrt(pi)``, by the asymptotic series where these cancel."""
    u, v = (x - y) * (x + y), 2 * x * y
    size = x * x + y * y
    far = (size > _ASYMPTOTIC_FROM) & (y >= 0)
    norm = 1 / jnp.where(far, size, 1.0)
    # s = 1/z**2; w' = -i s/sqrt(pi) (1 + 3 s/2 (1 + 5 s/2 (1 + ...)))
    s_re, s_im = u * norm * norm, -v * norm * norm
    p, q = jnp.ones_like(x), jnp.zeros_like(x)
    for k in range(_ASYMPTOTIC_TERMS, 0, -1):
        c = k + 0.5
        p, q = 1 + c * (s_re * p - s_im * q), c * (s_re * q + s_im * p)
    p, q = s_re * p - s_im * q, s_re * q + s_im * p
    near = -2 * (x * real - y * imag), 2 / math.sqrt(math.pi) - 2 * (x * imag + y * real)
    return jnp.where(far, q / math.sqrt(math.pi), near[0]), jnp.where(far, -p / math.sqrt(math.pi), near[1])


@_faddeeva.defjvp
def _faddeeva_jvp(primals, tangents):
    (x, y), (dx, dy) = primals, tangents
    real, imag = _faddeeva(x, y)
    p, q = _slope(x, y, real, imag)
    return (real, imag), (p * dx - q * dy, q * dx + p * dy)


def faddeeva(x: ArrayLike, y: ArrayLike) -> tuple[jax.Array, jax.Array]:
    """Real and imaginary part of ``w(x + i y)``.

    :param x: real part
    :param y: imaginary part; below zero ``w`` grows like ``2 exp(y**2 - x**2)``
    """
    x, y = jnp.broadcast_arrays(*_promote(x, y))
    return _faddeeva(x, y)


def wofz(z: ArrayLike) -> jax.Array:
    """Faddeeva function of a complex argument, as ``scipy.special.wofz``."""
    z = jnp.asarray(z)
    real, imag = faddeeva(z.real, z.imag)
    return real + 1j * imag


def erfcx(x: ArrayLike) -> jax.Array:
    """Scaled complementary error function ``exp(x**2) erfc(x)``."""
    (x,) = _promote(x)
    return _faddeeva(jnp.zeros_like(x), x)[0]


def dawson(x: ArrayLike) -> jax.Array:
    """Dawson's integral ``exp(-x**2) int_0^x exp(t**2) dt``."""
    (x,) = _promote(x)
    return math.sqrt(math.pi) / 2 * _faddeeva(x, jnp.zeros_like(x))[1]


def erfi(x: ArrayLike) -> jax.Array:
    """Imaginary error function ``-i erf(i x)``."""
    (x,) = _promote(x)
    return jnp.exp(x * x) * _faddeeva(x, jnp.zeros_like(x))[1]
