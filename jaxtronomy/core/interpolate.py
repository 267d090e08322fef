"""Interpolation in regular grids whose values are traced."""

import jax
import jax.numpy as jnp
import numpy as np
import scipy

__all__ = ["bilinear", "cubic_coefficients", "cubic_spline", "piecewise", "spline"]


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


def cubic_coefficients(image: np.ndarray) -> np.ndarray:
    """Coefficients of the cubic B-splines that interpolate an image, mirrored at its edges (as in scipy.ndimage)."""
    return scipy.ndimage.spline_filter(np.asarray(image, dtype=float), order=3, mode="mirror")


def cubic_spline(coefficients: jax.Array, row: jax.Array, column: jax.Array) -> jax.Array:
    """Cubic-spline interpolation between the pixels of an image, zero outside of it.

    :param coefficients: see :func:`cubic_coefficients`, [n, m]
    :param row: position along the first axis, in pixels from the first one, [k]
    :param column: position along the second axis, [k]
    :return: values at the positions, [k]
    """
    weights, indices, inside = [], [], True
    for size, position in zip(coefficients.shape, (row, column)):
        first = jnp.floor(position)
        offset = (first - position)[:, None] + jnp.arange(-1.0, 3.0)[None, :]
        near = jnp.abs(offset)
        weights.append(jnp.where(near < 1, 2 / 3 - near**2 + near**3 / 2, jnp.maximum(2 - near, 0.0) ** 3 / 6))
        index = first.astype(int)[:, None] + jnp.arange(-1, 3)[None, :]
        period = max(2 * (size - 1), 1)
        index = jnp.mod(index, period)
        indices.append(jnp.where(index >= size, period - index, index))
        inside = inside & (position >= 0) & (position <= size - 1)
    patches = jnp.asarray(coefficients)[indices[0][:, :, None], indices[1][:, None, :]]
    return jnp.where(inside, jnp.einsum("ki,kij,kj->k", weights[0], patches, weights[1]), 0.0)


def piecewise(knots: jax.Array, x: jax.Array) -> jax.Array:
    """Index of the interval that holds ``x``: 0 below the second knot, the last one from the last but one knot on."""
    index = jnp.searchsorted(knots, x, side="right", method="scan_unrolled") - 1
    return jnp.clip(index, 0, knots.shape[0] - 2)


def spline(
    values: jax.Array, row_axis: jax.Array, column_axis: jax.Array, row: jax.Array, column: jax.Array, degree: tuple
) -> jax.Array:
    """Interpolating tensor-product spline, as FITPACK's ``regrid`` without smoothing; constant beyond the edges.

    :param values: values at the grid points [n, m], or of several maps [k, n, m]
    :param row_axis: increasing coordinates of the first axis [n]
    :param column_axis: increasing coordinates of the second axis [m]
    :param row: positions along the first axis
    :param column: positions along the second axis
    :param degree: degrees along both axes, 1 to 5, smaller than the number of grid points
    :return: the spline at the positions; of several maps, a leading axis of them
    """
    values = jnp.asarray(values)
    if values.ndim == 2:
        return spline(values[None], row_axis, column_axis, row, column, degree)[0]
    knots = tuple(_knots(axis, k) for axis, k in zip((row_axis, column_axis), degree))
    coefficients = _solve(row_axis, knots[0], degree[0], values)
    coefficients = _solve(column_axis, knots[1], degree[1], coefficients.swapaxes(1, 2)).swapaxes(1, 2)
    i, a = _basis(knots[0], degree[0], row)
    j, b = _basis(knots[1], degree[1], column)
    width = values.shape[2]

    def evaluate(flat):
        total = 0.0
        for p, weight in enumerate(a):
            start = (i + p) * width + j
            line = sum(w * flat.at[start + q].get(mode="promise_in_bounds") for q, w in enumerate(b))
            total = total + weight * line
        return total

    return jax.vmap(evaluate)(coefficients.reshape(values.shape[0], -1))


def _knots(axis, degree):
    """Knots of the interpolating spline: the data but for the first and last ones, or midpoints for even degrees."""
    inner = axis[(degree + 1) // 2 : axis.shape[0] - (degree + 1) // 2]
    if degree % 2 == 0:
        inner = (axis[degree // 2 : -degree // 2 - 1] + axis[degree // 2 + 1 : axis.shape[0] - degree // 2]) / 2
    ends = degree + 1
    return jnp.concatenate([jnp.repeat(axis[:1], ends), inner, jnp.repeat(axis[-1:], ends)])


def _basis(knots, degree, x):
    """First index and values of the ``degree + 1`` B-splines that are not zero at ``x`` (Cox and de Boor)."""
    inner = knots[degree : knots.shape[0] - degree]
    x = jnp.clip(x, inner[0], inner[-1])
    index = piecewise(inner, x)

    def knot(offset):
        return knots.at[index + (degree + offset)].get(mode="promise_in_bounds")

    values = [jnp.ones_like(x)]
    for k in range(1, degree + 1):
        left = [x - knot(1 - n) for n in range(1, k + 1)]
        right = [knot(n) - x for n in range(1, k + 1)]
        carried, raised = 0.0, []
        for n, value in enumerate(values):
            share = value / (right[n] + left[k - 1 - n])
            raised.append(carried + right[n] * share)
            carried = left[k - 1 - n] * share
        values = [*raised, carried]
    return index, values


def _solve(axis, knots, degree, values):
    """Coefficients of the splines along the second axis of ``values`` [maps, n, lines]."""
    if degree == 1:
        return values
    index, rows = _basis(knots, degree, axis)
    n = axis.shape[0]
    offset = jnp.arange(n)[None, :] - index[:, None]
    matrix = sum(jnp.where(offset == k, row[:, None], 0.0) for k, row in enumerate(rows))
    columns = jnp.linalg.solve(matrix, values.swapaxes(0, 1).reshape(n, -1))
    return columns.reshape(n, values.shape[0], -1).swapaxes(0, 1)
