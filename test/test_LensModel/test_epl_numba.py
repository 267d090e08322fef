"""The functions beside the class of lenstronomy's epl_numba."""

import lenstronomy.LensModel.Profiles.epl_numba as reference
import numpy as np
import pytest

from jaxtronomy.LensModel.Profiles import epl_numba

X, Y = np.random.default_rng(3).normal(size=(2, 9))


def test_param_transform():
    arguments = (X, Y, 1.2, 1.9, 0.1, -0.2, 0.05, 0.02)
    for ours, theirs in zip(epl_numba.param_transform(*arguments), reference.param_transform(*arguments)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.parametrize(("t", "q"), [(0.9, 0.6), (1.0, 0.95), (1.3, 0.2)])
def test_deflection(t, q):
    phi = np.linspace(-3, 3, 11)
    np.testing.assert_allclose(epl_numba.omega(phi, t, q), reference.omega(phi, t, q), rtol=1e-12, atol=1e-13)
    theirs = reference.alpha(X, Y, 1.1, q, t)
    np.testing.assert_allclose(epl_numba.alpha(X, Y, 1.1, q, t), theirs, rtol=1e-12)
    known = reference.omega(np.angle(q * X + 1j * Y), t, q)
    np.testing.assert_allclose(epl_numba.alpha(X, Y, 1.1, q, t, known), theirs, rtol=1e-12)


def test_centre():
    assert epl_numba.alpha(0.0, 0.0, 1.1, 0.6, 0.9) == 0
