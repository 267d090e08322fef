"""The likelihoods of many lenses in one call."""

import fits
import jax.numpy as jnp
import numpy as np
import pytest

from jaxtronomy.core.jit import trace_count
from jaxtronomy.Sampling.likelihood import logL_of_lenses


def lenses(*options):
    """Likelihoods of small fits."""
    return [fits.fit(**each).likelihood_class for each in options]


def vectors(likelihood, number, seed=0):
    """Vectors within the limits."""
    lower, upper = likelihood.param_limits
    return np.random.default_rng(seed).uniform(lower, upper, (number, len(lower)))


def test_each_lens_has_its_own_data():
    many = lenses(*({"seed": i, "sigma": 1.0 + 0.1 * (i % 2)} for i in range(5)))
    args = vectors(many[0], 5)
    together = logL_of_lenses(many, args)
    assert type(together) is np.ndarray and together.shape == (5,) and len(set(together)) == 5
    np.testing.assert_allclose(together, [one.logL(a) for one, a in zip(many, args)], rtol=1e-11)
    before = trace_count()
    np.testing.assert_allclose(logL_of_lenses(many[::-1], args[::-1]), together[::-1], rtol=1e-11)
    assert trace_count() == before
    assert not isinstance(logL_of_lenses(many, jnp.asarray(args)), np.ndarray)


def test_the_same_lens_many_times_is_a_batch():
    (one,) = lenses({})
    args = vectors(one, 3)
    np.testing.assert_allclose(logL_of_lenses([one] * 3, args), one.logL_batch(args), rtol=1e-11)


def test_what_does_not_fit_together_is_named():
    first, smaller, other = lenses({}, {"num_pix": 20}, {"fixed_lens": {"e1": 0.1}})
    args = vectors(first, 2)
    with pytest.raises(ValueError, match="model 1"):
        logL_of_lenses([first, smaller], args)
    with pytest.raises(ValueError, match="model 1"):
        logL_of_lenses([first, other], args)
    with pytest.raises(ValueError, match=r"2 models need \(2, parameters\)"):
        logL_of_lenses([first, first], args[:1])
    assert logL_of_lenses([], np.zeros((0, 3))).shape == (0,)
