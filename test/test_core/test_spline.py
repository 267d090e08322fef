"""Interpolating splines against FITPACK."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.interpolate import RectBivariateSpline

from jaxtronomy.core.interpolate import spline


@pytest.mark.parametrize("degree", [(1, 1), (2, 3), (3, 3), (4, 5), (5, 2)])
def test_agrees_with_fitpack(degree):
    """On an uneven grid, inside and beyond its edges, and at the grid points."""
    rng = np.random.default_rng(0)
    rows = np.cumsum(rng.uniform(0.5, 1.5, 12))
    columns = np.cumsum(rng.uniform(0.5, 1.5, 9))
    values = rng.normal(size=(12, 9))
    x = np.concatenate([rng.uniform(rows[0] - 1, rows[-1] + 1, 100), rows])
    y = np.concatenate([rng.uniform(columns[0] - 1, columns[-1] + 1, 100), np.resize(columns, 12)])
    expected = RectBivariateSpline(rows, columns, values, kx=degree[0], ky=degree[1], s=0)(x, y, grid=False)
    np.testing.assert_allclose(spline(values, rows, columns, x, y, degree), expected, rtol=1e-9, atol=1e-10)


def test_derivatives():
    """By position against FITPACK, and by the values, in which the spline is linear."""
    axis = np.linspace(0, 1, 8)
    values = np.random.default_rng(1).normal(size=(8, 8))
    x, y = np.random.default_rng(2).uniform(0, 1, (2, 20))
    reference = RectBivariateSpline(axis, axis, values, s=0)

    def at(x, y, values):
        return spline(values, jnp.asarray(axis), jnp.asarray(axis), x, y, (3, 3))

    slope = jax.vmap(jax.grad(lambda x, y: at(x[None], y[None], values)[0]))(x, y)
    np.testing.assert_allclose(slope, reference(x, y, dx=1, grid=False), rtol=1e-9, atol=1e-9)
    jacobian = jax.jacrev(lambda v: at(x, y, v))(values)
    np.testing.assert_allclose(jnp.tensordot(jacobian, values, 2), at(x, y, values), rtol=1e-10, atol=1e-10)
