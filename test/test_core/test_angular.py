"""The series of deflectors with elliptical contours."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import hyp2f1

from jaxtronomy.core.special.angular import angular, lerch


def argument(size, number=200):
    """Points on a circle."""
    phase = np.random.default_rng(0).uniform(0, 2 * np.pi, number)
    return size * np.exp(1j * phase)


@pytest.mark.parametrize("size", [0.0, 1e-8, 1e-3, 0.1, 0.5, 0.7, 0.9])
def test_values(size):
    """Both functions against scipy's hypergeometric function."""
    u = argument(size)
    for t in (0.4, 1.0, 1.7):
        real, imag = angular(t, u.real, u.imag, size)
        np.testing.assert_allclose(real + 1j * imag, hyp2f1(1, t / 2, 2 - t / 2, u), rtol=2e-14)
    for a in (0.5, 2.5):
        real, imag = lerch(a, u.real, u.imag, size)
        np.testing.assert_allclose(real + 1j * imag, hyp2f1(1, a, a + 1, u) / a, rtol=2e-13)


@pytest.mark.parametrize("size", [1e-9, 0.6])
def test_derivatives(size):
    """First and second derivatives, forward and reverse, against central differences."""
    u = argument(size, 5)
    weight = np.random.default_rng(1).normal(size=(2, 5))

    def total(p):
        parts = angular(p[0], u.real + p[1], u.imag + p[2], 0.7)
        return sum(jnp.sum(w * part) for w, part in zip(weight, parts)) + jnp.sum(
            lerch(1.5, u.real + p[1], u.imag + p[2], 0.7)[1]
        )

    p, step = np.array([1.2, 0.0, 0.0]), 1e-4
    shifts = step * np.eye(3)
    value, gradient = jax.jit(total), jax.jit(jax.grad(total))
    expected = [(8 * (value(p + s) - value(p - s)) - value(p + 2 * s) + value(p - 2 * s)) / (12 * step) for s in shifts]
    np.testing.assert_allclose(gradient(p), expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(jax.jit(jax.jacfwd(total))(p), gradient(p), rtol=1e-12, atol=1e-12)
    second = [(gradient(p + s) - gradient(p - s)) / (2 * step) for s in shifts]
    np.testing.assert_allclose(jax.jit(jax.hessian(total))(p), second, rtol=1e-6, atol=1e-6)


def test_one_length_for_a_batch():
    """A batch of sizes runs as many terms as its largest one needs, and gives what each would alone."""
    u = argument(1.0, 7)
    sizes = jnp.array([0.01, 0.3, 0.85])
    batch = jax.jit(jax.vmap(lambda s: jnp.stack(angular(1.1, s * u.real, s * u.imag, s))))(sizes)
    for row, size in zip(batch, sizes):
        np.testing.assert_allclose(row, jnp.stack(angular(1.1, size * u.real, size * u.imag, size)), rtol=1e-14)
