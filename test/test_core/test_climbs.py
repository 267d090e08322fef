"""Batches, swarms and gradient ascents of pure functions."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxtronomy.core import batch, stack
from jaxtronomy.core.ascent import ascend, to_box, to_line
from jaxtronomy.core.jit import trace_count
from jaxtronomy.core.tree import Model
from jaxtronomy.Sampling.Samplers.pso import ParticleSwarmOptimizer


class Hill(Model):
    """A function of a vector with its maximum, 0, at ``top``."""

    _arrays = ("top", "weight")

    def __init__(self, top, kind="quadratic", weight=1.0):
        self.top, self.kind, self.weight = np.asarray(top, dtype=float), kind, np.asarray(weight)

    def _structure(self):
        return self.kind

    def value(self, x):
        y = x - self.top + 1.0
        if self.kind == "valley":
            return -self.weight * jnp.sum(100 * (y[1:] - y[:-1] ** 2) ** 2 + (1 - y[:-1]) ** 2)
        return -self.weight * jnp.sum((y - 1.0) ** 2 * (1.0 + jnp.arange(y.size)))

    def traced_function(self):
        return Hill.value, self

    def logL(self, x):
        return float(self.value(np.asarray(x)))

    def logL_batch(self, x):
        return batch.evaluate_batch(Hill.value, self, x)


@pytest.mark.parametrize("number", [1, 3, 64, 65, 300])
def test_batch(number):
    """As many values as rows, whatever their number, by one program; JAX arrays give JAX arrays."""
    hill = Hill([0.1, 0.2, 0.3])
    hill.logL_batch(np.zeros((2, 3)))
    before = trace_count()
    rows = np.random.default_rng(0).normal(size=(number, 3))
    values = hill.logL_batch(rows)
    assert trace_count() == before and type(values) is np.ndarray and values.flags.writeable
    np.testing.assert_allclose(values, [hill.logL(row) for row in rows], rtol=1e-14)
    traced = hill.logL_batch(jnp.asarray(rows))
    assert isinstance(traced, jax.Array)
    np.testing.assert_allclose(traced, values, rtol=1e-14)


def test_batch_of_nothing():
    assert Hill([0.0]).logL_batch(np.zeros((0, 1))).shape == (0,)


@pytest.mark.parametrize("number, chunk", [(20, 8), (5, 8), (7, 1), (64, 64)])
def test_parts_are_equal(number, chunk):
    hill = Hill([0.5, -0.5])
    rows = jnp.asarray(np.random.default_rng(1).normal(size=(number, 2)))
    out = batch.in_parts(hill.value, rows, chunk)
    np.testing.assert_allclose(out, [hill.logL(row) for row in rows], rtol=1e-14)


@pytest.mark.parametrize("chunk", [1, 4])
def test_only_some_chunks(chunk):
    """Trees of rows; chunks beyond the count are not evaluated."""
    rows = {"x": np.arange(12.0).reshape(12, 1), "k": np.arange(12)}
    run = jax.jit(lambda rows, count: batch.in_chunks(lambda r: (r["x"] ** 2, r["k"] + 1), rows, chunk, count))
    squares, following = run(rows, 8 // chunk)
    np.testing.assert_array_equal(squares[:8, 0], np.arange(8.0) ** 2)
    np.testing.assert_array_equal(following[:8], np.arange(1, 9))
    assert not np.any(squares[8:]) and not np.any(following[8:])
    np.testing.assert_array_equal(
        jax.jit(lambda r: batch.in_chunks(lambda x: x + 1, r, chunk))(rows["k"]),
        following[:8].tolist() + [9, 10, 11, 12],
    )


@pytest.mark.parametrize("together", [1, 2, 3])
@pytest.mark.parametrize("threads", ["1", "2", "3"])
def test_many_models(monkeypatch, together, threads):
    """Each with its own data and vector, whatever goes together; NumPy arrays in and out, derivatives of JAX arrays."""
    monkeypatch.setenv("JAXTRONOMY_CORES", threads)
    monkeypatch.setattr(stack, "chunk_size", lambda leaves, number: together)
    rng = np.random.default_rng(2)
    hills = [Hill(top) for top in rng.normal(size=(7, 2))]
    rows = rng.normal(size=(7, 2))
    wanted = [hill.logL(row) for hill, row in zip(hills, rows)]
    values = stack.evaluate_each(Hill.value, hills, rows)
    assert type(values) is np.ndarray
    np.testing.assert_allclose(values, wanted, rtol=1e-14)
    hills[2].top = hills[2].top + 1
    del hills[2].__dict__["_flat"]
    changed = stack.evaluate_each(Hill.value, hills, rows)
    wanted[2] = hills[2].logL(rows[2])
    np.testing.assert_allclose(changed, wanted, rtol=1e-14)
    assert changed[2] != values[2]
    total = jax.jit(lambda a: stack.evaluate_each(Hill.value, hills, a).sum())
    assert total(rows) == pytest.approx(sum(wanted), rel=1e-13)
    slopes = jax.grad(total)(jnp.asarray(rows))
    np.testing.assert_allclose(slopes, [jax.grad(hill.value)(row) for hill, row in zip(hills, rows)], rtol=1e-12)


def test_models_that_differ():
    with pytest.raises(ValueError, match="model 1 differs"):
        stack.evaluate_each(Hill.value, [Hill([0.0]), Hill([0.0], "valley")], np.zeros((2, 1)))
    with pytest.raises(ValueError, match=r"model 2 has data of the shape \(2,\)"):
        stack.evaluate_each(Hill.value, [Hill([0.0]), Hill([1.0]), Hill([0.0, 0.0])], np.zeros((3, 1)))
    with pytest.raises(ValueError, match=r"2 models need \(2, parameters\)"):
        stack.evaluate_each(Hill.value, [Hill([0.0]), Hill([1.0])], np.zeros((3, 1)))
    assert stack.evaluate_each(Hill.value, [], np.zeros((0, 1))).shape == (0,)


def test_box():
    """There and back, also very close to a limit; a start at a limit moves inwards."""
    lower, upper = np.array([-2.0, 0.0, 0.0]), np.array([3.0, 1e-3, 1.0])
    x = np.array([0.3, 9e-4, 1e-7])
    np.testing.assert_allclose(to_box(to_line(x, lower, upper), lower, upper), x, rtol=1e-9)
    assert np.all(np.isfinite(to_line(upper, lower, upper)))


def test_ascent():
    """A curved valley, from several starts; the best values never fall, another hill needs no other program."""
    starts = np.random.default_rng(0).uniform(-0.5, 1.5, (4, 3))
    limits = np.full(3, -3.0), np.full(3, 3.0)
    ends, history = ascend(Hill.value, Hill([0.5, 0.4, 0.3], "valley"), starts, *limits, tolerance=1e-10)
    np.testing.assert_allclose(ends, np.tile([0.5, 0.4, 0.3], (4, 1)), atol=1e-3)
    assert history.shape[1] == 4 and np.all(np.diff(history, axis=0) >= -1e-12)
    assert len(history) <= 200  # evaluations
    before = trace_count()
    ascend(Hill.value, Hill([0.1, 0.2, 0.3], "valley", weight=5.0), starts, *limits, maxiter=20)
    assert trace_count() == before


def test_ascent_to_a_limit():
    """A maximum beyond a limit is approached up to it."""
    ends, _ = ascend(Hill.value, Hill([0.5, 2.0]), np.zeros((1, 2)), np.full(2, -1.0), np.full(2, 1.0), tolerance=1e-8)
    assert ends[0, 0] == pytest.approx(0.5, abs=1e-3) and 0.999 < ends[0, 1] <= 1


def cliff(model, x):
    """A hill that is not a number on one side, with a constant where it is not defined."""
    return jnp.where(x[0] > 0.6, jnp.nan, Hill.value(model, x))


def test_ascent_beside_what_is_not_finite():
    """A step off the edge is taken back; a start off the edge stays where it is."""
    starts = np.array([[0.0, 0.0], [0.9, 0.0]])
    ends, _ = ascend(cliff, Hill([0.55, 0.3]), starts, np.full(2, -1.0), np.full(2, 1.0), tolerance=1e-10)
    np.testing.assert_allclose(ends[0], [0.55, 0.3], atol=1e-3)
    np.testing.assert_allclose(ends[1], starts[1], atol=1e-6)


def test_swarm_stops():
    """It stops where it is told to, or has converged; steps that are not a multiple of those of one program count."""
    np.random.seed(0)
    hill = Hill([0.3, -0.2])

    def swarm():
        return ParticleSwarmOptimizer(hill.logL, [-1, -1], [1, 1], 30)

    for steps in (7, 23):
        result, (values, positions, velocities) = swarm().optimize(steps, verbose=False, m=0)
        assert len(values) == len(positions) == len(velocities) == steps
        assert np.all(np.diff(values) >= 0)
    result, (values, *_) = swarm().optimize(500, verbose=False)
    assert len(values) < 200
    np.testing.assert_allclose(result, hill.top, atol=1e-2)
    before = trace_count()
    _, (values, *_) = swarm().optimize(500, verbose=False, early_stop_tolerance=1e-3)
    assert trace_count() == before
    assert values[-1] > -0.5e-3 >= values[-2]


def test_swarm_in_a_loop_does_the_same():
    """The loop over particles converges to the same place as the program."""
    np.random.seed(1)
    hill = Hill([0.3, -0.2])
    swarm = ParticleSwarmOptimizer(lambda x: hill.logL(x), [-1, -1], [1, 1], 30)
    result, (values, *_) = swarm.optimize(100, verbose=False)
    assert np.all(np.diff(values) >= 0)
    np.testing.assert_allclose(result, hill.top, atol=1e-2)
