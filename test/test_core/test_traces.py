"""Parts of a trace as functions: together they are the function that was traced."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxtronomy.core.traces import with_constants, without_prelude


@pytest.mark.parametrize("split", [with_constants, without_prelude])
def test_constants_become_arguments(split):
    """Numbers, arrays, and what is given back as it is; nothing that arguments have a part in is known before."""
    a, b, c = jnp.float64(0.3), jnp.linspace(0.0, 1.0, 3), jnp.float64(2.0)

    def function(x):
        known = jnp.exp(a) * b
        return known, c, x, 1.5, jnp.where(a > 0, jnp.sin(known) * x + a, x)

    closed = jax.make_jaxpr(function)(b)
    values, rest = split(closed)
    assert ("exp" in str(jax.make_jaxpr(rest)(*values, b))) == (split is with_constants)
    for ours, wanted in zip(rest(*values, 2 * b), function(2 * b), strict=True):
        np.testing.assert_array_equal(ours, wanted)


def test_nothing_before():
    values, rest = without_prelude(jax.make_jaxpr(lambda x, y: x + y)(1.0, 2.0))
    assert values == [] and rest(1.0, 2.0) == [3.0]
