r"""Angular parts of deflectors with elliptical contours: series in the ellipticity.

A power law has

.. math::
    F(t, u) = {}_2F_1\left(1, \tfrac{t}{2}; 2 - \tfrac{t}{2}; u\right)
            = \sum_n u^n \prod_{k<n} \frac{t/2 + k}{2 - t/2 + k}

(Tessore & Metcalf 2015, arXiv:1507.01819, equation 13, in their variable :math:`-f e^{2i\varphi}`), a multipole

.. math::
    L(a, u) = \sum_n \frac{u^n}{n + a} = \frac{1}{a}\, {}_2F_1(1, a; a + 1; u).

The terms fall as :math:`|u|^n`, and as many are summed as the largest :math:`|u|` needs.
"""

import math
from functools import partial

import jax
import jax.numpy as jnp
from jax import lax

from jaxtronomy.core.numerics import exp, log, log1p, paired, same_for_all, spread, unpaired

from .pairs import clenshaw, reciprocal, times

__all__ = ["angular", "angular_rest", "lerch"]

BLOCK = 16  # terms per pass
BLOCKS = 32  # passes at most: full precision up to |u| = 0.93


def angular(t: jax.Array, x: jax.Array, y: jax.Array, size: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Real and imaginary part of ``2F1(1, t/2; 2 - t/2; x + iy)``, with derivatives of any order.

    :param t: slope, 0 < t < 2, a number
    :param x: real part of the argument, ``|x + iy| < 1``
    :param y: imaginary part of the argument
    :param size: bound of ``|x + iy|``, a number
    """
    return _angular(jnp.asarray(t, x.dtype), x, y, _passes(lax.stop_gradient(size)))


def angular_rest(t: jax.Array, x: jax.Array, y: jax.Array, size: jax.Array) -> tuple:
    """G, where that function is 1 + u G in its argument u = x + iy, and dG/dt, as pairs.

    The parameters are those of :func:`angular`.
    """
    return _rest(jnp.asarray(t, x.dtype), x, y, _passes(lax.stop_gradient(size)))


def lerch(a: float, x: jax.Array, y: jax.Array, size: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Real and imaginary part of the sum of ``u**n / (n + a)`` with ``u = x + iy``.

    :param a: positive number
    :param x: real part of the argument, ``|x + iy| < 1``
    :param y: imaginary part of the argument
    :param size: bound of ``|x + iy|``, a number
    """
    return _lerch(float(a), x, y, _passes(lax.stop_gradient(size)))


# Both are first term + u G(u): with the series of G their derivatives in u need no division by u, and no other series.


@jax.custom_jvp
def _angular(t, x, y, passes):
    (real,), (imag,) = _rows(t, x, y, passes, _power_law, ((0, 0),))
    rest = times((x, y), (real, imag))
    return 1 + rest[0], rest[1]


def _rest(t, x, y, passes):
    """G and dG/dt."""
    return tuple(zip(*_rows(t, x, y, passes, _power_law, ((0, 0), (1, 0)))))


@_angular.defjvp
def _angular_jvp(primals, tangents):
    """(1 - u) F' = t/2 F - (1 - t/2) G."""
    t, x, y, _ = primals
    dt, dx, dy, _ = tangents
    rest, rest_by_t = _rest(*primals)
    value, by_t = times((x, y), rest), times((x, y), rest_by_t)
    value = 1 + value[0], value[1]
    slope = tuple(t / 2 * v - (1 - t / 2) * g for v, g in zip(value, rest))
    along = times(times(slope, reciprocal((1 - x, -y))), (dx, dy))
    (dt,) = spread(x, dt)
    return value, (along[0] + by_t[0] * dt, along[1] + by_t[1] * dt)


@partial(jax.custom_jvp, nondiff_argnums=(0,))
def _lerch(a, x, y, passes):
    (real,), (imag,) = _rows(jnp.asarray(a, x.dtype), x, y, passes, _reciprocals, ((0, 0),))
    rest = times((x, y), (real, imag))
    return 1 / a + rest[0], rest[1]


@_lerch.defjvp
def _lerch_jvp(a, primals, tangents):
    """L' = 1 / (1 - u) - a G."""
    x, y, passes = primals
    dx, dy, _ = tangents
    (real,), (imag,) = _rows(jnp.asarray(a, x.dtype), x, y, passes, _reciprocals, ((0, 0),))
    rest, slope = times((x, y), (real, imag)), reciprocal((1 - x, -y))
    return (1 / a + rest[0], rest[1]), times((slope[0] - a * real, slope[1] - a * imag), (dx, dy))


def _power_law(t, n):
    """Coefficients of G: the ratio of successive ones of F is 1 - (2 - t) / (2 - t/2 + n)."""
    return exp(jnp.cumsum(log1p((t - 2) / (2 - t / 2 + n))))


def _reciprocals(a, n):
    """Coefficients of G."""
    return 1 / (n + 1 + a)


@partial(jax.custom_jvp, nondiff_argnums=(4, 5))
def _rows(t, x, y, passes, law, orders):
    """Derivatives of a series, those of ``orders`` = ((order in t, order in u), ...), all in one loop.

    The recurrence is the one for a polynomial of real coefficients at a complex argument (Clenshaw; Knuth 4.6.4).
    """
    table = jnp.stack([_coefficients(law, t, *order) for order in orders])
    table = table.reshape(*table.shape, *(1,) * x.ndim)
    x, y = x[None], y[None]

    def step(block, carry):
        return clenshaw((x, y), [block[:, k] for k in range(BLOCK)], carry)

    def further(n, carry):
        return step(lax.dynamic_slice_in_dim(table, (passes - n) * BLOCK, BLOCK, 1), carry)

    def together(n, state):
        return paired(*further(n, unpaired(state)))

    zero = jnp.zeros((len(orders), *x.shape[1:]), x.dtype)
    if len(orders) > 1:  # XLA would compute a last step outside of the loop again for each use of each series
        b1, b2 = unpaired(lax.fori_loop(1, passes + 1, together, paired(zero, zero)))
    else:
        b1, b2 = step(table[:, :BLOCK], lax.fori_loop(1, passes, further, (zero, zero)))
    return tuple(b1 - x * b2), tuple(y * b2)


@_rows.defjvp
def _rows_jvp(law, orders, primals, tangents):
    """Derivatives of higher order, by further series."""
    t, x, y, passes = primals
    dt, dx, dy, _ = tangents
    n = len(orders)
    more = (*orders, *((i + 1, j) for i, j in orders), *((i, j + 1) for i, j in orders))
    real, imag = _rows(t, x, y, passes, law, more)
    by_t, by_u = zip(real[n : 2 * n], imag[n : 2 * n]), zip(real[2 * n :], imag[2 * n :])
    change = [(a * dt + c * dx - d * dy, b * dt + c * dy + d * dx) for (a, b), (c, d) in zip(by_t, by_u)]
    return (real[:n], imag[:n]), tuple(zip(*change))


def _coefficients(law, t, i, j):
    """Coefficients of the powers of u in that derivative."""
    n = jnp.arange(BLOCK * BLOCKS + j, dtype=t.dtype)
    function = partial(law, n=n)
    for _ in range(i):
        function = partial(_slope, function)
    coefficients = function(t)
    for k in range(j):
        coefficients = coefficients[1:] * n[1 : n.size - k]
    return coefficients


def _slope(function, t):
    """Derivative of a function of one number."""
    return jax.jvp(function, (t,), (jnp.ones_like(t),))[1]


def _passes(size):
    """How many blocks of terms an argument of this size needs."""
    eps = float(jnp.finfo(jnp.result_type(size, float)).eps)
    terms = (math.log(eps) - 1) / log(jnp.clip(size, 1e-3, 0.999))
    return same_for_all(jnp.clip(jnp.ceil(terms / BLOCK), 1, BLOCKS).astype(int))
