"""Particle swarm optimisation: pure steps, the evaluations between them in batches."""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp

from .jit import jit

__all__ = ["Swarm", "converged", "move", "remember", "start"]


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


def start(position: jax.Array, fitness: jax.Array, best: jax.Array, best_fitness: jax.Array) -> Swarm:
    """A swarm at rest.

    :param position: positions of the particles, (n, p)
    :param fitness: their fitness, (n)
    :param best: position of the best guess so far, (p)
    :param best_fitness: its fitness
    """
    rest = jnp.zeros_like(position)
    state = Swarm(position, rest, fitness, position, fitness, best, jnp.zeros_like(best), best_fitness)
    return remember(jax.tree.map(jnp.asarray, state), fitness)


@jit
def move(key: jax.Array, state: Swarm, c1: float, c2: float) -> Swarm:
    """One step: random inertia between 0.5 and 1, cognitive weight ``c1``, social weight ``c2``.

    :param key: random key
    :param state: the swarm
    :return: the swarm with new positions and velocities, the rest as it was
    """
    inertia, own, social = jax.random.uniform(key, (3, *state.position.shape), state.position.dtype)
    velocity = (
        (0.5 + inertia / 2) * state.velocity
        + c1 * own * (state.best_position - state.position)
        + c2 * social * (state.global_position[None, :] - state.position)
    )
    return state._replace(position=state.position + velocity, velocity=velocity)


@jit
def remember(state: Swarm, fitness: jax.Array) -> Swarm:
    """The swarm with the fitness of its positions, personal and global bests brought up to date."""
    better = fitness > state.best_fitness
    i = jnp.argmax(fitness)
    found = fitness[i] > state.global_fitness
    return state._replace(
        fitness=fitness,
        best_position=jnp.where(better[:, None], state.position, state.best_position),
        best_fitness=jnp.where(better, fitness, state.best_fitness),
        global_position=jnp.where(found, state.position[i], state.global_position),
        global_velocity=jnp.where(found, state.velocity[i], state.global_velocity),
        global_fitness=jnp.where(found, fitness[i], state.global_fitness),
    )


@partial(jit, static_argnames="count")
def converged(state: Swarm, count: int, m: float, n: float) -> jax.Array:
    """Whether the best ``count`` particles agree: within ``m`` in mean fitness and ``n`` in position."""
    mean = jnp.mean(jnp.sort(state.best_fitness)[::-1][1:count])
    best = jnp.argsort(-state.fitness)[:count]
    distance = jnp.linalg.norm(state.position[best] - state.global_position[None, :], axis=1)
    return (jnp.abs(state.global_fitness - mean) < m) & (jnp.max(distance) < n)
