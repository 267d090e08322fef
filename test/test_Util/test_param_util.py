"""Conversions of parameters against lenstronomy, on JAX arrays, and at the round and the central point."""

import jax
import jax.numpy as jnp
import lenstronomy.Util.param_util as reference
import numpy as np
import pytest
from numpy.testing import assert_allclose

from jaxtronomy.Util import param_util

RNG = np.random.default_rng(4)
X, Y = RNG.normal(size=(2, 9))
E1, E2 = RNG.uniform(-0.4, 0.4, size=(2, 9))
CALLS = [
    ("cart2polar", (X, Y)),
    ("cart2polar", (X, Y, 0.3, -0.2)),
    ("cart2polar", (0.5, -2.0)),
    ("polar2cart", (np.abs(X), Y, np.array([0.1, 0.2]))),
    ("shear_polar2cartesian", (X, np.abs(Y))),
    ("shear_cartesian2polar", (E1, E2)),
    ("shear_cartesian2polar", (0.0, 0.0)),
    ("phi_q2_ellipticity", (X, RNG.uniform(0.2, 1, 9))),
    ("ellipticity2phi_q", (E1, E2)),
    ("ellipticity2phi_q", (0.0, 0.0)),
    ("ellipticity2phi_q", (2.99, -0.1)),
    ("transform_e1e2_product_average_old", (X, Y, 0.2, -0.3, 0.1, 0.2)),
    ("transform_e1e2_product_average", (X, Y, 0.2, -0.3, 0.1, 0.2)),
    ("transform_e1e2_product_average", (X, Y, 0.6, -0.8, 0.1, 0.2)),
    ("elliptical_distortion_product_average", (X, Y, 0.2, -0.3, 0.1, 0.2)),
    ("transform_e1e2_square_average", (X, Y, 0.2, -0.3, 0.1, 0.2)),
    ("q2e", (np.abs(X),)),
]


@pytest.mark.parametrize("name, args", CALLS)
def test_parity(name, args):
    theirs = getattr(reference, name)(*args)
    ours = getattr(param_util, name)(*args)
    assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)
    for value in ours if isinstance(ours, tuple) else (ours,):
        assert isinstance(value, np.ndarray if np.ndim(value) else np.floating)
        if np.ndim(value):
            assert value.flags.writeable
    traced = jax.jit(getattr(param_util, name))(*(jnp.asarray(a) for a in args))
    assert all(isinstance(v, jax.Array) for v in jax.tree.leaves(traced))
    assert_allclose(traced, theirs, rtol=1e-12, atol=1e-14)


def central(f, *at, step=1e-6):
    """Jacobian of f by central differences."""
    at = np.array(at)
    return np.stack(
        [(np.array(f(*(at + d))) - np.array(f(*(at - d)))) / (2 * step) for d in step * np.eye(len(at))], -1
    )


@pytest.mark.parametrize("e1, e2", [(0.0, 0.0), (0.2, -0.1)])
def test_gradient_of_the_distortion_is_right_at_the_round_point(e1, e2):
    def f(e1, e2):
        return param_util.transform_e1e2_product_average(0.7, -0.4, e1, e2, 0.1, 0.2)

    assert_allclose(np.array(jax.jacfwd(f, (0, 1))(e1, e2)), central(f, e1, e2), rtol=1e-8, atol=1e-9)


def test_gradients_of_angles():
    f = param_util.ellipticity2phi_q
    assert_allclose(np.array(jax.jacfwd(f, (0, 1))(0.2, -0.1)), central(f, 0.2, -0.1), rtol=1e-7, atol=1e-9)
    f = param_util.cart2polar
    assert_allclose(np.array(jax.jacrev(f, (0, 1))(-0.2, -0.1)), central(f, -0.2, -0.1), rtol=1e-7, atol=1e-9)
    for f in (param_util.ellipticity2phi_q, param_util.cart2polar, param_util.shear_cartesian2polar):
        assert np.all(np.isfinite(np.array(jax.jacrev(f, (0, 1))(0.0, 0.0))))
