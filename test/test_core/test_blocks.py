"""Many positions in blocks: the same numbers and derivatives as all at once."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxtronomy.core import blocks


@pytest.mark.parametrize("n", [1, 63, 64, 65, 300])
def test_blocks_change_no_number(monkeypatch, n):
    monkeypatch.setattr(blocks, "BLOCK", 64)
    x, y = jnp.asarray(np.random.default_rng(n).normal(size=(2, n)))
    weights = jnp.linspace(0.1, 1.0, n)

    def both(a, many):
        monkeypatch.setattr(blocks, "MANY", many)
        return blocks.in_blocks(lambda u, v: jnp.stack([jnp.sin(a * u) * v, a * v]), x, y)

    def total(a, many):
        return jnp.sum(both(a, many) ** 2 @ weights)

    assert both(0.7, 1).shape == (2, n)
    np.testing.assert_allclose(both(0.7, 1), both(0.7, 10**9), rtol=1e-14)
    for derivative in (jax.grad, jax.jacfwd, jax.hessian):
        np.testing.assert_allclose(derivative(total)(0.7, 1), derivative(total)(0.7, 10**9), rtol=1e-11)
