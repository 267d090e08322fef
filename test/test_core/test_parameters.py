"""The entries of a vector in a program."""

import jax
import jax.numpy as jnp
import numpy.testing as npt

from jaxtronomy.core.parameters import Entries


def test_entries_are_those_of_the_vector_also_none():
    vector = jnp.arange(5.0)
    entries = Entries(vector)
    assert entries[3] == 3
    npt.assert_array_equal(entries[1:4], vector[1:4])
    assert entries[2:2].shape == Entries(vector[:0])[0:0].shape == (0,)


def test_derivatives_of_entries():
    def function(entries):
        return entries[0] * entries[4] + jnp.sum(entries[1:3] ** 3) + jnp.sum(entries[3:3])

    vector = jnp.arange(1.0, 6.0)
    for derivative in (jax.grad, jax.jacfwd):
        npt.assert_array_equal(derivative(lambda v: function(Entries(v)))(vector), jax.grad(function)(vector))
