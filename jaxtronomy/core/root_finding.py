"""Systems of few non-linear equations, inside programs: Levenberg-Marquardt steps and implicit derivatives."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import lax

from .numerics import safe_sqrt

__all__ = ["levenberg_marquardt", "with_implicit_derivative"]


def levenberg_marquardt(residual: Callable, start, tolerance=1.5e-12, max_iterations: int = 100) -> jax.Array:
    """Least-squares solution of ``residual(x) = 0`` (Levenberg 1944, Marquardt 1963, with the scaling of the latter).

    :param residual: vector of equations as a function of a vector
    :param start: where to start
    :param tolerance: relative size of the last step
    :param max_iterations: largest number of steps
    :return: solution; its quality is the residual there
    """
    start = jnp.asarray(start)

    def evaluate(x):
        return residual(x), jax.jacfwd(residual)(x)

    def step(state):
        x, r, slope, damping, _, count = state
        scale = jnp.maximum(jnp.sqrt((slope**2).sum(0)), jnp.finfo(x.dtype).tiny ** 0.25)
        # a QR decomposition of the augmented system keeps the precision that the normal equations lose
        augmented = jnp.concatenate([slope, jnp.diag(safe_sqrt(damping) * scale)])
        q, upper = jnp.linalg.qr(augmented)
        right = q.T @ jnp.concatenate([r, jnp.zeros_like(x)])
        change = -jax.scipy.linalg.solve_triangular(upper, right)
        change = jnp.where(jnp.isfinite(change), change, 0.0)
        new_r, new_slope = evaluate(x + change)
        better = (new_r**2).sum() <= (r**2).sum()
        small = jnp.all(jnp.abs(change) <= tolerance * (jnp.abs(x) + tolerance))
        damping = jnp.where(better, jnp.maximum(damping / 10, 1e-16), damping * 8)
        pick = lambda new, old: jnp.where(better, new, old)  # noqa: E731
        return pick(x + change, x), pick(new_r, r), pick(new_slope, slope), damping, small, count + 1

    def go_on(state):
        _, _, _, damping, small, count = state
        return ~small & (damping < 1e16) & (count < max_iterations)

    return lax.while_loop(go_on, step, (start, *evaluate(start), jnp.asarray(1e-6, start.dtype), False, 0))[0]


def with_implicit_derivative(residual: Callable, x: jax.Array) -> jax.Array:
    """A root ``x`` with its derivatives with respect to whatever ``residual`` depends on beside its argument."""
    x = lax.stop_gradient(x)
    slope = lax.stop_gradient(jax.jacfwd(residual)(x))
    r = residual(x)
    return x - jnp.linalg.pinv(slope) @ (r - lax.stop_gradient(r))
