"""Particle swarm optimisation.

All particles of a likelihood that is one program are evaluated at once; those of any other function one by one. Authors
of the algorithm as it stands in lenstronomy: J. Akeret, S. Birrer, A. Shajib.
"""

import copy

import jax
import numpy as np
from tqdm import tqdm

from jaxtronomy.core.batch import evaluate_batch
from jaxtronomy.core.compile import to_numpy
from jaxtronomy.core.swarm import converged, move, remember, start

__all__ = ["Particle", "ParticleSwarmOptimizer"]


class Particle:
    """One particle."""

    def __init__(self, position, velocity, fitness=0):
        """
        :param position: position
        :param velocity: velocity
        :param fitness: fitness
        """
        self.position, self.velocity, self.fitness = list(position), list(velocity), fitness
        self.param_count = len(self.position)
        self._personal_best = None

    @property
    def personal_best(self):
        """The particle where it was best."""
        return self if self._personal_best is None else self._personal_best

    @classmethod
    def create(cls, param_count):
        """A particle that is worse than any other.

        :param param_count: number of parameters
        """
        return cls(np.array([[]] * param_count), np.array([[]] * param_count), -np.inf)

    def update_personal_best(self):
        """Remember the particle as it is as its personal best."""
        self._personal_best = self.copy()

    def copy(self):
        """A copy without memory."""
        return Particle(copy.copy(self.position), copy.copy(self.velocity), self.fitness)

    def __str__(self):
        return f"{self.fitness:f}, pos: {self.position} velocity: {self.velocity}"

    def __lt__(self, other):
        return self.fitness > other.fitness


class ParticleSwarmOptimizer:
    """A swarm that looks for the maximum of a function."""

    def __init__(self, func, low, high, particle_count=25, pool=None, args=None, kwargs=None):
        """
        :param func: function ``func(x, *args, **kwargs)`` of a vector, to be maximised
        :param low: lower limits of the first positions
        :param high: upper limits of the first positions
        :param particle_count: number of particles
        :param pool: object with a ``map`` method by which ``func`` is evaluated, or None
        :param args: further arguments of ``func``
        :param kwargs: further keyword arguments of ``func``
        """
        self.low, self.high = list(low), list(high)
        self.particleCount = particle_count
        self.pool = pool
        self.param_count = len(self.low)
        self.swarm = self._init_swarm()
        self.global_best = Particle.create(self.param_count)
        self.func = func
        self._args, self._kwargs = tuple(args or ()), dict(kwargs or {})

    def __getstate__(self):
        return {**self.__dict__, "pool": None}

    def set_global_best(self, position, velocity, fitness):
        """Set the best position known.

        :param position: position
        :param velocity: velocity
        :param fitness: fitness
        """
        self.global_best.position, self.global_best.velocity = list(position), list(velocity)
        self.global_best.fitness = fitness

    def _init_swarm(self):
        """Particles at rest, uniformly within the limits."""
        size = (self.particleCount, self.param_count)
        return [Particle(p, np.zeros(self.param_count)) for p in np.random.uniform(self.low, self.high, size=size)]

    def is_master(self):
        """Whether this process is the one that reports."""
        return self.pool is None or self.pool.is_master()

    def _traced(self):
        """The pure function and the model that stand behind ``func``, or None."""
        likelihood = getattr(self.func, "__self__", None)
        if self.pool is not None or self._args or self._kwargs or not hasattr(likelihood, "traced_function"):
            return None
        return likelihood.traced_function()

    def sample(
        self,
        max_iter=1000,
        c1=1.193,
        c2=1.193,
        p=0.7,
        m=1e-3,
        n=1e-2,
        early_stop_tolerance=None,
        verbose=True,
    ):
        """Move the swarm; yields its particles after each step.

        :param max_iter: largest number of steps
        :param c1: cognitive weight
        :param c2: social weight
        :param p: share of the particles that has to agree for the swarm to be converged
        :param m: to this difference of their mean fitness from the best one
        :param n: and to this distance from it
        :param early_stop_tolerance: a chi^2 at which to stop, or None
        :param verbose: whether the end is announced
        """
        self._get_fitness(self.swarm)
        i = 0
        while True:
            best = max(self.swarm, key=lambda particle: particle.fitness)
            if self.global_best.fitness < best.fitness:
                self.global_best = best.copy()
            for particle in self.swarm:
                if particle.fitness > particle.personal_best.fitness:
                    particle.update_personal_best()
            if i >= max_iter or self._converged(i, p=p, m=m, n=n):
                self._announce(i, max_iter, verbose)
                return
            if early_stop_tolerance is not None and self._acceptable_convergence(early_stop_tolerance):
                return
            for particle in self.swarm:
                inertia, own, social = np.random.uniform(0, 1, size=(3, self.param_count))
                position = np.array(particle.position)
                velocity = (
                    (0.5 + inertia / 2) * np.array(particle.velocity)
                    + c1 * own * (np.array(particle.personal_best.position) - position)
                    + c2 * social * (np.array(self.global_best.position) - position)
                )
                particle.velocity, particle.position = list(velocity), list(position + velocity)
            self._get_fitness(self.swarm)
            yield [particle.copy() for particle in self.swarm]
            i += 1

    def _announce(self, made, max_iter, verbose):
        """Say why the swarm stopped."""
        if not (verbose and self.is_master()):
            return
        if made >= max_iter:
            print("Max iteration reached! Stopping.")
        else:
            print(f"Converged after {made} iterations!")
            print("Best fit found: ", self.global_best.fitness, self.global_best.position)

    def optimize(
        self,
        max_iter=1000,
        verbose=True,
        c1=1.193,
        c2=1.193,
        p=0.7,
        m=1e-3,
        n=1e-2,
        early_stop_tolerance=None,
    ):
        """Move the swarm until it stops; parameters as in :meth:`sample`.

        :return: best position; lists of the best fitness, position and velocity after each step
        """
        fitness, positions, velocities = [], [], []
        traced = self._traced()
        with tqdm(total=max_iter, disable=not (verbose and self.is_master())) as bar:
            if traced is not None:
                for best in self._in_batches(*traced, max_iter, c1, c2, p, m, n, early_stop_tolerance):
                    for history, value in zip((fitness, positions, velocities), best):
                        history.append(value)
                    bar.update(1)
                self._announce(len(fitness), max_iter, verbose)
            else:
                for _ in self.sample(max_iter, c1, c2, p, m, n, early_stop_tolerance, verbose):
                    fitness.append(self.global_best.fitness)
                    positions.append(self.global_best.position)
                    velocities.append(self.global_best.velocity)
                    bar.update(1)
        return self.global_best.position, [fitness, positions, velocities]

    def _in_batches(self, function, model, max_iter, c1, c2, p, m, n, early_stop_tolerance):
        """The same, all particles evaluated at once; yields best fitness, position and velocity after each step."""
        enough = np.inf if early_stop_tolerance is None else -early_stop_tolerance / 2
        position = np.array([particle.position for particle in self.swarm], dtype=float)
        values = evaluate_batch(function, model, position)
        best = self.global_best
        if not np.isfinite(best.fitness):
            i = int(np.argmax(values))
            best = Particle(position[i], np.zeros(self.param_count), values[i])
        # through NumPy's generator, so that its seed makes the run reproducible
        key = jax.random.key(np.random.randint(0, 2**31 - 1))
        state = start(position, values, np.asarray(best.position, dtype=float), np.asarray(best.fitness, dtype=float))
        count = int(self.particleCount * p)
        try:
            for _ in range(max_iter):
                if state.global_fitness > enough or (m > 0 and converged(state, count, m, n)):
                    return
                key, now = jax.random.split(key)
                moved = move(now, state, c1, c2)
                state = remember(moved, evaluate_batch(function, model, moved.position))
                yield to_numpy((state.global_fitness, state.global_position, state.global_velocity))
        finally:
            self._take(state)

    def _take(self, state):
        """The state of the swarm as particles."""
        state = to_numpy(state)
        self.set_global_best(state.global_position, state.global_velocity, float(state.global_fitness))
        for i, particle in enumerate(self.swarm):
            particle.position, particle.velocity = list(state.position[i]), list(state.velocity[i])
            particle.fitness = float(state.fitness[i])
            particle._personal_best = Particle(state.best_position[i], state.velocity[i], float(state.best_fitness[i]))

    def _get_fitness(self, swarm):
        """Evaluate the particles."""
        evaluate = map if self.pool is None else self.pool.map
        positions = [particle.position for particle in swarm]
        for particle, value in zip(swarm, evaluate(self._evaluate, positions)):
            particle.fitness = value

    def _evaluate(self, x):
        """The function, with its further arguments."""
        return self.func(x, *self._args, **self._kwargs)

    def _converged(self, it, p, m, n):
        """Whether the swarm has converged in fitness and position."""
        return self._converged_fit(it=it, p=p, m=m) and self._converged_space(it=it, p=p, m=n)

    def _converged_fit(self, it, p, m):
        """Whether the best particles agree in fitness."""
        best = np.sort([particle.personal_best.fitness for particle in self.swarm])[::-1]
        return abs(self.global_best.fitness - np.mean(best[1 : int(self.particleCount * p)])) < m

    def _converged_space(self, it, p, m):
        """Whether the best particles agree in position."""
        best = sorted(self.swarm)[: int(self.particleCount * p)]
        distance = np.array([particle.position for particle in best]) - np.array(self.global_best.position)
        return np.max(np.linalg.norm(distance, axis=1)) < m

    def _converged_space2(self, p):
        """Whether the mean of the best particles agrees with the best one (Ruiz et al.)."""
        best = sorted(self.swarm)[: int(self.particleCount * p)]
        mean = np.mean([particle.position for particle in best], axis=0)
        target = np.array(self.global_best.position)
        return np.log10(np.mean((mean - target) / target)) < -3.0

    def _acceptable_convergence(self, chi_square_tolerance):
        """Whether the best chi^2 is below a tolerance."""
        return bool(np.min(-2 * np.asarray(self.global_best.fitness)) < chi_square_tolerance)
