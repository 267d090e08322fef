"""Interpolation in regular grids whose values are traced."""

import jax
import jax.numpy as jnp

__all__ = ["bilinear"]


def bilinear(image: jax.Array, row: jax.Array, column: jax.Array) -> jax.Array:
    """Bilinear interpolation between the pixels of an image, falling to zero within one pixel outside of it.

    :param image: values [n, m]
    :param row: position along the first axis, in pixels from the first one
    :param column: position along the second axis
    :return: values at the positions
    """
    n, m = image.shape
    row, column = jnp.clip(row, -1.0, n), jnp.clip(column, -1.0, m)
    i, j = jnp.floor(row), jnp.floor(column)
    a, b = row - i, column - j
    i, j = i.astype(jnp.int32), j.astype(jnp.int32)
    flat = image.ravel()

    def pixel(i, j):
        inside = (i >= 0) & (i < n) & (j >= 0) & (j < m)
        index = jnp.clip(i, 0, n - 1) * m + jnp.clip(j, 0, m - 1)
        return jnp.where(inside, flat.at[index].get(mode="promise_in_bounds"), 0.0)

    low = (1 - b) * pixel(i, j) + b * pixel(i, j + 1)
    high = (1 - b) * pixel(i + 1, j) + b * pixel(i + 1, j + 1)
    return (1 - a) * low + a * high
