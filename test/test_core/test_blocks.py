"""Many positions in blocks: the same numbers and derivatives as all at once."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxtronomy.core import blocks
from jaxtronomy.core.traces import traces_of


@pytest.mark.parametrize("n", [1, 63, 64, 65, 100, 201, 300])
def test_blocks_change_no_number(monkeypatch, n):
    monkeypatch.setattr(blocks, "BLOCK", 64)
    x, y = jnp.asarray(np.random.default_rng(n).normal(size=(2, n)))
    weights = jnp.linspace(0.1, 1.0, n)

    def both(a, many):
        monkeypatch.setattr(blocks, "MANY", many)
        return blocks.in_blocks(lambda u, v: jnp.stack([jnp.sin(a * u) * v, a * v]), x, y)

    def total(a, many):
        return jnp.sum(both(a, many) ** 2 @ weights)

    assert both(0.7, 1).shape == (2, n)
    np.testing.assert_allclose(both(0.7, 1), both(0.7, 10**9), rtol=1e-14)
    for derivative in (jax.grad, jax.jacfwd, jax.hessian):
        ours, wanted = (jax.jit(lambda a, d=derivative, many=many: d(total)(a, many)) for many in (1, 10**9))
        np.testing.assert_allclose(ours(0.7), wanted(0.7), rtol=1e-11)


def test_blocks_of_several_rows(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 8)
    x, rows = np.random.default_rng(3).normal(size=30), np.random.default_rng(4).normal(size=(2, 3, 30))

    def function(x, rows):
        return [jnp.sin(x)[None, None] * rows, x**2]

    for ours, wanted in zip(blocks.in_blocks(function, jnp.asarray(x), jnp.asarray(rows)), function(x, rows)):
        np.testing.assert_allclose(ours, wanted, rtol=1e-15)


def test_sum_over_parts():
    """Values and derivatives of any order are those of the sum; what does not vary, and whole numbers, stay outside."""
    x, y = np.random.default_rng(0).normal(size=(2, 5, 9))
    few = jnp.arange(9) < 4

    def total(summed, a, b=0.3):
        def function(u, v):
            return [jnp.exp(-((a * u - b) ** 2)) * v, jnp.where(few, a**2 * u, b) + a]

        weights = jnp.linspace(0.1, 1.0, 9)
        return sum(jnp.sum(v * weights) ** 2 for v in summed(function, [x, y]))

    def at_once(function, parts):
        return [jnp.sum(jnp.stack(v), 0) for v in zip(*(function(*part) for part in zip(*parts)))]

    ours, wanted = (partial(total, f) for f in (lambda f, parts: blocks.in_blocks(f, parts=parts), at_once))
    np.testing.assert_allclose(ours(0.7), wanted(0.7), rtol=1e-13)
    np.testing.assert_allclose(jax.vmap(ours)(np.array([0.7, 1.1])), [wanted(0.7), wanted(1.1)], rtol=1e-13)
    for derivative in (
        jax.grad,
        jax.jacfwd,
        jax.hessian,
        partial(jax.grad, argnums=1),
        lambda f: jax.jacrev(jax.jacrev(f)),
        lambda f: jax.jacrev(jax.jacfwd(f, argnums=1)),
        lambda f: jax.grad(jax.jit(f)),
    ):
        np.testing.assert_allclose(
            jax.jit(derivative(ours))(0.7, 0.3), jax.jit(derivative(wanted))(0.7, 0.3), rtol=1e-11
        )
    slopes, slope = jax.jit(jax.vmap(jax.grad(ours))), jax.jit(jax.grad(wanted))
    np.testing.assert_allclose(slopes(np.array([0.7, 1.1])), [slope(0.7), slope(1.1)], rtol=1e-11)


@pytest.mark.parametrize("dtype", [jnp.float64, jnp.float32])
def test_sum_over_rows(dtype):
    """Arrays that share a loop, one that is there twice, complex ones, whole numbers: the sum, and its derivatives."""
    x = jnp.linspace(-1, 1, 7, dtype=dtype)
    rows = jnp.asarray(np.random.default_rng(0).uniform(0.5, 1.5, (2, 3, 2)), dtype)

    def term(row, scale=1.0):
        wave = jnp.sin(scale * row[0] * x)
        result = {"a": wave, "b": (row[1] * wave**2, wave), "c": jnp.exp(1j * row[0] * x), "d": jnp.cos(row[1] * x)}
        return result | {"few": row[0] * x[:2], "number": row[1], "count": 1}

    def total(accumulated, scale):
        return accumulated(lambda row: term(row, scale), rows)

    def at_once(term, rows):
        return jax.tree.map(lambda *v: sum(v), *(term(row) for row in rows.reshape(-1, 2)))

    ours, wanted = (jax.jit(partial(total, f)) for f in (blocks.accumulated, at_once))
    near = {"rtol": 1e-12} if dtype == jnp.float64 else {"rtol": 1e-5}
    for a, b in zip(jax.tree.leaves(ours(dtype(0.7))), jax.tree.leaves(wanted(dtype(0.7)))):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, **near, atol=near["rtol"])

    for leaf in jax.tree.leaves(blocks.accumulated(term, rows[:0])):
        np.testing.assert_array_equal(leaf, np.zeros(leaf.shape))

    def number(f, scale):
        sums = f(scale)
        return (
            jnp.sum(sums["a"] * x**2) + jnp.sum(sums["b"][0] * sums["d"]) + jnp.sum(sums["b"][1] ** 2 * sums["c"].imag)
        )

    for derivative in (jax.grad, jax.jacfwd, jax.hessian, lambda f: jax.jacrev(jax.jacfwd(f))):
        slope, expected = (jax.jit(derivative(partial(number, f))) for f in (ours, wanted))
        np.testing.assert_allclose(slope(dtype(0.7)), expected(dtype(0.7)), **near)
        np.testing.assert_allclose(jax.vmap(slope)(jnp.full(2, 0.7, dtype)), [expected(dtype(0.7))] * 2, **near)


def test_sum_of_nothing_from_outside():
    assert blocks.in_blocks(lambda u: u * 2.0, parts=[np.arange(3.0)]) == 6.0


@pytest.mark.parametrize("block", [8, 64])
def test_sum_over_parts_in_blocks(monkeypatch, block):
    """Parts that are numbers, and that are arrays of positions; derivatives by all there is."""
    monkeypatch.setattr(blocks, "BLOCK", block)
    rng = np.random.default_rng(5)
    given = 0.7, rng.normal(size=30), rng.normal(size=5), rng.normal(size=(5, 30))

    def total(summed, a, x, shifts, weights):
        sums = summed(lambda x, d, w: [w * jnp.sin(a * (x + d)), a * jnp.stack([x, d * x])], x, [shifts, weights])
        return sum(jnp.sum(jnp.cos(s) @ x) for s in sums)

    def in_blocks(function, x, parts):
        return blocks.in_blocks(function, jnp.asarray(x), parts=[*map(jnp.asarray, parts)])

    def at_once(function, x, parts):
        return [sum(v) for v in zip(*(function(x, *part) for part in zip(*parts)))]

    ours, wanted = (partial(total, f) for f in (in_blocks, at_once))
    every = tuple(range(len(given)))
    for derivative in (jax.value_and_grad, jax.jacfwd, lambda f, _: jax.hessian(f)):
        results = (jax.tree.leaves(jax.jit(derivative(f, every))(*given)) for f in (ours, wanted))
        for a, b in zip(*results, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("derivative", [None, jax.grad])
@pytest.mark.parametrize("block", [2, 8])
def test_loops_are_of_arrays_alone(monkeypatch, block, derivative):
    """Numbers go through them as an array, and what depends on these alone comes before the loops over blocks."""
    monkeypatch.setattr(blocks, "BLOCK", block)
    x, shifts = jnp.linspace(0.0, 1.0, 6), jnp.linspace(-0.1, 0.1, 3)

    def total(numbers):
        a, b = jnp.exp(numbers[0]), numbers[1] * 2
        return jnp.sum(blocks.in_blocks(lambda x, d: jnp.sqrt(a * b) * jnp.sin(x * b + d), x, parts=[shifts]))

    trace = jax.make_jaxpr(derivative(total) if derivative else total)([0.3, 0.7]).jaxpr
    loops = [eqn for eqn in _equations(trace) if eqn.primitive.name == "scan"]
    assert len(loops) >= (2 if block == 2 else 1)
    for loop in loops:
        body = loop.params["jaxpr"].jaxpr
        assert not any(v.aval.shape == () for v in body.outvars)
        assert block > 2 or not any(eqn.primitive.name == "sqrt" for eqn in _equations(body))


def _equations(trace):
    """All equations of a trace, with those of the traces inside."""
    for eqn in trace.eqns:
        yield eqn
        for inner in traces_of(eqn):
            yield from _equations(inner)
