"""How the special functions state their derivatives."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import lax
from jax.custom_derivatives import SymbolicZero

__all__ = ["nested_series", "with_partials"]


def _along(kernel, i, arguments):
    """Derivative of ``kernel`` in its ``i``-th argument by forward mode."""
    one = jnp.ones_like(arguments[i])
    return jax.jvp(lambda p: kernel(*arguments[:i], p, *arguments[i + 1 :]), (arguments[i],), (one,))[1]


def with_partials(*partials: Callable | None) -> Callable:
    """Give an elementwise function its partial derivatives.

    Each is ``partial(value, *arguments)``, or None where forward mode through the function itself is the way; only
    those asked for are computed.  The partials must be differentiable themselves.
    """

    def decorate(kernel):
        @jax.custom_jvp
        def function(*arguments):
            return kernel(*arguments)

        def rule(primals, tangents):
            value = function(*primals)
            total = jnp.zeros_like(value)
            for i, (partial, tangent) in enumerate(zip(partials, tangents, strict=True)):
                if isinstance(tangent, SymbolicZero):
                    continue
                if partial is None:
                    slope = _along(kernel, i, primals)
                else:
                    slope = partial(value, *primals)
                total = total + slope * tangent
            return value, total

        function.defjvp(rule, symbolic_zeros=True)
        return function

    return decorate


def nested_series(ratio: Callable, x: jax.Array, terms: int, pick: Callable = lambda row: row) -> jax.Array:
    """``1 + ratio(0) x (1 + ratio(1) x (1 + ...))`` with ``terms`` ratios.

    ``ratio`` may return several alternatives, of which ``pick`` chooses elementwise in ``x``.
    """
    rows = jax.vmap(ratio)(jnp.arange(terms, dtype=x.dtype))
    start = jnp.ones_like(pick(jax.tree.map(lambda r: r[0], rows)) * x)
    return lax.scan(lambda total, row: (1 + pick(row) * x * total, None), start, rows, reverse=True, unroll=14)[0]
