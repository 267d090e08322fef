"""Short formulas without XLA: the same numbers as the compiled program, and its answer wherever they have none."""

import copy
import pickle
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxtronomy.core import numerics
from jaxtronomy.core.jit import trace_count
from jaxtronomy.core.straight_line import straight_line
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LightModel.light_model import LightModel

SHAPE = {"e1": 0.1, "e2": -0.05, "center_x": 0.02, "center_y": -0.03}
LENSES = {
    "SHEAR": {"gamma1": 0.03, "gamma2": -0.04, "ra_0": 0.1, "dec_0": 0.2},
    "CONVERGENCE": {"kappa": 0.1},
    "SIS": {"theta_E": 1.2, "center_x": 0.02, "center_y": -0.03},
    "SIE": {"theta_E": 1.2, **SHAPE},
    "NIE": {"theta_E": 1.2, "s_scale": 0.1, **SHAPE},
    "NFW": {"Rs": 1.5, "alpha_Rs": 1.0},
    "TNFW": {"Rs": 1.5, "alpha_Rs": 1.0, "r_trunc": 3.0},
    "HERNQUIST": {"sigma0": 1.0, "Rs": 0.8},
    "PJAFFE": {"sigma0": 1.0, "Ra": 0.3, "Rs": 1.0},
    "GAUSSIAN": {"amp": 1.0, "sigma": 0.6},
    "MULTIPOLE": {"m": 4, "a_m": 0.05, "phi_m": 0.2},
    "POINT_MASS": {"theta_E": 1.0},
}
METHODS = "ray_shooting", "hessian", "potential"
POINTS = np.random.default_rng(5).uniform(-2, 2, (2, 40))
POINTS[:, 0], POINTS[:, 1], POINTS[:, 2] = 0.0, (0.02, -0.03), (0.0, 1.0)  # the origin, a centre, an axis


def compiled(model, method, x, y, kwargs):
    """The results of the compiled program."""
    return getattr(model, method)(jnp.asarray(x), jnp.asarray(y), kwargs)


@pytest.mark.parametrize("name", LENSES)
def test_the_same_numbers_as_compiled(name):
    lens, kwargs = LensModel([name]), [LENSES[name]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # XLA does not warn, so nor does a short formula
        for method in METHODS:
            expected = compiled(lens, method, *POINTS, kwargs)
            for n in (1, 3, 40):
                ours = getattr(lens, method)(*POINTS[:, :n], kwargs)
                np.testing.assert_allclose(np.array(ours), np.array(expected)[..., :n], rtol=1e-11, atol=1e-12)
            for i in range(8):
                ours = getattr(lens, method)(*POINTS[:, i], kwargs)
                np.testing.assert_allclose(ours, np.array(expected)[..., i], rtol=1e-11, atol=1e-12)


def test_light():
    names = ["SERSIC_ELLIPSE", "GAUSSIAN", "HERNQUIST", "PJAFFE"]
    kwargs = [
        {"amp": 1.0, "R_sersic": 0.8, "n_sersic": 3.0, **SHAPE},
        {"amp": 1.0, "sigma": 0.6},
        {"amp": 1.0, "Rs": 0.5},
        {"amp": 1.0, "Ra": 0.3, "Rs": 0.6},
    ]
    for name, values in zip(names, kwargs):
        light = LightModel([name])
        expected = compiled(light, "surface_brightness", *POINTS, [values])
        for n in (1, 5, 40):
            ours = light.surface_brightness(*POINTS[:, :n], [values])
            np.testing.assert_allclose(ours, expected[:n], rtol=1e-11)


def test_a_few_positions_compile_nothing():
    before = trace_count()
    lens = LensModel(["SIS", "SHEAR", "CONVERGENCE"])
    kwargs = [LENSES["SIS"], LENSES["SHEAR"], LENSES["CONVERGENCE"]]
    for value in (1.2, 1, np.float32(1.2), np.array(1.2), np.int64(1)):
        for x, y in ((0.3, 0.4), POINTS[:, :3], POINTS[:, :3].reshape(2, 3, 1)):
            lens.ray_shooting(x, y, [{**kwargs[0], "theta_E": value}, *kwargs[1:]])
    assert trace_count() == before


@pytest.mark.parametrize("special", [np.inf, -np.inf, np.nan, 1e200, 0.0])
@pytest.mark.parametrize("name", ["SIE", "NFW", "GAUSSIAN", "POINT_MASS", "SHEAR"])
def test_where_a_line_fails_the_program_answers(name, special):
    lens, kwargs = LensModel([name]), [LENSES[name]]
    x, y = np.array([special, 0.3]), np.array([0.0, 0.4])
    expected = np.array(compiled(lens, "hessian", x, y, kwargs))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(lens.hessian(x, y, kwargs), expected, rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(lens.hessian(special, 0.0, kwargs), expected[:, 0], rtol=1e-11, atol=1e-12)


def test_bad_parameters_are_still_named():
    lens = LensModel(["SIS"])
    with pytest.raises(TypeError, match="missing parameter 'theta_E'"):
        lens.ray_shooting(0.3, 0.4, [{}])
    with pytest.raises(TypeError, match="'theta_E' has to be a number"):
        lens.ray_shooting(0.3, 0.4, [{"theta_E": "one"}])


@pytest.mark.parametrize("n", [1, 3, 30])
def test_results_are_arrays_of_their_own(n):
    x, y = POINTS[:, :n].copy()
    keep = x.copy(), y.copy()
    for name, kwargs in (("CONVERGENCE", {"kappa": 0.0}), ("SHIFT", {"alpha_x": 0.0, "alpha_y": 0.0})):
        lens = LensModel([name])
        for results in (lens.ray_shooting(x, y, [kwargs]), lens.hessian(x, y, [kwargs])):
            rest = [r.copy() for r in results[1:]]
            results[0][:] = 7.0
            np.testing.assert_array_equal((x, y), keep)
            for r, expected in zip(results[1:], rest):
                assert r.shape == (n,) and r.dtype == float
                np.testing.assert_array_equal(r, expected)


def test_inside_a_trace_and_after_copies():
    lens, kwargs = LensModel(["SIE"]), [LENSES["SIE"]]
    x, y = POINTS[:, :4]
    inside = jax.jit(lambda s: s * lens.kappa(x, y, kwargs))(1.0)
    np.testing.assert_allclose(inside, lens.kappa(x, y, kwargs), rtol=1e-13)
    slope = jax.grad(lambda t: jnp.sum(lens.kappa(x, y, [{**kwargs[0], "theta_E": t}])))(1.2)
    np.testing.assert_allclose(slope, np.sum(lens.kappa(x, y, kwargs)) / 1.2, rtol=1e-11)
    for other in (copy.deepcopy(lens), pickle.loads(pickle.dumps(lens))):
        np.testing.assert_array_equal(other.kappa(x, y, kwargs), lens.kappa(x, y, kwargs))


def test_functions_by_name():
    names = ["exp", "expm1", "log", "log1p", "arctan", "arctanh", "arcsin", "arccos", "cbrt", "sincos"]

    def all_of(x):
        return jax.tree.leaves([getattr(numerics, name)(x) for name in names])

    program = straight_line(all_of, 1, 0)
    np.testing.assert_allclose(program.at([0.3], []), all_of(0.3), rtol=4e-16)
    grid = np.linspace(0.1, 0.9, 25)
    np.testing.assert_allclose(program.on([grid], []), all_of(jnp.asarray(grid)), rtol=1e-15)

    def two(x, y):
        return numerics.arctan2(x, y), numerics.arctanh2(x, y), numerics.power(x, y), x**3, y**-2, -x

    program = straight_line(two, 2, 0)
    np.testing.assert_allclose(program.at([0.3, 0.7], []), two(0.3, 0.7), rtol=1e-15)


def test_what_is_not_a_short_formula_is_left_to_xla():
    assert straight_line(lambda x: jax.lax.fori_loop(0, 3, lambda _, v: v * x, x), 1, 0) is None
    assert straight_line(lambda x: jnp.sum(jnp.arange(3.0) * x), 1, 0) is None
    assert straight_line(lambda x: x > 0, 1, 0) is None
    assert straight_line(lambda *x: sum(x), 2, 30) is None
