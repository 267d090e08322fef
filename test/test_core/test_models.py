"""Models as arguments of programs: leaves, and all small ones as one vector."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxtronomy.core.numerics import LOOP
from jaxtronomy.core.tree import Model, evaluate_method, flatten, packed, program


class Sky(Model):
    """Numbers and arrays of several types and sizes, and a model within the model."""

    _arrays = "pixel", "count", "kernel", "image", "mask", "nothing", "inner"

    def __init__(self, pixel, image, inner=None):
        self.pixel, self.image, self.inner = pixel, np.asarray(image, dtype=float), inner
        self.count, self.kernel = np.int64(3), np.array([[0.1, 0.2], [0.3, 0.4]])
        self.mask, self.nothing = np.array([True, False]), np.zeros(0)

    def total(self, x):
        own = self.pixel * jnp.sum(self.image) + self.count * jnp.sum(self.kernel * jnp.stack([x, x**2]))
        own = own + jnp.sum(self.nothing) + jnp.sum(jnp.where(self.mask, x, 0.0))
        return own if self.inner is None else own + self.inner.total(2 * x)


@pytest.fixture
def sky():
    return Sky(0.05, np.arange(LOOP), Sky(0.1, np.ones((2, 3))))


def test_small_arrays_are_one_vector(sky):
    leaves, treedef = packed(sky)
    assert packed(sky)[0] is leaves
    shapes = [leaf.shape for leaf in leaves]
    assert shapes == [(1 + 4 + 1 + 4 + 6,), (), (LOOP,), (2,), (), (2,)]
    model = jax.tree.unflatten(treedef, leaves)
    assert type(model) is Sky and type(model.inner) is Sky
    for ours, wanted in zip(jax.tree.leaves(model), flatten(sky)[0], strict=True):
        assert ours.dtype == wanted.dtype
        np.testing.assert_array_equal(ours, wanted)


def test_programs(sky):
    """Of the model, and of another one with other arrays of the same shapes."""
    x = np.array([0.3, 0.7])
    run = program(Sky.total, packed(sky)[1])
    for model in (sky, Sky(0.07, np.arange(LOOP) / 3, Sky(0.2, np.zeros((2, 3))))):
        assert packed(model)[1] == packed(sky)[1]
        assert evaluate_method(Sky.total, model, x) == pytest.approx(float(model.total(x)), rel=1e-14)
        assert run(packed(model)[0], x) == pytest.approx(float(model.total(x)), rel=1e-14)
    other = Sky(0.05, np.arange(LOOP), Sky(0.1, np.ones((3, 2))))
    assert packed(other)[1] != packed(sky)[1]


def test_derivatives_go_through(sky):
    """Where the vector is traced, also by its caller, and where arrays of the model are."""
    x = jnp.array([0.3, 0.7])

    def value(x):
        return evaluate_method(Sky.total, sky, x)

    slope = jax.grad(value)(x)
    np.testing.assert_allclose(slope, jax.grad(sky.total)(x), rtol=1e-14)
    np.testing.assert_allclose(jax.vmap(jax.grad(value))(jnp.stack([x, 2 * x]))[0], slope, rtol=1e-14)
    value(x)
    np.testing.assert_allclose(jax.jit(jax.hessian(value))(x), jax.hessian(sky.total)(x), rtol=1e-13)

    def by_pixel(pixel):
        model = Sky(0.05, np.ones(3))
        model.pixel = pixel
        return evaluate_method(Sky.total, model, x)

    assert jax.grad(by_pixel)(0.2) == pytest.approx(3.0)
