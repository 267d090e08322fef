"""Elementwise functions of very many positions, in blocks that stay in the cache of a CPU."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import lax

__all__ = ["in_blocks"]

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
