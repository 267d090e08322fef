"""Gradient ascent from many starts at once: L-BFGS in coordinates without limits.

An iteration is one evaluation of the function and its gradient: the search along a line is part of the state. So the
program holds the function once, and starts that are vectorised never wait for each other.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from .compile import jit, to_numpy
from .numerics import safe_divide
from .tree import Model, flatten

__all__ = ["ascend", "to_box", "to_line"]

FLAT = 2  # iterations in a row without progress after which a start has converged
MEMORY = 10  # steps that a direction is made of
FIRST = 0.1  # length of the first step
ARMIJO = 1e-4  # share of the expected gain that a step has to bring
NOISE = 1e-13  # relative rounding error of the function
SHORTEST, STUCK = 1e-2, 1e-12  # by how much a step is shortened at most; the length below which it is given up
EDGE = 1e-9  # relative distance from a limit within which a start is moved inwards


def to_box(u: jax.Array, lower: jax.Array, upper: jax.Array) -> jax.Array:
    """A vector without limits, brought between its limits."""
    return lower + (upper - lower) * jax.nn.sigmoid(u)


def to_line(x: jax.Array, lower: jax.Array, upper: jax.Array) -> jax.Array:
    """The inverse of :func:`to_box`; vectors at a limit are moved inwards a little."""
    share = jnp.clip((x - lower) / (upper - lower), EDGE, 1 - EDGE)
    return jnp.log(share) - jnp.log1p(-share)


class _Climb(NamedTuple):
    """Where one ascent stands; ``loss`` is the negative of the function.

    ``u, loss, slope`` (p): the best point, the loss and its gradient there. ``direction, length``: the step that is
    tried next. ``steps, turns`` (memory, p), ``weights`` (memory): the last steps, the changes of the gradient along
    them and the inverses of their products, the newest first. ``flat``: how often in a row nothing was gained.
    """

    u: jax.Array
    loss: jax.Array
    slope: jax.Array
    direction: jax.Array
    length: jax.Array
    steps: jax.Array
    turns: jax.Array
    weights: jax.Array
    flat: jax.Array


def _begin(u):
    """Before the first evaluation, which is at the start itself."""
    none, memory = jnp.zeros_like(u), jnp.zeros((MEMORY, *u.shape), u.dtype)
    zero = jnp.zeros((), u.dtype)
    return _Climb(u, zero + jnp.inf, none, none, zero, memory, memory, memory[:, 0], jnp.zeros((), int))


def _descent(state):
    """The quasi-Newton direction by the two-loop recursion (Nocedal & Wright 2006, algorithm 7.4)."""

    def back(q, row):
        step, turn, weight = row
        share = weight * (step @ q)
        return q - share * turn, share

    def forth(r, row):
        step, turn, weight, share = row
        return r + (share - weight * (turn @ r)) * step, None

    rows = (state.steps, state.turns, state.weights)
    q, shares = lax.scan(back, state.slope, rows)
    curvature = state.weights[0] * (state.turns[0] @ state.turns[0])
    size = jnp.sqrt(state.slope @ state.slope)
    scale = jnp.where(curvature > 0, safe_divide(1.0, curvature), safe_divide(FIRST, size))
    return -lax.scan(forth, scale * q, (*rows, shares), reverse=True)[0]


def _move(state, trial, loss, slope, tolerance):
    """After the loss and its gradient at the trial point were evaluated: go there, or try a shorter step."""
    expected = state.length * (state.slope @ state.direction)
    start = jnp.isinf(state.loss)
    known = jnp.where(start, loss, state.loss)
    good = jnp.isfinite(loss) & jnp.all(jnp.isfinite(slope))
    accepted = good & (start | (loss <= known + ARMIJO * expected + NOISE * jnp.abs(known)))

    step, turn = trial - state.u, slope - state.slope
    product = step @ turn
    useful = accepted & (product > NOISE * (turn @ turn)) & ~start
    memory = [
        jnp.where(useful, jnp.concatenate([new[None], old[:-1]]), old)
        for new, old in (
            (step, state.steps),
            (turn, state.turns),
            (safe_divide(1.0, product), state.weights),
        )
    ]
    there = state._replace(
        u=trial,
        loss=loss,
        slope=slope,
        length=jnp.ones_like(state.length),
        steps=memory[0],
        turns=memory[1],
        weights=memory[2],
    )
    there = there._replace(direction=_descent(there))
    # nothing was gained, and nothing is expected of the next step
    small = ~start & (known - loss <= tolerance) & (-(there.slope @ there.direction) <= 2 * tolerance)
    there = there._replace(flat=jnp.where(small, state.flat + 1, 0))

    # the minimum of the parabola through what is known, within a range of shorter steps
    bend = 2 * (loss - known - expected)
    parabola = jnp.where(good & (bend > 0), safe_divide(-expected, bend), 0.0)
    shorter = state.length * jnp.clip(parabola, SHORTEST, 0.5)
    # where even the shortest steps fail, forget the past and follow the gradient; where that fails, stay
    lost = shorter < STUCK
    blank = state._replace(weights=jnp.zeros_like(state.weights))
    again = blank._replace(direction=_descent(blank), length=jnp.ones_like(state.length), flat=state.flat + 1)
    here = jax.tree.map(lambda a, b: jnp.where(lost, a, b), again, state._replace(length=shorter))
    return jax.tree.map(lambda a, b: jnp.where(accepted, a, b), there, here)


@lru_cache(maxsize=128)
def _program(function, treedef, steps, together):
    """The compiled iterations from many starts; a start that has converged stays where it is.

    On a CPU the starts take turns (``together`` = 1): one that has converged costs nothing.
    """

    def ascent(leaves, states, lower, upper, tolerance):
        model = jax.tree.unflatten(treedef, leaves)
        value_and_grad = jax.value_and_grad(lambda u: -function(model, to_box(u, lower, upper)))

        def iterate(state):
            trial = state.u + state.length * state.direction
            return _move(state, trial, *value_and_grad(trial), tolerance)

        def step(state, _):
            state = lax.cond(state.flat >= FLAT, lambda s: s, iterate, state)
            return state, state.loss

        def climb(state):
            return lax.scan(step, state, None, length=steps)

        # vectorised, a start that has converged would still be evaluated
        states, losses = lax.map(climb, states, batch_size=None if together == 1 else together)
        return states, losses.T

    return jit(ascent)


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
    together = 1 if jax.devices()[0].platform == "cpu" else len(starts)
    ascent = _program(function, treedef, steps, together)
    lower, upper = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
    states = jax.vmap(lambda x: _begin(to_line(x, lower, upper)))(np.asarray(starts, dtype=float))
    history, made = [], 0
    while made < maxiter:
        states, values = ascent(leaves, states, lower, upper, float(tolerance))
        history.append(-to_numpy(values))
        made += steps
        if report is not None:
            report(min(made, maxiter), history[-1][-1])
        if np.all(np.asarray(states.flat) >= FLAT):
            break
    ends = to_numpy(jax.vmap(lambda u: to_box(u, lower, upper))(states.u))
    return ends, np.concatenate(history)
