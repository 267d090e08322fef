r"""Incomplete gamma functions and their relatives, with derivatives in both arguments.

Below :math:`x_0 = \max(a + 1, 4)` the series (DLMF 8.7.1)
:math:`\gamma(a, x) = \frac{x^a e^{-x}}{a} \sum_k x^k / (a+1)_k`, all of whose terms are positive; above it the
continued fraction (DLMF 8.9.2) of :math:`\Gamma(a, x)` by its forward recurrence.  The numbers of terms reach
rounding for ``a`` up to 25.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.scipy.special import digamma, erf, erfc, gamma, gammaln
from jax.typing import ArrayLike

from ..numerics import expm1, log, polynomial, power
from .derivatives import nested_series, with_partials

__all__ = [
    "beta",
    "digamma",
    "ein",
    "erf",
    "erfc",
    "exp1",
    "gamma",
    "gammainc",
    "gammaincc",
    "gammaln",
    "hyp2f2_sersic",
    "upper_gamma",
]

EULER_GAMMA = 0.5772156649015329
_SERIES_TERMS, _FRACTION_LEVELS = 56, 30


def _promote(*arguments):
    dtype = jnp.result_type(*arguments, 1.0)
    return tuple(jnp.asarray(a, dtype) for a in arguments)


def _lower_sum(a, x):
    """``a x**-a exp(x) gamma(a, x)``."""
    return nested_series(lambda k: 1 / (a + 1 + k), x, _SERIES_TERMS)


def _upper_fraction(a, x, levels=_FRACTION_LEVELS):
    """``x**(1-a) exp(x) Gamma(a, x)``: the continued fraction in ``1/x``, so that nothing overflows."""
    y = 1 / x
    square = y * y

    def level(state, row):
        top, top_before, bottom, bottom_before = state
        b, c = 1 + row[0] * y, row[1] * square
        return (b * top + c * top_before, top, b * bottom + c * bottom_before, bottom), None

    one = jnp.ones_like(a * y)
    rows = jax.vmap(lambda n: (2 * n + 1 - a, n * (a - n)))(jnp.arange(1, levels, dtype=x.dtype))
    (top, _, bottom, _), _ = lax.scan(level, (one, 0 * one, 1 + (1 - a) * y, one), rows, unroll=True)
    return top / bottom


def _split(a, x):
    """Where the series serves, and an argument for it and for the fraction that is harmless elsewhere."""
    edge = jnp.maximum(a + 1, 4.0)
    lower = x < edge
    return lower, jnp.where(lower, x, edge), jnp.where(lower, edge, x)


def _gamma_density(_, a, x):
    """``d/dx`` of the regularised lower function; infinite slopes at ``x = 0`` are left to ``power``."""
    return power(x, a - 1) * jnp.exp(-x) / gamma(a)


@with_partials(None, _gamma_density)
def _gammainc(a, x):
    lower, below, above = _split(a, x)
    series = power(below, a) * jnp.exp(-below) * _lower_sum(a, below) / gamma(a + 1)
    return jnp.where(lower, series, 1 - _upper_regularised(a, above))


@with_partials(None, lambda *arguments: -_gamma_density(*arguments))
def _gammaincc(a, x):
    lower, below, above = _split(a, x)
    series = power(below, a) * jnp.exp(-below) * _lower_sum(a, below) / gamma(a + 1)
    return jnp.where(lower, 1 - series, _upper_regularised(a, above))


def _upper_regularised(a, x):
    x = jnp.minimum(x, 800.0)  # nothing is left beyond, and infinity stays out of the fraction
    return power(x, a - 1) * jnp.exp(-x) * _upper_fraction(a, x) / gamma(a)


def gammainc(a: ArrayLike, x: ArrayLike) -> jax.Array:
    r"""Regularised lower incomplete gamma function :math:`P(a, x) = \gamma(a, x)/\Gamma(a)`.

    :param a: exponent, above 0 and up to 25; scalar or of the shape of ``x``
    :param x: upper limit, not negative
    """
    return _gammainc(*_promote(a, x))


def gammaincc(a: ArrayLike, x: ArrayLike) -> jax.Array:
    r"""Regularised upper incomplete gamma function :math:`Q(a, x) = \Gamma(a, x)/\Gamma(a)`; see :func:`gammainc`."""
    return _gammaincc(*_promote(a, x))


def upper_gamma(a: ArrayLike, x: ArrayLike) -> jax.Array:
    r"""Upper incomplete gamma function :math:`\Gamma(a, x) = \int_x^\infty t^{a-1} e^{-t} dt`, ``a`` up to 25."""
    a, x = _promote(a, x)
    return gamma(a) * _gammaincc(a, x)


def beta(a: ArrayLike, b: ArrayLike) -> jax.Array:
    """Euler's beta function, also for negative arguments (not whole numbers)."""
    a, b = _promote(a, b)
    return gamma(a) * (gamma(b) / gamma(a + b))


def _scaled_lower(a, x):
    """``x**-a gamma(a, x)``, regular at zero."""
    lower, below, above = _split(a, x)
    series = jnp.exp(-below) * _lower_sum(a, below) / a
    capped = jnp.minimum(above, 800.0)
    rest = power(above, -a) * gamma(a) - jnp.exp(-capped) / capped * _upper_fraction(a, capped)
    return jnp.where(lower, series, rest)


@with_partials(None, lambda _, a, x: -((a / (a + 1)) ** 2) * _hyp2f2_sersic(a + 1, x))
def _hyp2f2_sersic(a, x):
    return -(a**2) * jax.jvp(lambda a: _scaled_lower(a, x), (a,), (jnp.ones_like(a),))[1]


def hyp2f2_sersic(a: ArrayLike, x: ArrayLike) -> jax.Array:
    r"""Generalised hypergeometric function :math:`{}_2F_2(a, a; a+1, a+1; -x)` for ``x >= 0``, ``a`` up to 24.

    Integrating the Sersic profile's enclosed mass brings it in; it is
    :math:`-a^2\, \partial_a [x^{-a} \gamma(a, x)]`.
    """
    return _hyp2f2_sersic(*_promote(a, x))


# H_k / k!, of which Ein(x) exp(x) / x is the power series, as plain numbers so that float32 stays float32
_EIN = (np.cumsum(1 / np.arange(1, 37)) / np.cumprod(np.arange(1.0, 37))).tolist()


def _mean_decay(x):
    """``(1 - exp(-x)) / x``."""
    small = jnp.abs(x) < 0.5
    inner, outer = jnp.where(small, x, 0.0), jnp.where(small, 1.0, x)
    series = jnp.ones_like(x)
    for k in range(13, 1, -1):
        series = 1 - inner / k * series
    return jnp.where(small, series, -expm1(-outer) / outer)


@with_partials(lambda _, x: _mean_decay(x))
def _ein(x):
    lower, below, above = _split(jnp.zeros_like(x), x)
    capped = jnp.minimum(above, 800.0)
    large = jnp.exp(-capped) / capped * _upper_fraction(jnp.zeros_like(x), capped)
    return jnp.where(lower, below * jnp.exp(-below) * polynomial(below, _EIN), large + log(above) + EULER_GAMMA)


def ein(x: ArrayLike) -> jax.Array:
    r"""Entire exponential integral :math:`\mathrm{Ein}(x) = \int_0^x (1 - e^{-t})\, dt/t` for ``x >= 0`` (DLMF 6.2.3).

    Below 4 by the positive series :math:`e^{-x} \sum_k H_k x^k/k!` (DLMF 6.6.5), above as
    :math:`E_1(x) + \ln x + \gamma`.
    """
    return _ein(*_promote(x))


@with_partials(lambda _, x: -jnp.exp(-x) / x)
def _exp1(x):
    small = x < 2.5
    below, above = jnp.where(small, x, 1.0), jnp.where(small, 2.5, jnp.minimum(x, 800.0))
    large = jnp.exp(-above) / above * _upper_fraction(jnp.zeros_like(x), above, 48)
    return jnp.where(small, _ein(below) - log(below) - EULER_GAMMA, large)


def exp1(x: ArrayLike) -> jax.Array:
    r"""Exponential integral :math:`E_1(x) = \int_x^\infty e^{-t}\, dt/t` for ``x > 0``."""
    return _exp1(*_promote(x))
