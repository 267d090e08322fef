r"""The functions that NFW-like profiles project to.

.. math::
    F(x) = \frac{\mathrm{arccosh}(1/x)}{\sqrt{1-x^2}}\ (x < 1), \qquad \frac{\arccos(1/x)}{\sqrt{x^2-1}}\ (x > 1)

is one function, analytic in :math:`u = 1 - x^2` through x = 1, where :math:`F = \sum_k u^k/(2k+1)`; it is Carlson's
:math:`R_C(1, x^2)` (Carlson 1979, Numer. Math. 33, 1). Halving the angle twice,
:math:`F(x) = \frac{2}{1+x} F\left(\sqrt{2x/(1+x)}\right)`, leaves a short polynomial and no branch at x = 1; for
small x, :math:`F = -\ln(x/2)/\sqrt u` plus a polynomial in x^2. The coefficients are Chebyshev fits, good to one unit
in the last place.
"""

from functools import partial

import jax
import jax.numpy as jnp

from jaxtronomy.core.numerics import apart, log, polynomial

__all__ = ["arc", "arc_mean", "arc_potential"]

_SPLIT = 0.35  # below, polynomials in x^2; above, one in the twice halved angle
_NEAR, _TERMS = 0.1, 16  # |u| where remainders of the series are summed, and the terms: 0.1^16 / 33 is below rounding

# (artanh(sqrt v)/sqrt v - 1) / v
_OUTER = (
    0.3333333333333333,
    0.20000000000000034,
    0.14285714285713663,
    0.11111111111063475,
    0.09090909091288299,
    0.07692307710957492,
    0.06666666582771788,
    0.058823497171201715,
    0.05263166312144553,
    0.04762191053712802,
    0.04347436881800825,
    0.039864023371491586,
    0.037095725797038806,
    0.037749321346604754,
    0.03326669601056346,
)
# ln((1 + s)/2) / (s x^2) and (1/s - 1) / x^2 with s = sqrt(1 - x^2), in x^2
_INNER = (
    -0.25,
    -0.2187499999999812,
    -0.19270833333945717,
    -0.17350260339041448,
    -0.15888676908072547,
    -0.1473532459079025,
    -0.13802510377547442,
    -0.1295133037856119,
    -0.12981381402081865,
    -0.08189269849239549,
    -0.22248050428193378,
)
_INNER_LOG = (
    0.5,
    0.3749999999999721,
    0.3125000000090888,
    0.2734374988479055,
    0.24609382470074193,
    0.2255831214391485,
    0.20953852732949402,
    0.19539816046766262,
    0.1947698712488294,
    0.12283535300109959,
    0.3309986367586889,
)


def _parts(logarithm, x):
    """F(x), (ln(x/2) + F)/x^2 and (F - 1)/u for positive x, of ln(x/2) and x."""
    square = x * x
    near_mean = polynomial(square, _INNER) - logarithm * polynomial(square, _INNER_LOG)
    near = square * near_mean - logarithm
    # half angles: u_1 = (1 - x)/(1 + x) = a - 1, and again u_2 = c - 1
    a = 2 / (1 + x)
    c = 2 / (1 + jnp.sqrt(a * x))
    slope = c * c / 4
    v = slope * (1 - x) * a / 2
    tail = c * polynomial(v, _OUTER)
    far = a * (c + v * tail)
    inside = x < _SPLIT
    ratio = jnp.where(inside, (near - 1) / (1 - square), a * a / 4 * (1 + slope * a * (1 + tail)))
    return jnp.where(inside, near, far), jnp.where(inside, near_mean, (logarithm + far) / square), ratio


_value, _mean, _first = (apart(lambda logarithm, x, i=i: _parts(logarithm, x)[i]) for i in range(3))


@partial(jax.custom_jvp, nondiff_argnums=(0,))
def arc(n: int, x: jax.Array) -> jax.Array:
    r""":math:`F_n = \sum_k u^k/(2k+2n+1)`, :math:`u = 1 - x^2`, for positive x.

    ``F_0`` is F, and :math:`F_n = 1/(2n+1) + u F_{n+1}`.
    """
    logarithm = log(x / 2)
    if n == 0:
        return _value(logarithm, x)
    first = _first(logarithm, x)
    if n == 1:
        return first
    u = (1 - x) * (1 + x)
    near = jnp.abs(u) < _NEAR
    value, divisor = first, jnp.where(near, 1.0, u)
    for k in range(1, n):
        value = (value - 1 / (2 * k + 1)) / divisor
    return jnp.where(near, polynomial(u, [1 / (2 * k + 2 * n + 1) for k in range(_TERMS)]), value)


@arc.defjvp
def _arc_jvp(n, primals, tangents):
    (x,), (dx,) = primals, tangents
    return arc(n, x), ((2 * n + 1) * x * arc(n + 1, x) - 1 / x) * dx


@jax.custom_jvp
def arc_mean(x: jax.Array) -> jax.Array:
    """``(ln(x/2) + F) / x^2``, without loss at small x."""
    return _mean(log(x / 2), x)


@arc_mean.defjvp
def _arc_mean_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    mean = arc_mean(x)
    return mean, (arc(1, x) - 2 * mean) / x * dx


@jax.custom_jvp
def arc_potential(x: jax.Array) -> jax.Array:
    """``ln(x/2)^2 - u F^2``, where ``u F^2`` is arccosh(1/x)^2 or -arccos(1/x)^2; without loss at small x."""
    logarithm, square = log(x / 2), x * x
    value, g = _value(logarithm, x), square * _mean(logarithm, x)
    return g * (logarithm - value) + (square * value) * value


@arc_potential.defjvp
def _arc_potential_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    return arc_potential(x), 2 * x * arc_mean(x) * dx
