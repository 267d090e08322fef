"""Programs: who shares them, what compiles one again, and the array rule."""

import copy
import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxtronomy.core.compile import elementwise, evaluate
from jaxtronomy.core.jit import trace_count
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.Profiles.base_profile import deflection
from jaxtronomy.LensModel.Profiles.sie import SIE
from jaxtronomy.LightModel.light_model import LightModel

MODELS = ["SIE", "SHEAR"]
KWARGS = [{"theta_E": 1.2, "e1": 0.1, "e2": -0.05, "center_x": 0.0, "center_y": 0.0}, {"gamma1": 0.03, "gamma2": 0.0}]
POINTS = np.random.default_rng(3).uniform(-2, 2, (2, 5000))
MANY = 500  # positions: so many are computed by a program, also where the formula is short


def traces(call):
    """How many programs a call traces."""
    before = trace_count()
    call()
    return trace_count() - before


def exact(x, y, kwargs=KWARGS):
    """Source positions by a traced call, without any packing of positions."""
    return LensModel(MODELS).ray_shooting(jnp.asarray(x, float), jnp.asarray(y, float), kwargs)


def test_equal_models_share_programs():
    x, y = POINTS[:, :MANY]
    LensModel(MODELS).alpha(x, y, KWARGS)
    other = LensModel(list(MODELS))
    assert traces(lambda: other.alpha(x, y, KWARGS)) == 0
    assert traces(lambda: pickle.loads(pickle.dumps(other)).alpha(x, y, KWARGS)) == 0
    assert traces(lambda: copy.deepcopy(other).alpha(x, y, KWARGS)) == 0
    assert traces(lambda: LensModel(MODELS + ["SIS"]).alpha(x, y, KWARGS + [{"theta_E": 0.1}])) == 1


def test_one_of_many_uses_the_program_of_one():
    x, y = POINTS[:, :MANY]
    LensModel(["SIE"]).alpha(x, y, KWARGS[:1])
    assert traces(lambda: LensModel(MODELS).alpha(x, y, KWARGS, k=0)) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"theta_E": 1},
        {"theta_E": np.float32(1.25)},
        {"theta_E": np.array(1.25)},
        {"e1": 0},
        {"center_x": None, "center_y": None},
    ],
)
def test_types_and_defaults_do_not_retrace(changes):
    lens, (x, y) = LensModel(MODELS), POINTS[:, :MANY]
    lens.ray_shooting(x, y, KWARGS)
    kwargs = [{k: v for k, v in {**KWARGS[0], **changes}.items() if v is not None}, KWARGS[1]]
    out = []
    assert traces(lambda: out.append(lens.ray_shooting(x, y, kwargs))) == 0
    np.testing.assert_allclose(out[0], exact(x, y, kwargs), rtol=1e-14, atol=1e-14)


def test_few_programs_serve_all_small_sizes():
    lens, kwargs = LensModel(["EPL", "SHEAR"]), [{**KWARGS[0], "gamma": 2.1}, KWARGS[1]]
    for n in (4, 16, 32, 64, 128, 256):
        lens.kappa(*POINTS[:, :n], kwargs)
    for n in (1, 2, 3, 5, 15, 17, 100, 255):
        assert traces(lambda n=n: lens.kappa(*POINTS[:, :n], kwargs)) == 0
    assert traces(lambda: lens.kappa(0.3, 0.4, kwargs)) == 0
    for n in (1, 3, 7, 100):
        expected = [lens.kappa(x, y, kwargs) for x, y in POINTS[:, :n].T]
        np.testing.assert_allclose(lens.kappa(*POINTS[:, :n], kwargs), expected, rtol=1e-13)


@pytest.mark.parametrize("n", [1, 2, 4, 5, 16, 100, 256, 257, 4096, 4097, 5000])
def test_padding_and_packing_change_no_number(n):
    x, y = POINTS[:, :n]
    for ours, expected in zip(LensModel(MODELS).ray_shooting(x, y, KWARGS), exact(x, y)):
        assert type(ours) is np.ndarray and ours.shape == (n,) and ours.dtype == float and ours.flags.writeable
        np.testing.assert_allclose(ours, expected, rtol=1e-13, atol=1e-13)
    second = LensModel(MODELS).hessian(x, y, KWARGS)
    assert len(second) == 4
    np.testing.assert_allclose(second[1], second[2], rtol=1e-13)


@pytest.mark.parametrize("shape", [(2, 3), (70, 3), (3, 1), (70, 65)])
def test_shapes_stay(shape):
    x, y = (p[: np.prod(shape)].reshape(shape) for p in POINTS)
    for order in "CF":
        ours = LensModel(MODELS).ray_shooting(np.asarray(x, order=order), y, KWARGS)
        for a, b in zip(ours, exact(x, y)):
            assert a.shape == shape and a.flags.writeable
            np.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-13)
    psi = LensModel(MODELS).potential(x, y, KWARGS)
    assert psi.shape == shape and psi.flags.writeable


def test_results_do_not_alias_arguments_or_each_other():
    x, y = POINTS[:, :300].copy()
    keep = x.copy(), y.copy()
    lens = LensModel(["CONVERGENCE"])
    a, b = lens.ray_shooting(x, y, [{"kappa": 0.0}])
    a[:] = 7.0
    np.testing.assert_array_equal((x, y), keep)
    np.testing.assert_array_equal(b, keep[1])


@pytest.mark.parametrize("n", [100, 300, 5000])
def test_a_later_call_changes_no_earlier_result(n):
    x, y = np.random.default_rng(n).normal(size=(2, n))
    for models, kwargs in ((["CONVERGENCE"], [{"kappa": 0.0}]), (["SIE"], [{"theta_E": 1.0, "e1": 0.1, "e2": 0.2}])):
        lens = LensModel(models)
        first = lens.ray_shooting(x, y, kwargs)
        kept = np.array(first)
        lens.ray_shooting(y, -x, kwargs)
        np.testing.assert_array_equal(first, kept)
        np.testing.assert_array_equal(lens.ray_shooting(x, y, kwargs), kept)


@pytest.mark.parametrize(
    ("x", "y", "shape"),
    [
        (0.3, 0.4, ()),
        (1, 0.4, ()),
        (np.float64(0.3), 0.4, ()),
        (np.array(0.3), np.array(0.4), ()),
        ([0.3, 0.5], [0.4, 0.1], (2,)),
        (np.array([0.3, 0.5]), 0.4, (2,)),
        (np.array([0.3, 0.5], np.float32), np.array([0.4, 0.1]), (2,)),
        (np.array([1, 2]), np.array([0, 1]), (2,)),
        (np.zeros(0), np.zeros(0), (0,)),
    ],
)
def test_array_rule_for_numpy(x, y, shape):
    for value in (*LensModel(MODELS).ray_shooting(x, y, KWARGS), LensModel(MODELS).kappa(x, y, KWARGS)):
        assert not isinstance(value, jax.Array) and np.shape(value) == shape and value.dtype == float
        assert type(value) is np.float64 if shape == () else value.flags.writeable
    for a, b in zip(LensModel(MODELS).ray_shooting(x, y, KWARGS), exact(*np.broadcast_arrays(x, y))):
        np.testing.assert_allclose(a, b, rtol=1e-6 if getattr(x, "dtype", float) == np.float32 else 1e-13)


def test_array_rule_for_jax():
    lens, (x, y) = LensModel(MODELS), jnp.asarray(POINTS[:, :5])
    assert all(isinstance(v, jax.Array) for v in lens.ray_shooting(x, 0.3, KWARGS))
    assert all(isinstance(v, jax.Array) for v in lens.ray_shooting(POINTS[0, :5], y, KWARGS))

    def total(theta_E):
        return jnp.sum(lens.kappa(*POINTS[:, :5], [{**KWARGS[0], "theta_E": theta_E}, KWARGS[1]]))

    slope, step = jax.jit(jax.grad(total))(1.2), 1e-5
    np.testing.assert_allclose(slope, (total(1.2 + step) - total(1.2 - step)) / (2 * step), rtol=1e-8)
    many = jax.vmap(lambda t: lens.ray_shooting(0.3, 0.4, [{**KWARGS[0], "theta_E": t}, KWARGS[1]])[0])
    values = many(jnp.array([1.0, 1.2]))
    np.testing.assert_allclose(values[1], lens.ray_shooting(0.3, 0.4, KWARGS)[0], rtol=1e-13)


def test_array_valued_parameters():
    light = LightModel(["MULTI_GAUSSIAN", "SHAPELETS"])
    kwargs = [{"amp": [1.0, 2.0], "sigma": np.array([0.2, 0.5])}, {"amp": np.arange(6.0), "n_max": 2, "beta": 0.4}]
    x, y = POINTS
    full = np.asarray(light.surface_brightness(jnp.asarray(x), jnp.asarray(y), kwargs))
    for n in (3, 100, 5000):
        np.testing.assert_allclose(light.surface_brightness(x[:n], y[:n], kwargs), full[:n], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(light.surface_brightness(x[0], y[0], kwargs), full[0], rtol=1e-12)


def test_elementwise_functions():
    square = elementwise(lambda x: x * x)
    assert type(square(3)) is np.float64 and square(3) == 9.0
    assert type(square([1, 2])) is np.ndarray and isinstance(square(jnp.ones(2)), jax.Array)


@pytest.mark.parametrize(
    ("kwargs", "error", "message"),
    [
        (KWARGS[:1], ValueError, "1 sets of lens model parameters given for 2"),
        ([{**KWARGS[0], "theta": 1.0}, KWARGS[1]], TypeError, "lens model 0 .*unexpected parameter 'theta'"),
        ([{"e1": 0.1, "e2": 0.0}, KWARGS[1]], TypeError, "lens model 0 .*missing parameter 'theta_E'"),
        ([KWARGS[0], {"gamma1": 0.1, "gamma_2": 0.1}], TypeError, "lens model 1 .*'gamma_2' and missing.*'gamma2'"),
        ([{**KWARGS[0], "theta_E": "one"}, KWARGS[1]], TypeError, "'theta_E' has to be a number or an array"),
    ],
)
@pytest.mark.parametrize("x", [0.3, np.array([0.3, 0.5])])
def test_bad_parameters_are_named_before_anything_compiles(x, kwargs, error, message):
    before = trace_count()
    with pytest.raises(error, match=message):
        LensModel(MODELS).ray_shooting(x, x, kwargs)
    assert trace_count() == before


def test_positions_of_different_shapes_raise():
    with pytest.raises(ValueError, match="broadcast"):
        evaluate(deflection, (SIE(),), KWARGS[:1], (np.ones(3), np.ones(4)))
