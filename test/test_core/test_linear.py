"""The equations of the amplitudes, and the derivatives of their solution."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import numpy.testing as npt
import pytest
from jax.tree_util import Partial

from jaxtronomy.core.linear import Band, Blurred, Patched, Patches, best_fit, normal_equations, solve


def weighted(response, root, data):
    """The band of weighted least squares; the root is that of the inverse variance."""
    rows = (response * root[None]).reshape(len(response), root.size)
    return Band(rows, rows, (data * root).ravel())


def amplitudes(parts, present):
    return best_fit(parts, *normal_equations(parts, present))[0]


def bands(components, seed=3):
    """Two images of random components, weighted, the second one of an instrument whose left side is another image."""
    rng = np.random.default_rng(seed)
    first = weighted(
        jnp.asarray(rng.normal(size=(components, 6, 7))),
        jnp.asarray(rng.uniform(0, 2, (6, 7))),
        jnp.asarray(rng.normal(size=(6, 7))),
    )
    mixing = rng.normal(size=(30, 30))
    left = rng.normal(size=(components, 30))
    return first, Band(jnp.asarray(left), jnp.asarray(left @ (mixing @ mixing.T)), jnp.asarray(rng.normal(size=30)))


@pytest.mark.parametrize("components", [3, 12])
def test_amplitudes_solve_the_equations(components):
    parts, present = bands(components), jnp.ones(components, bool)
    best = amplitudes(parts, present)
    matrix = sum(np.asarray(b.left) @ np.asarray(b.right).T for b in parts)
    vector = sum(np.asarray(b.left) @ np.asarray(b.data) for b in parts)
    npt.assert_allclose(best, np.linalg.solve(matrix, vector), rtol=1e-9)


CORNERS = (0, 0), (3, 4), (13, 24), (2, 1), (9, 11), (13, 0), (4, 4), (5, 20), (10, 10), (0, 24)  # of 7 x 6 in 20 x 30


def with_patches(number, dense, order, many=False):
    """Components that are zero outside a window, which may overlap and touch the edges, as a band of their own kind and
    as a plain one; functions of a number that changes all arrays.
    """
    rng = np.random.default_rng(5)
    values, corners = jnp.asarray(rng.normal(size=(number, 7, 6))), jnp.array(CORNERS[:number])
    rows, root, data = (jnp.asarray(rng.normal(size=(*n, 20, 30))) for n in ((dense,), (), ()))

    def changed(size):
        change = jnp.cos(size * rows) * rows, jnp.exp(size * root), data + size
        patches = Patches(values * (1 + size * jnp.sin(values)), corners, (7, 6), (20, 30))
        return patches, *change

    def patched(size):
        patches, rows, root, data = changed(size)
        band = weighted(rows, root, data)
        if many:
            blur = Partial(lambda root, sky: (sky * root[None]).reshape(len(sky), -1), root)
            band = Blurred(band.right, band.data, rows[:-1], blur, band.right[-1:])
        return Patched(band, patches.weighted(root), order)

    def plain(size):
        patches, rows, root, data = changed(size)
        images = np.zeros((number, 20, 30))
        for k, (i, j) in enumerate(CORNERS[:number]):
            images = jnp.asarray(images).at[k, i : i + 7, j : j + 6].set(patches.values[k])
        return weighted(jnp.concatenate([rows, images])[np.array(order)], root, data)

    return patched, plain


@pytest.mark.parametrize("dense", [0, 1, 3, 8])
@pytest.mark.parametrize("number", [3, 10])
def test_patches_change_no_equation(number, dense):
    """Matrix and right-hand side are those of whole images."""
    patched, plain = with_patches(number, dense, tuple(range(number + dense)))
    present = jnp.ones(number + dense, bool)
    for value, expected in zip(normal_equations((patched(0.1),), present), normal_equations((plain(0.1),), present)):
        npt.assert_allclose(value, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("number", "dense", "order", "many"),
    [
        pytest.param(3, 0, (0, 1, 2), False, id="alone"),
        pytest.param(2, 3, (0, 3, 1, 4, 2), False, id="in another order"),
        pytest.param(10, 9, tuple(range(19)), True, id="many"),
    ],
)
def test_patches_change_no_number(number, dense, order, many):
    """Amplitudes, models and their derivatives of both orders are those of whole images."""
    patched, plain = with_patches(number, dense, order, many)
    present, target = jnp.ones(len(order), bool), jnp.cos(jnp.arange(600.0 + len(order)))

    def total(band, size):
        best, (image,) = best_fit((band(size),), *normal_equations((band(size),), present))
        return jnp.sum(jnp.sin(target * jnp.concatenate([best, image])))

    ours, wanted = partial(total, patched), partial(total, plain)
    for derivative in (jax.value_and_grad, lambda f: jax.grad(jax.grad(f))):
        npt.assert_allclose(jax.jit(derivative(ours))(0.1), jax.jit(derivative(wanted))(0.1), rtol=1e-8)
    sizes, slope = jnp.array([0.0, 0.1, 0.3]), jax.grad(ours)
    npt.assert_allclose(jax.jit(jax.vmap(slope))(sizes), [*map(jax.jit(slope), sizes)], rtol=1e-9)


def test_products_of_patches():
    """With images, with each other, and as images."""
    patched, plain = with_patches(10, 0, tuple(range(10)))
    patches, images = patched(0.0).patches, np.asarray(plain(0.0).right)
    image = np.random.default_rng(6).normal(size=(20, 30))
    npt.assert_allclose(patches.images().reshape(10, -1), images, rtol=1e-14)
    npt.assert_allclose(patches.products(), images @ images.T, rtol=1e-12, atol=1e-12)
    npt.assert_allclose(patches.projection(image), images @ image.ravel(), rtol=1e-12)
    amplitudes = jnp.arange(10.0)
    npt.assert_allclose(patches.added(image, amplitudes).ravel(), image.ravel() + amplitudes @ images, rtol=1e-12)


def test_absent_and_singular_components():
    first, _ = bands(4)
    gone = Band(first.left.at[2].set(0), first.right.at[2].set(0), first.data)
    best = amplitudes((gone,), jnp.array([True, True, False, True]))
    keep = np.array([0, 1, 3])
    npt.assert_allclose(best[keep], amplitudes((Band(*(v[keep] for v in first[:2]), first.data),), jnp.ones(3, bool)))
    assert best[2] == 0
    singular = Band(first.left.at[1].set(first.left[0]), first.right.at[1].set(first.right[0]), first.data)
    value, slope = jax.jvp(
        lambda d: amplitudes((Band(*singular[:2], d),), jnp.ones(4, bool)), (first.data,), (first.data,)
    )
    npt.assert_array_equal(value, 0)
    npt.assert_array_equal(slope, 0)


@pytest.mark.parametrize("components", [3, 12])
def test_derivatives_are_those_of_the_solution(components):
    parts, present = bands(components), jnp.ones(components, bool)
    target = jnp.arange(1.0, components + 1)

    def change(size):
        """The images with all their arrays changed, the second one symmetrically."""
        (_, right, data), (left_2, right_2, data_2) = parts
        factor = 1 + size * jnp.cos(jnp.arange(float(components)))
        return (
            weighted(right * jnp.cos(size * right), jnp.exp(size * data), data + size),
            Band(factor[:, None] * left_2, factor[:, None] * right_2, data_2 - size**2),
        )

    def value(solution, size):
        return jnp.sum(jnp.sin(target * solution(change(size))))

    ours = lambda size: value(lambda parts: amplitudes(parts, present), size)  # noqa: E731
    plain = lambda size: value(lambda parts: solve(*normal_equations(parts, present)), size)  # noqa: E731
    for derivative in (jax.grad, jax.jacfwd, lambda f: jax.jacfwd(jax.grad(f)), lambda f: jax.grad(jax.grad(f))):
        npt.assert_allclose(jax.jit(derivative(ours))(0.1), jax.jit(derivative(plain))(0.1), rtol=1e-8)
    sizes, slope = jnp.array([0.0, 0.1, 0.3]), jax.grad(ours)
    npt.assert_allclose(jax.jit(jax.vmap(slope))(sizes), [*map(jax.jit(slope), sizes)], rtol=1e-9)


@pytest.mark.parametrize("number", [0, 2])
def test_derivatives_of_components_that_are_blurred(number):
    """Those of amplitudes and models by all that plays a part are those of the plain band; some are fixed."""
    rng = np.random.default_rng(8)
    sky, data = jnp.asarray(rng.normal(size=(9, 5, 6))), jnp.asarray(rng.normal(size=40))
    matrix, others = jnp.asarray(rng.normal(size=(30, 40))), jnp.asarray(rng.normal(size=(number, 40)))
    target = jnp.cos(jnp.arange(49.0 + number))

    def rows(matrix, sky):
        return sky.reshape(len(sky), -1) @ matrix

    def total(blurred, size, moving):
        change = 1 + size * jnp.arange(9.0) / 9
        own = {"sky": sky * change[:, None, None], "matrix": matrix * jnp.cos(size * matrix)}
        own |= {"others": others + jnp.sin(size * others), "data": data + size * data**2}
        s, m, o, d = (own[k] if k in moving else v for k, v in zip(own, (sky, matrix, others, data)))
        right = jnp.concatenate([rows(m, s), o])
        band = Blurred(right, d, s, Partial(rows, m), o) if blurred else Band(right, right, d)
        best, (image,) = best_fit((band,), *normal_equations((band,), jnp.ones(len(right), bool)))
        return jnp.sum(jnp.sin(target * jnp.concatenate([best, image])))

    for moving in ({"sky"}, {"sky", "matrix", "others", "data"}):
        ours, plain = (partial(total, blurred, moving=moving) for blurred in (True, False))
        for derivative in (jax.grad, jax.jacfwd, lambda f: jax.jacfwd(jax.grad(f)), lambda f: jax.grad(jax.grad(f))):
            npt.assert_allclose(jax.jit(derivative(ours))(0.1), jax.jit(derivative(plain))(0.1), rtol=1e-8)
        sizes, slope = jnp.array([0.0, 0.1, 0.3]), jax.grad(ours)
        npt.assert_allclose(jax.jit(jax.vmap(slope))(sizes), [*map(jax.jit(slope), sizes)], rtol=1e-9)
