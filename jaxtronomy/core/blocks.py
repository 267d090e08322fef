"""Large arrays in parts: computed in blocks that stay in the cache of a CPU, and written one after the other."""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jax import lax

from .numerics import unforeseen

__all__ = ["in_blocks", "joined"]

MANY = 1 << 17  # positions from which on blocks pay, on a CPU
BLOCK = 1 << 13


def in_blocks(function: Callable, x: jax.Array, y: jax.Array) -> jax.Array:
    """``function(x, y)``, whose derivatives in reverse mode keep no array of all positions either.

    :param function: pure, elementwise function of two arrays, with an array (..., positions)
    :param x: positions, (n); other shapes are not divided
    :param y: positions
    """
    n = x.size
    if n < MANY or x.ndim != 1 or jax.default_backend() != "cpu":
        return function(x, y)
    blocks = tuple(jnp.pad(v, (0, -n % BLOCK), mode="edge").reshape(-1, BLOCK) for v in (x, y))
    values = jnp.moveaxis(lax.map(lambda block: jax.checkpoint(function)(*block), blocks), 0, -2)
    return values.reshape(*values.shape[:-2], -1)[..., :n]


def joined(parts: Sequence[jax.Array], witness: jax.Array) -> jax.Array:
    """``jnp.concatenate(parts)``, each part written to a place that XLA does not know.

    What XLA knows to be a concatenation or a padding, it computes element by element on a CPU.

    :param parts: arrays that differ in their first axis only
    :param witness: any argument of the program, a float array
    """
    if len(parts) == 1:
        return parts[0]
    whole = jnp.zeros((sum(map(len, parts)), *parts[0].shape[1:]), jnp.result_type(*parts))
    start = unforeseen(jnp.asarray(witness)).astype(int)
    for part in parts:
        whole = lax.dynamic_update_slice(whole, part.astype(whole.dtype), (start, *(0,) * (part.ndim - 1)))
        start += len(part)
    return whole
