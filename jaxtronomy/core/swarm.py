"""Particle swarm optimisation on the device: pure steps, many of them in one program."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from .batch import batched, chunk_size
from .compile import jit
from .tree import Model, flatten

__all__ = ["Swarm", "SwarmHistory", "start", "step", "swarm_steps"]


class Swarm(NamedTuple):
    """State of a swarm of n particles in p dimensions.

    ``position, velocity, best_position`` are (n, p), ``fitness, best_fitness`` (n), the global ones (p) and ().
    """

    position: jax.Array
    velocity: jax.Array
    fitness: jax.Array
    best_position: jax.Array
    best_fitness: jax.Array
    global_position: jax.Array
    global_velocity: jax.Array
    global_fitness: jax.Array


class SwarmHistory(NamedTuple):
    """The global best after each step, and whether the step was made."""

    fitness: jax.Array
    position: jax.Array
    velocity: jax.Array
    made: jax.Array


def start(position: jax.Array, fitness: jax.Array, best: jax.Array, best_fitness: jax.Array) -> Swarm:
    """A swarm at rest.

    :param position: positions of the particles, (n, p)
    :param fitness: their fitness, (n)
    :param best: position of the best guess so far, (p)
    :param best_fitness: its fitness
    """
    rest = jnp.zeros_like(position)
    state = Swarm(position, rest, fitness, position, fitness, best, jnp.zeros_like(best), best_fitness)
    return _remember(state)


def step(key: jax.Array, state: Swarm, evaluate: Callable, c1: float, c2: float) -> Swarm:
    """One step: random inertia between 0.5 and 1, cognitive weight ``c1``, social weight ``c2``.

    :param key: random key
    :param state: the swarm
    :param evaluate: fitness of positions (n, p)
    """
    inertia, own, social = jax.random.uniform(key, (3, *state.position.shape), state.position.dtype)
    velocity = (
        (0.5 + inertia / 2) * state.velocity
        + c1 * own * (state.best_position - state.position)
        + c2 * social * (state.global_position[None, :] - state.position)
    )
    position = state.position + velocity
    return _remember(state._replace(position=position, velocity=velocity, fitness=evaluate(position)))


def _remember(state):
    """Personal and global bests brought up to date."""
    better = state.fitness > state.best_fitness
    i = jnp.argmax(state.fitness)
    found = state.fitness[i] > state.global_fitness
    return state._replace(
        best_position=jnp.where(better[:, None], state.position, state.best_position),
        best_fitness=jnp.where(better, state.fitness, state.best_fitness),
        global_position=jnp.where(found, state.position[i], state.global_position),
        global_velocity=jnp.where(found, state.velocity[i], state.global_velocity),
        global_fitness=jnp.where(found, state.fitness[i], state.global_fitness),
    )


def converged(state: Swarm, p: float, m: float, n: float) -> jax.Array:
    """Whether the best particles agree: the share ``p`` of them within ``m`` in mean fitness and ``n`` in position."""
    count = int(state.fitness.shape[0] * p)
    mean = jnp.mean(jnp.sort(state.best_fitness)[::-1][1:count])
    best = jnp.argsort(-state.fitness)[:count]
    distance = jnp.linalg.norm(state.position[best] - state.global_position[None, :], axis=1)
    return (jnp.abs(state.global_fitness - mean) < m) & (jnp.max(distance) < n)


@lru_cache(maxsize=128)
def _program(function, treedef, steps, chunk):
    """The compiled ``steps`` steps of a swarm that climbs ``function(model, position)``."""

    def steps_of_swarm(leaves, key, state, options):
        model = jax.tree.unflatten(treedef, leaves)
        c1, c2, m, n, stop, limit = (options[k] for k in ("c1", "c2", "m", "n", "stop", "limit"))

        def move(key, state):
            return step(key, state, lambda x: batched(function, model, x, chunk), c1, c2)

        def body(carry, turn):
            state, done = carry
            key, i = turn
            done = done | (state.global_fitness > stop) | ((m > 0) & converged(state, options["p"].value, m, n))
            done = done | (i >= limit)
            new = lax.cond(done, lambda _, s: s, move, key, state)
            row = SwarmHistory(new.global_fitness, new.global_position, new.global_velocity, ~done)
            return (new, done), row

        turns = jax.random.split(key, steps), jnp.arange(steps)
        (state, _), history = lax.scan(body, (state, jnp.zeros((), bool)), turns)
        return state, history

    return jit(steps_of_swarm)


def swarm_steps(
    function: Callable, model: Model, key: jax.Array, state: Swarm, steps: int, options: dict[str, Any]
) -> tuple[Swarm, SwarmHistory]:
    """``steps`` steps of a swarm, or fewer if it converges.

    :param function: pure function of a model and a vector, to be maximised
    :param model: the model
    :param key: random key
    :param state: the swarm
    :param steps: number of steps; every number is a program of its own, ``limit`` (at most that) is not
    :param options: ``limit``, the number of steps that are made; weights ``c1, c2``; the criteria ``p``
        (:class:`~jaxtronomy.core.tree.Static`), ``m, n`` of :func:`converged` (``m`` = 0: none); ``stop``: a fitness
        that is enough
    """
    leaves, treedef = flatten(model)
    chunk = chunk_size(leaves, len(state.position))
    return _program(function, treedef, steps, chunk)(leaves, key, state, options)
