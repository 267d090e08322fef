"""Gradient ascent from many starts at once: L-BFGS in coordinates without limits."""

from collections.abc import Callable
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax

from .compile import to_numpy
from .jit import jit
from .threads import cores, in_threads, on_cpu
from .tree import Model, flatten

__all__ = ["ascend", "to_box", "to_line"]

FLAT = 2  # iterations in a row without progress after which a start has converged
EDGE = 1e-9  # relative distance from a limit within which a start is moved inwards


def to_box(u: jax.Array, lower: jax.Array, upper: jax.Array) -> jax.Array:
    """A vector without limits, brought between its limits."""
    return lower + (upper - lower) * jax.nn.sigmoid(u)


def to_line(x: jax.Array, lower: jax.Array, upper: jax.Array) -> jax.Array:
    """The inverse of :func:`to_box`; vectors at a limit are moved inwards a little."""
    share = jnp.clip((x - lower) / (upper - lower), EDGE, 1 - EDGE)
    return jnp.log(share) - jnp.log1p(-share)


def _strong(tree):
    """The arrays with types of their own: a state comes out as it went in, and needs no second program."""
    return jax.tree.map(lambda a: lax.convert_element_type(a, a.dtype), tree)


@lru_cache(maxsize=128)
def _programs(function, treedef, steps):
    """The compiled start, and the compiled L-BFGS iterations of some starts, those that have converged at rest."""
    method = optax.lbfgs()

    def ascent(leaves, states, lower, upper, tolerance):
        model = jax.tree.unflatten(treedef, leaves)

        def loss(u):
            return -function(model, to_box(u, lower, upper))

        value_and_grad = optax.value_and_grad_from_state(loss)

        def iterate(state):
            u, inner, best, flat = state
            value, grad = value_and_grad(u, state=inner)
            grad = jnp.where(jnp.isfinite(grad), grad, 0.0)
            updates, new = method.update(grad, inner, u, value=value, grad=grad, value_fn=loss)
            moved = optax.apply_updates(u, updates)
            moved = jnp.where(jnp.isfinite(moved), moved, u)
            return moved, new, value, jnp.where(jnp.abs(best - value) <= tolerance, flat + 1, 0)

        def step(state, _):
            state = lax.cond(state[3] >= FLAT, lambda s: s, iterate, state)
            return state, state[2]

        def climb(state):
            return lax.scan(step, state, None, length=steps)

        if len(states[0]) == 1:  # not vectorised, so that a condition is one
            states, values = jax.tree.map(lambda v: v[None], climb(jax.tree.map(lambda v: v[0], states)))
        else:
            states, values = jax.vmap(climb)(states)
        return _strong(states), values

    def initial(starts, lower, upper):
        u = jax.vmap(lambda x: to_line(x, lower, upper))(starts)
        infinite = jnp.full(len(u), jnp.inf, u.dtype)
        return _strong((u, jax.vmap(method.init)(u), infinite, jnp.zeros(len(u), int)))

    return jit(initial), jit(ascent)


def ascend(
    function: Callable,
    model: Model,
    starts: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    maxiter: int = 500,
    tolerance: float = 1e-4,
    steps: int = 20,
    report: Callable | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Maximise a pure function within limits, from many starts at once.

    :param function: pure function of a model and a vector
    :param model: the model
    :param starts: starts, (n, parameters)
    :param lower: lower limits
    :param upper: upper limits
    :param maxiter: largest number of iterations
    :param tolerance: change of the function between iterations below which a start has converged
    :param steps: iterations in one call of the program
    :param report: called after each of these with the number of iterations and the best values so far
    :return: ends (n, parameters), history of the function (iterations, n)
    """
    leaves, treedef = flatten(model)
    initial, ascent = _programs(function, treedef, steps)
    lower, upper = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
    starts = np.asarray(starts, dtype=float)
    # on a CPU one by one, so that none waits for another's line search
    parts = np.split(starts, len(starts)) if on_cpu() else [starts]
    states, rows = [initial(part, lower, upper) for part in parts], [None] * len(parts)

    def turn(i):
        states[i], values = ascent(leaves, states[i], lower, upper, float(tolerance))
        rows[i] = -to_numpy(values)

    history, made, climbing = [], 0, list(range(len(parts)))
    while made < maxiter and climbing:
        in_threads(turn, climbing, cores(), (ascent, starts.shape[1], *map(np.shape, leaves)))
        history.append(np.concatenate(rows).T)
        made += steps
        if report is not None:
            report(min(made, maxiter), history[-1][-1])
        climbing = [i for i in climbing if np.any(np.asarray(states[i][3]) < FLAT)]
        for i in set(range(len(parts))).difference(climbing):
            rows[i] = np.repeat(rows[i][:, -1:], steps, axis=1)
    ends = np.concatenate([to_numpy(jax.vmap(lambda u: to_box(u, lower, upper))(state[0])) for state in states])
    return ends, np.concatenate(history)
