r"""The angular part of a power law with elliptical contours.

.. math::
    F(t, u) = {}_2F_1\left(1, \tfrac{t}{2}; 2 - \tfrac{t}{2}; u\right)
            = \sum_n u^n \prod_{k<n} \frac{t/2 + k}{2 - t/2 + k}

(Tessore & Metcalf 2015, arXiv:1507.01819, equation 13, in their variable :math:`-f e^{2i\varphi}`.)  The terms fall as
:math:`|u|^n`, and as many are summed as the largest :math:`|u|` needs.
"""

import math
from functools import partial

import jax
import jax.numpy as jnp
from jax import lax
from jax.custom_batching import custom_vmap

from jaxtronomy.core.numerics import exp, log, log1p

__all__ = ["angular"]

BLOCK = 16  # terms per pass
BLOCKS = 32  # passes at most: full precision up to |u| = 0.93


def angular(t: jax.Array, x: jax.Array, y: jax.Array, size: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Real and imaginary part of ``2F1(1, t/2; 2 - t/2; x + iy)``, and derivatives of any order.

    :param t: slope, 0 < t < 2, a number
    :param x: real part of the argument, ``|x + iy| < 1``
    :param y: imaginary part of the argument
    :param size: bound of ``|x + iy|``, a number
    """
    return _series(t, x, y, _passes(lax.stop_gradient(size)), 0, 0)


@partial(jax.custom_jvp, nondiff_argnums=(4, 5))
def _series(t, x, y, passes, i, j):
    """The i-th derivative in t of the j-th in u of the series, by the recurrence for real coefficients."""
    coefficients = _coefficients(t, i, j)
    r, s = 2 * x, x * x + y * y

    def step(block, carry):
        b1, b2 = carry
        for k in range(BLOCK - 1, -1, -1):
            b1, b2 = block[k] + r * b1 - s * b2, b1
        return b1, b2

    def further(n, carry):
        return step(lax.dynamic_slice(coefficients, ((passes - n) * BLOCK,), (BLOCK,)), carry)

    zero = jnp.zeros_like(r)
    b1, b2 = step(coefficients[:BLOCK], lax.fori_loop(1, passes, further, (zero, zero)))
    return b1 - x * b2, y * b2


@_series.defjvp
def _series_jvp(i, j, primals, tangents):
    t, x, y, passes = primals
    dt, dx, dy, _ = tangents
    t_x, t_y = _series(t, x, y, passes, i + 1, j)
    u_x, u_y = _series(t, x, y, passes, i, j + 1)
    return _series(t, x, y, passes, i, j), (t_x * dt + u_x * dx - u_y * dy, t_y * dt + u_x * dy + u_y * dx)


def _coefficients(t, i, j):
    """Coefficients of the powers of u in that derivative."""
    n = jnp.arange(BLOCK * BLOCKS + j, dtype=jnp.result_type(t, float))

    def plain(t):
        # the ratio of successive coefficients is 1 - (2 - t) / (2 - t/2 + n)
        steps = log1p((t - 2) / (2 - t / 2 + n[:-1]))
        return exp(jnp.concatenate([jnp.zeros_like(steps[:1]), jnp.cumsum(steps)]))

    for _ in range(i):
        plain = partial(_slope, plain)
    coefficients = plain(t)
    for k in range(j):
        coefficients = coefficients[1:] * n[1 : n.size - k]
    return coefficients


def _slope(function, t):
    """Derivative of a function of one number."""
    return jax.jvp(function, (t,), (jnp.ones_like(t),))[1]


def _passes(size):
    """How many blocks of terms an argument of this size needs."""
    terms = (math.log(float(jnp.finfo(size.dtype).eps)) - 1) / log(jnp.clip(size, 1e-3, 0.999))
    return _same_for_all(jnp.clip(jnp.ceil(terms / BLOCK), 1, BLOCKS).astype(int))


@custom_vmap
def _same_for_all(passes):
    """The number of passes; one number for a whole batch, so that its loop stays a plain one."""
    return passes


@_same_for_all.def_vmap
def _same_for_all_batched(size, batched, passes):
    return jnp.max(passes), False
