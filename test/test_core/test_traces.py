"""Parts of a trace as functions: together they are the function that was traced."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxtronomy.core.traces import Flat, merged, with_constants, without_prelude


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


def test_equations_as_one_call():
    """A trace that is called twice, numbers, constants, and what nobody needs; the equations are not traced again."""

    @jax.jit
    def inner(x, y):
        return jnp.sin(x) * y, jnp.cosh(x)

    a = jnp.linspace(0.0, 1.0, 3)

    def function(x):
        first, _ = inner(x, 2.0)
        second, third = inner(first + 1, x)
        return second * a, third

    flat = Flat(jax.make_jaxpr(function)(a), lambda eqn: True)
    whole = merged(flat.equations, flat.known, set(flat.outputs), "whole")
    assert list(whole.inputs) == flat.inputs and set(whole.outputs) == set(flat.outputs)
    values = dict(zip(whole.outputs, jax.jit(whole.run)(2 * a)))
    for place, wanted in zip(flat.outputs, jax.jit(function)(2 * a), strict=True):
        np.testing.assert_allclose(values[place], wanted, rtol=1e-14)
    assert [e.primitive.name for e in jax.make_jaxpr(whole.run)(a).eqns] in (["jit"], ["pjit"])


def test_a_call_without_arguments():
    flat = Flat(jax.make_jaxpr(lambda: jnp.sin(jnp.arange(3.0)))(), lambda eqn: True)
    whole = merged(flat.equations, flat.known, set(flat.outputs), "whole")
    with jax.ensure_compile_time_eval():
        np.testing.assert_allclose(whole.run()[0], np.sin(np.arange(3.0)), rtol=1e-14)
    np.testing.assert_allclose(jax.jit(whole.run)()[0], np.sin(np.arange(3.0)), rtol=1e-14)
