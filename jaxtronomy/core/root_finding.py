"""Systems of few non-linear equations, inside programs: Powell's hybrid method and implicit derivatives."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from .numerics import safe_divide

__all__ = ["powell_hybrid", "with_implicit_derivative"]

_FIRST_RADIUS = 100.0  # of the trust region, in units of the scaled start


class _State(NamedTuple):
    """Where the search stands; radius and lengths are those of the scaled unknowns."""

    x: jax.Array
    r: jax.Array
    slope: jax.Array
    scale: jax.Array
    radius: jax.Array
    successes: jax.Array | int = 0
    failures: jax.Array | int = 0
    slow_steps: jax.Array | int = 0
    slow_slopes: jax.Array | int = 0
    fresh: jax.Array | bool = True
    done: jax.Array | bool = False
    count: jax.Array | int = 0


def powell_hybrid(residual: Callable, start, tolerance=1.5e-12, max_iterations: int = 500) -> jax.Array:
    """Solution of ``residual(x) = 0`` by the method of Powell (1970), as in MINPACK (Moré et al. 1980, section 4).

    Dogleg steps in a trust region; the Jacobian is exact at first and after two failures, and is updated by Broyden's
    formula in between. Of several solutions it finds the one that SciPy's ``fsolve`` finds. Unknowns without any
    influence stay where they are.

    :param residual: vector of equations as a function of a vector of equal length
    :param start: where to start
    :param tolerance: size of the trust region, relative to the unknowns, at which the search ends
    :param max_iterations: largest number of steps
    :return: solution; its quality is the residual there
    """
    start = jnp.asarray(start)
    jacobian = jax.jacfwd(residual)

    def step(state):
        x, r, slope, first = state.x, state.r, state.slope, state.count == 0
        columns = _norm(slope, axis=0)
        scale = jnp.where(first, jnp.where(columns == 0, 1.0, columns), state.scale)
        scale = jnp.where(state.fresh, jnp.maximum(scale, columns), scale)
        length = _norm(scale * x)
        radius = jnp.where(first, _FIRST_RADIUS * jnp.where(length == 0, 1.0, length), state.radius)
        change = _dogleg(slope, r, scale, radius)
        size = _norm(scale * change)
        radius = jnp.where(first, jnp.minimum(radius, size), radius)

        new_r, linear = residual(x + change), r + slope @ change
        actual, predicted = (1 - safe_divide(_norm(v), _norm(r)) ** 2 for v in (new_r, linear))
        ratio = jnp.where((actual > 0) & (predicted > 0), safe_divide(actual, predicted), 0.0)
        bad = ratio < 0.1
        successes, failures = jnp.where(bad, 0, state.successes + 1), jnp.where(bad, state.failures + 1, 0)
        wider = jnp.where((ratio >= 0.5) | (successes > 1), jnp.maximum(radius, 2 * size), radius)
        wider = jnp.where(jnp.abs(ratio - 1) <= 0.1, 2 * size, wider)
        radius = jnp.where(bad, radius / 2, wider)

        accepted = ratio >= 1e-4
        x, r = jnp.where(accepted, x + change, x), jnp.where(accepted, new_r, r)
        slow_steps = jnp.where(actual >= 0.001, 0, state.slow_steps + 1)
        slow_slopes = jnp.where(state.fresh, jnp.where(actual >= 0.1, 0, state.slow_slopes + 1), state.slow_slopes)
        length = _norm(scale * x)
        done = (radius <= tolerance * length) | (_norm(r) == 0) | (slow_steps == 10) | (slow_slopes == 5)
        done |= 0.1 * jnp.maximum(0.1 * radius, size) <= jnp.finfo(x.dtype).eps * length
        updated = slope + jnp.outer(new_r - linear, safe_divide(scale**2 * change, size**2))
        fresh = (failures == 2) | ~jnp.all(jnp.isfinite(updated))
        slope = lax.cond(fresh, jacobian, lambda _: updated, x)
        failures = jnp.where(fresh, 0, failures)
        return _State(
            *(x, r, slope, scale, radius, successes, failures, slow_steps, slow_slopes, fresh, done, state.count + 1)
        )

    zero = jnp.zeros((), start.dtype)
    first = _State(start, residual(start), jacobian(start), jnp.zeros_like(start), zero)
    return lax.while_loop(lambda s: ~s.done & (s.count < max_iterations), step, first).x


def _norm(v, axis=None):
    """Euclidean length."""
    return jnp.sqrt((v**2).sum(axis))


def _dogleg(slope, r, scale, radius):
    """The step along Powell's dogleg: to the least squares of the linear model, by way of its Cauchy point."""
    q, upper = jnp.linalg.qr(slope)
    without = jnp.diag(upper) == 0
    upper = jnp.where(without[:, None], jnp.eye(r.size, dtype=r.dtype), upper)
    newton = -scale * jax.scipy.linalg.solve_triangular(upper, jnp.where(without, 0.0, q.T @ r))
    newton = jnp.where(jnp.isfinite(newton), newton, 0.0)
    descent = -(slope.T @ r) / scale
    steepness = _norm(descent)
    descent = safe_divide(descent, steepness)
    cauchy = jnp.minimum(safe_divide(steepness, _norm(slope @ (descent / scale)) ** 2), radius) * descent
    # the positive solution t of |cauchy + t rest| = radius
    rest = newton - cauchy
    inner, left = rest @ cauchy, jnp.maximum(radius**2 - cauchy @ cauchy, 0.0)
    t = safe_divide(left, inner + jnp.sqrt(inner**2 + left * (rest @ rest)))
    return jnp.where(_norm(newton) <= radius, newton, cauchy + jnp.clip(t, 0.0, 1.0) * rest) / scale


def with_implicit_derivative(residual: Callable, x: jax.Array) -> jax.Array:
    """A root ``x`` with its first and second derivatives by whatever ``residual`` depends on beside its argument.

    They are those of two Newton steps with a constant matrix, each of which gains an order.
    """
    x = lax.stop_gradient(x)
    inverse = jnp.linalg.pinv(lax.stop_gradient(jax.jacfwd(residual)(x)))
    for _ in range(2):
        r = residual(x)
        x = x - inverse @ (r - lax.stop_gradient(r))
    return x
