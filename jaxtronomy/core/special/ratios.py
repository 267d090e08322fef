"""Quotients of elementary functions that are regular where they are 0/0, and the dilogarithm that integrates one."""

import math

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from ..numerics import expm1, log, log1p, polynomial
from .derivatives import with_partials

__all__ = ["decay_ratio", "dilogarithm", "log1p_ratio"]

# B_2k / (2k + 1)!, of the series of the dilogarithm in ln(1 + v)
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
_DEBYE = [b / math.factorial(2 * k + 3) for k, b in enumerate(_BERNOULLI)]


def _decay_slope(value, t):
    """Slope of the ratio: the series term by term near zero, where the closed form cancels."""
    small = jnp.abs(t) < 0.03
    safe = jnp.where(small, 1.0, t)
    series = 1.0
    for k in range(6, 0, -1):
        series = 1 - t * ((k + 1) / (k * (k + 2))) * series
    return jnp.where(small, -series / 2, (jnp.exp(-safe) - value) / safe)


@with_partials(_decay_slope)
def _decay_ratio(t):
    zero = t == 0
    return jnp.where(zero, 1.0, -expm1(-t) / jnp.where(zero, 1.0, t))


def decay_ratio(t: ArrayLike) -> jax.Array:
    """``(1 - exp(-t)) / t``."""
    return _decay_ratio(jnp.asarray(t, jnp.result_type(t, float)))


def log1p_ratio(v: ArrayLike) -> jax.Array:
    """``log(1 + v) / v``."""
    small = jnp.abs(v) < 1e-3
    safe = jnp.where(small, 1.0, v)
    series = 1 - v * (1 / 2 - v * (1 / 3 - v * (1 / 4 - v * (1 / 5 - v / 6))))
    return jnp.where(small, series, log1p(safe) / safe)


@with_partials(lambda _, v: log1p_ratio(v))
def _dilogarithm(v):
    large = v > 1
    u = log1p(jnp.where(large, 1 / jnp.where(large, v, 1.0), v))
    square = u * u
    value = u * (1 + u / 4 + square * polynomial(square, _DEBYE))
    logarithm = log(jnp.where(large, v, 1.0))
    return jnp.where(large, math.pi**2 / 6 + logarithm * logarithm / 2 - value, value)


def dilogarithm(v: ArrayLike) -> jax.Array:
    r""":math:`-\mathrm{Li}_2(-v) = \int_0^v \ln(1+t)\,dt/t` for ``v >= 0``.

    The series in :math:`\ln(1+v)` (DLMF 24.2.1 integrated), after inversion (DLMF 25.12.4) for ``v > 1``.
    """
    return _dilogarithm(jnp.asarray(v, jnp.result_type(v, float)))
