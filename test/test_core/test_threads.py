"""Programs whose long loops are shared by threads: the same numbers as by one."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from jaxtronomy.core import blocks, divided, threads
from jaxtronomy.core.jit import trace_count
from jaxtronomy.core.settings import with_threads

POSITIONS = np.random.default_rng(1).normal(size=(2, 100))


def brightness(positions, parameters, power=2):
    """Of two bands: blocks of positions within a program within the program, and sums over four planes."""

    @jax.jit
    def band(x, y, a):
        planes = [jnp.linspace(-0.1, 0.1, 4)]
        return blocks.in_blocks(lambda u, v, d: [jnp.sin(a * (u + d)) * v, a + d * u], x, y, parts=planes)

    (x, y), (a, b) = positions, parameters
    images = [*band(x, y, a), *band(x, y, a * b), jnp.full(3, b)]
    return jnp.stack([jnp.sum(i**power) for i in images]), {"a": a, "one": 1.0}


@pytest.fixture
def shared(monkeypatch):
    """What divides all loops, among so many threads; the parts that were run are in ``parts``."""
    monkeypatch.setattr(blocks, "BLOCK", 16)
    monkeypatch.setattr(divided, "LONG", 1)
    parts = set()
    run = divided.in_threads

    def in_threads(call, *args):
        return run(lambda part: parts.add(part) or call(part), *args)

    monkeypatch.setattr(divided, "in_threads", in_threads)

    def make(function, workers):
        monkeypatch.setenv("JAXTRONOMY_CORES", str(workers))
        return divided.Divided(function)

    make.parts = parts
    return make


@pytest.mark.parametrize("n, workers, parts", [(100, 2, 2), (97, 4, 3), (100, 16, 6)])  # six blocks
def test_threads_change_no_number(shared, n, workers, parts):
    positions, parameters = POSITIONS[:, :n], np.array([0.7, 1.3])
    ours = shared(brightness, workers)
    value, slope = jax.jit(brightness), jax.jit(jax.jacrev(lambda *p: brightness(*p)[0], argnums=1))
    for _ in range(2):
        result, expected = ours(positions, parameters), value(positions, parameters)
        assert jax.tree.structure(result) == jax.tree.structure(expected)
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-13), result, expected)
    assert len(shared.parts) == parts
    derivative = shared(jax.jacrev(lambda *p: brightness(*p)[0], argnums=1), workers)
    shared.parts.clear()
    for a in (parameters, 2 * parameters):
        np.testing.assert_allclose(derivative(positions, a), slope(positions, a), rtol=1e-12)
    assert len(shared.parts) == parts


def test_one_program_for_all_parts_and_calls(shared):
    ours = shared(brightness, 3)
    ours(POSITIONS, np.array([0.7, 1.3]))
    traces, parts = trace_count(), trace_count("part")
    ours(POSITIONS, np.array([0.2, 1.0]))
    assert trace_count() == traces
    ours(POSITIONS[:, :90], np.array([0.2, 1.0]))  # of another shape
    assert trace_count("part") == parts + 2  # the two bands


def test_steps_that_need_each_other_stay_together(shared):
    def recursion(x, a):
        def step(state, v):
            total, number = state
            total = total * a + v
            return (total, number + 1), total

        return lax.scan(step, (jnp.zeros(3), 0), x)

    def twice(x, a):
        """The sum is used within the loop too."""
        return lax.scan(lambda total, v: (total + a * v, total), jnp.zeros(3), x)

    x = np.random.default_rng(2).normal(size=(5, 3))
    for function in (recursion, twice):
        jax.tree.map(np.testing.assert_array_equal, shared(function, 2)(x, 0.9), jax.jit(function)(x, 0.9))
    assert not shared.parts


def test_within_transformations_and_threads(shared):
    """The whole program, where it is part of another one or where others run beside it."""
    ours, a = shared(lambda *p: brightness(*p)[0][0], 2), jnp.array([0.7, 1.3])
    plain = jax.jit(lambda *p: brightness(*p)[0][0])
    np.testing.assert_allclose(jax.grad(ours, 1)(POSITIONS, a), jax.grad(plain, 1)(POSITIONS, a), rtol=1e-12)
    batch = jnp.stack([a, 2 * a])
    np.testing.assert_allclose(jax.vmap(ours, (None, 0))(POSITIONS, batch), [plain(POSITIONS, b) for b in batch])
    assert not shared.parts
    assert threads.cores() == 2
    assert threads.in_threads(lambda _: threads.cores(), range(4), 2, "numbers of cores") == [1] * 4
    assert threads.cores() == 2
    parts = trace_count("part")
    threads.in_threads(lambda b: ours(POSITIONS, b), [a, 2 * a, 3 * a], 2, "programs")
    assert trace_count("part") == parts


def test_an_error_in_a_thread_reaches_the_caller():
    def fails(part):
        raise ValueError(f"part {part}")

    with pytest.raises(ValueError, match="part 0"):
        threads.in_threads(fails, range(4), 2, "one that fails")
    assert threads.cores() >= 1
    with pytest.raises(ValueError, match="part"):
        threads.in_threads(fails, range(4), 2, "one that fails")


def test_one_core(shared):
    ours = shared(brightness, 1)
    ours(POSITIONS, np.array([0.7, 1.3]))
    assert not shared.parts


def test_large_transforms_take_threads_of_xla(monkeypatch):
    """Also those of the steps of a loop; small ones, and within one of several threads, none does."""
    compiled = []
    monkeypatch.setattr(divided, "WIDE", 200)
    monkeypatch.setattr(divided, "with_threads", lambda: compiled.append(True) or with_threads())
    monkeypatch.setenv("JAXTRONOMY_CORES", "2")
    images = np.random.default_rng(5).normal(size=(3, 16, 16))
    blurred = divided.Divided(lambda images: lax.map(lambda v: jnp.fft.irfft2(jnp.fft.rfft2(v) * 2), images))
    np.testing.assert_allclose(blurred(images[:, :8]), 2 * images[:, :8], atol=1e-12)
    assert not compiled
    monkeypatch.setenv("JAXTRONOMY_CORES", "1")
    np.testing.assert_allclose(blurred(images), 2 * images, atol=1e-12)
    assert not compiled
    monkeypatch.setenv("JAXTRONOMY_CORES", "2")
    for scale in (1, 3):
        np.testing.assert_allclose(blurred(scale * images), 2 * scale * images, atol=1e-12)
    assert compiled == [True]
