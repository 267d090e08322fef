"""Powell's hybrid method: SciPy's solutions; singular, impossible and undefined equations; derivatives of roots."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import fsolve

from jaxtronomy.core.root_finding import powell_hybrid, with_implicit_derivative

# the problems 1, 4 and 14 of Moré, Garbow & Hillstrom (1981), and one with many roots
PROBLEMS = {
    "Rosenbrock": (lambda x: [10 * (x[1] - x[0] ** 2), 1 - x[0]], (-1.2, 1.0)),
    "badly scaled": (lambda x: [1e4 * x[0] * x[1] - 1, jnp.exp(-x[0]) + jnp.exp(-x[1]) - 1.0001], (0.0, 1.0)),
    "Wood": (
        lambda x: [
            -200 * x[0] * (x[1] - x[0] ** 2) - (1 - x[0]),
            200 * (x[1] - x[0] ** 2) + 20.2 * (x[1] - 1) + 19.8 * (x[3] - 1),
            -180 * x[2] * (x[3] - x[2] ** 2) - (1 - x[2]),
            180 * (x[3] - x[2] ** 2) + 20.2 * (x[3] - 1) + 19.8 * (x[1] - 1),
        ],
        (-3.0, -1.0, -3.0, -1.0),
    ),
    "many roots": (lambda x: [jnp.sin(3 * x[0]) - x[1] / 3, x[0] * x[1] - 0.2], (2.0, -1.0)),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_same_root_as_scipy(name):
    equations, start = PROBLEMS[name]
    start = np.array(start)

    def residual(x):
        return jnp.stack(equations(x))

    root = np.array(jax.jit(lambda x: powell_hybrid(residual, x))(start))
    assert np.abs(residual(root)).max() < 1e-9
    expected = fsolve(lambda x: np.array(residual(x)), start, xtol=1.5e-12)
    assert_allclose(root, expected, rtol=1e-8, atol=1e-9)


def test_an_unknown_without_influence_stays():
    """Then the others are the least squares of the equations."""
    root = powell_hybrid(
        lambda x: jnp.stack([x[0] - 1, x[1] + x[0] ** 2, 0.0 * x[2] + 1e-3]), np.array([3.0, 2.0, 7.0])
    )
    assert_allclose(root, [1, -1, 7], atol=1e-6)


def test_equations_without_solution():
    """The search ends, where the equations are finite."""
    for equations in (lambda x: x**2 + 1, lambda x: jnp.sqrt(x - 5), lambda x: jnp.log(x) + 0 * x):
        root = powell_hybrid(equations, np.array([2.0]))
        assert np.all(np.isfinite(root))


def test_derivatives_of_a_root():
    """First and second ones, of the positive root of x^2 = a, y = x^3, and for many at once."""

    def root(a):
        def residual(x):
            return jnp.stack([x[0] ** 2 - a, x[1] - x[0] ** 3])

        x = powell_hybrid(residual, jnp.ones(2))
        return with_implicit_derivative(residual, x)

    a = np.array([0.7, 2.0, 5.0])
    assert_allclose(jax.jit(jax.vmap(root))(a), np.stack([a**0.5, a**1.5], axis=1), rtol=1e-11)
    first = jax.jacfwd(root)
    assert_allclose(jax.jit(jax.vmap(first))(a), np.stack([0.5 * a**-0.5, 1.5 * a**0.5], axis=1), rtol=1e-9)
    assert_allclose(
        jax.jit(jax.vmap(jax.jacrev(first)))(a), np.stack([-0.25 * a**-1.5, 0.75 * a**-0.5], axis=1), rtol=1e-9
    )
