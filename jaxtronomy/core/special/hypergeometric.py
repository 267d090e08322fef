r"""Hypergeometric functions of a real argument below one, with derivatives in every argument.

The profiles need mostly :math:`{}_2F_1(a, b; b+1; z)`, an incomplete beta function.  With

.. math::
    I(w; p, q) = \int_0^w u^{p-1} (1-u)^{q-1} du

it is :math:`p\,|z|^{-p}\, I` of ``w = -z/(1-z)``, ``q = a - p`` for negative ``z`` and of ``w = z``, ``q = 1 - a`` for
positive ``z`` (DLMF 8.17).  Series in ``w`` and in ``1 - w`` meet at one half; whole numbers, where the second
series has a logarithm, are no special case because each pole is divided out of its term.

The general :math:`{}_2F_1` is Euler's integral (DLMF 15.6.1) by the trapezoidal rule in the logit of its variable,
where the integrand is analytic in a strip of half-width pi whatever ``z`` is.
"""

from operator import itemgetter

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from ..numerics import expm1, log, log1p, power
from .derivatives import nested_series, with_partials
from .incomplete_gamma import _promote
from .quadrature import _INWARD, integrate

__all__ = ["betainc", "hyp2f1", "hyp2f1_next", "hyp3f2_ones"]

_TERMS, _POLES = 64, 3


def _decay_ratio(u):
    """``(1 - exp(-u)) / u``, without loss where ``u`` is small."""
    small = jnp.abs(u) < 1e-3
    safe = jnp.where(small, 1.0, u)
    return jnp.where(small, 1 - u / 2 * (1 - u / 3 * (1 - u / 4 * (1 - u / 5))), -expm1(-safe) / safe)


def _series_from_zero(w, p, qs, pick):
    """``p w**-p I(w; p, q)`` for ``w`` up to one half, where ``pick`` chooses one of the ``qs``."""

    def ratio(k):
        common = (p + k) / ((k + 1) * (p + k + 1))
        return tuple((1 - q + k) * common for q in qs)

    return nested_series(ratio, w, _TERMS, pick)


def _series_from_one(y, p, qs, pick):
    """``I(1/2; p, q)`` to ``I(1 - y; p, q)``, for ``y`` up to one half and ``q`` above -2.5."""
    span = -log(2 * y)
    exponent = pick(qs) * span
    half = pick(tuple(power(0.5, q) for q in qs))
    total, coefficient = jnp.zeros_like(y), jnp.ones_like(p)
    for k in range(_POLES):
        total = total + coefficient * 0.5**k * span * _decay_ratio(exponent + k * span)
        coefficient = coefficient * (k + 1 - p) / (k + 1)

    def ratio(k):
        common = (_POLES + 1 - p + k) / (_POLES + 1 + k)
        return tuple(common * (q + _POLES + k) / (q + _POLES + k + 1) for q in qs)

    series = nested_series(ratio, y, _TERMS, pick) * y**_POLES / pick(tuple(q + _POLES for q in qs))
    middles = tuple(
        nested_series(lambda k, i=i: ratio(k)[i], jnp.full_like(p, 0.5), _TERMS) * 0.5**_POLES / (q + _POLES)
        for i, q in enumerate(qs)
    )
    # y**q is half exp(-exponent)
    tail = pick(middles) - jnp.exp(-exponent) * series
    return half * (total + coefficient * tail)


def _next_slope(value, a, p, z):
    """From ``d/dz z**p F = p z**(p-1) (1-z)**-a``; near zero by the function with all parameters raised."""
    small = jnp.abs(z) < 0.5
    inner, outer = jnp.where(small, z, 0.0), jnp.where(small, 1.0, z)
    raised = a * p / (p + 1) * _hyp2f1_next(a + 1, p + 1, inner)
    return jnp.where(small, raised, p * (power(1 - jnp.where(small, 0.0, z), -a) - value) / outer)


@with_partials(None, None, _next_slope)
def _hyp2f1_next(a, p, z):
    negative = z < 0
    y = jnp.where(negative, 1 / (1 - z), 1 - z)
    w = jnp.where(negative, -z * y, z)
    qs = (a - p, 1 - a)

    def pick(pair):
        return jnp.where(negative, *pair)

    near = w <= 0.5
    scale = jnp.where(negative & near, power(jnp.where(near, y, 1.0), p), 1.0)
    from_zero = scale * _series_from_zero(jnp.where(near, w, 0.0), p, qs, pick)
    halves = tuple(_series_from_zero(jnp.full_like(p, 0.5), p, (q,), itemgetter(0)) for q in qs)
    far = power(0.5, p) * pick(halves) + p * _series_from_one(jnp.where(near, 0.5, y), p, qs, pick)
    return jnp.where(near, from_zero, power(jnp.where(near, 1.0, jnp.abs(z)), -p) * far)


def hyp2f1_next(a: ArrayLike, b: ArrayLike, z: ArrayLike) -> jax.Array:
    r"""Gauss hypergeometric function :math:`{}_2F_1(a, b; b+1; z)` for ``z < 1``.

    :param a: first parameter; above ``b - 2.5`` where ``z < -1``, below 3.5 where ``z > 1/2``
    :param b: second parameter, above 0 (to full accuracy up to 5); both parameters scalars or of the shape of ``z``
    :param z: argument, below 1
    """
    return _hyp2f1_next(*_promote(a, b, z))


def betainc(a: ArrayLike, b: ArrayLike, x: ArrayLike) -> jax.Array:
    r"""Incomplete beta function :math:`B_x(a, b) = \int_0^x u^{a-1}(1-u)^{b-1} du`, *not* regularised.

    :param a: first exponent, above 0
    :param b: second exponent, above -2.5; not positive only where ``x < 1``
    :param x: upper limit, 0 to 1
    """
    a, b, x = _promote(a, b, x)
    return power(x, a) / a * _hyp2f1_next(1 - b, a, x)


def _logit_rule(step=0.39, reach=35.1, bend=4.0, strength=0.027):
    """Trapezoidal rule in the logit ``s`` of the unit interval: even to ``|s|`` of 20, then wider and wider, to 120."""
    v = np.arange(-reach, reach + step / 2, step)
    s = v + strength * np.sinh(v / bend)
    weight = step * (1 + strength / bend * np.cosh(v / bend))
    log_t, log_rest = -np.logaddexp(0, -s), -np.logaddexp(0, s)
    return np.stack([log_t, log_rest]), weight


_LOGIT = _logit_rule()


@with_partials(None, None, None, lambda _, a, b, c, z: a * b / c * _euler(a + 1, b + 1, c + 1, z))
def _euler(a, b, c, z):
    complement = 1 - z

    def terms(log_t, log_rest):
        weight = jnp.exp(b * log_t + (c - b) * log_rest)
        # 1 - z t, of which no part is negative
        return weight * power(complement * jnp.exp(log_t) + jnp.exp(log_rest), -a), weight

    top, bottom = integrate(terms, _LOGIT, z.dtype)
    return top / bottom


def hyp2f1(a: ArrayLike, b: ArrayLike, c: ArrayLike, z: ArrayLike) -> jax.Array:
    r"""Gauss hypergeometric function :math:`{}_2F_1(a, b; c; z)` for ``z < 1`` and ``c > b > 0`` or ``c > a > 0``.

    NaN where neither holds.  For ``c = b + 1``, :func:`hyp2f1_next` is fifteen times faster.

    :param a, b, c: parameters, scalars or of the shape of ``z``; ``b`` and ``c - b`` (or ``a`` and ``c - a``) above 0.3
        for full accuracy
    :param z: argument, below 1; to full accuracy from -1e8 to ``1 - 1e-8``
    """
    a, b, c, z = _promote(a, b, c, z)
    direct = (b > 0) & (c > b)
    a, b = jnp.where(direct, a, b), jnp.where(direct, b, a)
    return _euler(a, jnp.where((b > 0) & (c > b), b, jnp.nan), c, z)


def _binomial_ratio(a, t):
    """``2F1(1, a; 2; -t) = (1 - (1+t)**(1-a)) / ((a-1) t)``, regular at ``t = 0`` and at ``a = 1``."""
    span = log1p(t)
    zero = t == 0
    return jnp.where(zero, 1.0, span / jnp.where(zero, 1.0, t)) * _decay_ratio((a - 1) * span)


def hyp3f2_ones(a: ArrayLike, x: ArrayLike) -> jax.Array:
    r"""Generalised hypergeometric function :math:`{}_3F_2(1, 1, a; 2, 2; -x)` for ``x >= 0``.

    By :math:`\int_0^1 {}_2F_1(1, a; 2; -x u)\, du`, the integrand being elementary.
    """
    a, x = _promote(a, x)
    return _hyp3f2_ones(a, x)


@with_partials(None, None)
def _hyp3f2_ones(a, x):
    return integrate(lambda _, u: u * _binomial_ratio(a, x * u), _INWARD, x.dtype)
