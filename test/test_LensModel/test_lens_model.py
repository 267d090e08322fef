"""LensModel: agreement with lenstronomy, exactness, programs, errors."""

import copy
import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from astropy.cosmology import FlatLambdaCDM
from lenses import X, Y, draw, slope
from lenstronomy.LensModel.lens_model import LensModel as Reference
from numpy.testing import assert_allclose, assert_array_equal

from jaxtronomy.core.jit import trace_count
from jaxtronomy.LensModel.lens_model import LensModel

NAMES = ["EPL", "SHEAR", "SIS"]
KWARGS = draw(NAMES, 3)
OPTIONS = (
    {},
    {"z_lens": 0.5, "z_source": 1.5},
    {"z_lens": 0.5, "z_source": 1.5, "z_source_convention": 3.0, "cosmo": FlatLambdaCDM(67, 0.32)},
)
CALLS = (
    ("ray_shooting", {}),
    ("potential", {}),
    ("alpha", {}),
    ("alpha", {"diff": 0.1}),
    ("alpha", {"k": 0}),
    ("hessian", {"k": (0, 2)}),
    ("hessian", {"k": [True, False, True]}),
    ("hessian", {"diff": 0.1}),
    ("hessian", {"diff": 0.1, "diff_method": "cross"}),
    ("kappa", {}),
    ("kappa", {"diff": 0.1}),
    ("gamma", {"k": 2}),
    ("magnification", {}),
    ("flexion", {"diff": 0.1}),
    ("flexion", {"diff": 0.1, "hessian_diff": True}),
    ("fermat_potential", {}),
)


@pytest.mark.parametrize("options", OPTIONS, ids=("plain", "redshifts", "scaled"))
def test_parity(options):
    ours, theirs = LensModel(NAMES, **options), Reference(NAMES, **options)
    calls = CALLS + ((("arrival_time", {"kappa_ext": 0.1}),) if options else ())
    for name, how in calls:
        result, expected = (getattr(lens, name)(X, Y, KWARGS, **how) for lens in (ours, theirs))
        assert_allclose(result, expected, rtol=1e-10, atol=1e-11, err_msg=f"{name} {how}")
    assert ours.ddt_scaling == pytest.approx(theirs.ddt_scaling, rel=1e-12)


def test_one_model_picked_by_its_index_is_not_scaled():
    """A quirk of lenstronomy: the scaling to another source redshift applies to sums only."""
    options = {"z_lens": 0.5, "z_source": 1.5, "z_source_convention": 3.0}
    ours, plain = LensModel(["SIS"], **options), LensModel(["SIS"])
    assert_array_equal(ours.alpha(X, Y, KWARGS[2:], k=0), plain.alpha(X, Y, KWARGS[2:]))
    assert np.all(np.abs(ours.alpha(X, Y, KWARGS[2:])[0]) < np.abs(plain.alpha(X, Y, KWARGS[2:])[0]))


def test_redshift_and_cosmology_can_be_changed():
    options = {"z_lens": 0.5, "z_source": 3.0, "z_source_convention": 3.0}
    ours, theirs = LensModel(NAMES, **options), Reference(NAMES, **options)
    for lens in (ours, theirs):
        lens.change_source_redshift(1.2)
        lens.update_cosmology(FlatLambdaCDM(60, 0.4))
    assert_allclose(ours.arrival_time(X, Y, KWARGS), theirs.arrival_time(X, Y, KWARGS), rtol=1e-10)
    assert_allclose(ours.ray_shooting(X, Y, KWARGS), theirs.ray_shooting(X, Y, KWARGS), rtol=1e-10, atol=1e-12)


def test_static_models_are_never_stale():
    lens = LensModel(NAMES)
    lens.set_static(KWARGS)
    other = draw(NAMES, 4)
    assert_array_equal(lens.alpha(X, Y, other), LensModel(NAMES).alpha(X, Y, other))
    lens.set_dynamic()


def test_flexion_is_exact():
    """Third derivatives follow from the Hessian by forward mode: compare with wide differences of high order."""
    lens, h = LensModel(NAMES), 1e-3

    def derivative(axis):
        shift = np.eye(2)[axis]
        steps = [(k, lens.hessian(X + k * h * shift[0], Y + k * h * shift[1], KWARGS)) for k in (-2, -1, 1, 2)]
        weights = {-2: 1 / 12, -1: -2 / 3, 1: 2 / 3, 2: -1 / 12}
        return sum(weights[k] * np.array(f) for k, f in steps) / h

    d_x, d_y = derivative(0), derivative(1)
    expected = np.array([d_x[0], d_y[0], d_y[1], d_y[3]])
    far = np.min([np.hypot(X - k["center_x"], Y - k["center_y"]) for k in (KWARGS[0], KWARGS[2])], axis=0) > 0.3
    assert_allclose(np.array(lens.flexion(X, Y, KWARGS))[:, far], expected[:, far], rtol=1e-5, atol=1e-6)


def test_kinds_of_numbers():
    lens = LensModel(NAMES)
    scalar = lens.kappa(1.0, 0.5, KWARGS)
    assert isinstance(scalar, np.floating)
    image = lens.kappa(X, Y, KWARGS)
    image[:3] = 0
    assert isinstance(lens.kappa([1.0, 2.0], [0.5, 0.1], KWARGS), np.ndarray)
    assert isinstance(lens.kappa(jnp.asarray(X), jnp.asarray(Y), KWARGS), jax.Array)
    assert lens.kappa(X.reshape(8, 5), Y.reshape(8, 5), KWARGS).shape == (8, 5)


def test_gradients_of_the_magnification():
    lens = LensModel(NAMES)

    def magnification(v):
        kwargs = [{**KWARGS[0], "theta_E": v[0], "gamma": v[1], "e1": v[2]}, KWARGS[1], KWARGS[2]]
        return lens.magnification(v[3], v[4], kwargs)

    v = np.array([1.1, 2.0, 0.0, 1.4, 0.3])
    assert_allclose(jax.grad(magnification)(v), slope(magnification, v), rtol=1e-6)
    assert_allclose(
        jax.jit(jax.vmap(magnification))(np.stack([v, v + 0.01])), [magnification(v), magnification(v + 0.01)]
    )


def test_concrete_values_inside_a_program():
    """A call without traced values, while another program is being traced, is evaluated at once."""
    lens = LensModel(NAMES)
    expected = lens.kappa(X, Y, KWARGS)
    traced = jax.jit(lambda v: v * lens.kappa(X, Y, KWARGS).sum() + lens.kappa(X[0], Y[0], KWARGS))(2.0)
    assert_allclose(traced, 2 * expected.sum() + expected[0], rtol=1e-12)


def test_equal_models_share_programs():
    LensModel(NAMES).gamma(X, Y, KWARGS)
    before = trace_count()
    numbers = [{k: np.float32(v) for k, v in kwargs.items()} for kwargs in KWARGS]
    for lens in (LensModel(NAMES), pickle.loads(pickle.dumps(LensModel(NAMES))), copy.deepcopy(LensModel(NAMES))):
        lens.gamma(X, Y, KWARGS)
        lens.gamma(X, Y, numbers)
        lens.gamma(X[:7], Y[:7], KWARGS)
    assert trace_count() == before + 1  # the small array has a program of its own


def test_many_models_and_extra_parameters():
    """Equal models are scanned; parameters beyond those of the list are ignored, as in lenstronomy."""
    kwargs = draw(["SIS"] * 30, 1)
    ours, theirs = LensModel(["SIS"] * 30), Reference(["SIS"] * 30)
    assert_allclose(ours.alpha(X, Y, kwargs), theirs.alpha(X, Y, kwargs), rtol=1e-11, atol=1e-12)
    assert_array_equal(ours.alpha(X, Y, kwargs + [{"theta_E": 1}]), ours.alpha(X, Y, kwargs))


@pytest.mark.parametrize("shape", ((3,), (40,), (8, 5)))
@pytest.mark.parametrize("options", ({}, {"multi_plane": True, "lens_redshift_list": [0.5, 0.5, 0.8], "z_source": 2}))
def test_parameters_with_a_value_for_each_position(options, shape):
    lens = LensModel(NAMES, **options)
    theta_E = np.linspace(0.8, 1.2, np.prod(shape)).reshape(shape)
    x, y = (v[: theta_E.size].reshape(shape) for v in (X, Y))
    result = lens.alpha(x, y, [{**KWARGS[0], "theta_E": theta_E}, *KWARGS[1:]])
    assert result[0].shape == shape
    for i in (0, theta_E.size - 1):
        one = [{**KWARGS[0], "theta_E": theta_E.flat[i]}, *KWARGS[1:]]
        assert_allclose([r.flat[i] for r in result], lens.alpha(x.flat[i], y.flat[i], one), rtol=1e-12)


def test_a_parameter_that_is_left_out():
    """It reaches the profile as None, with numbers and with arrays."""

    def deflection(x, y, slope=0.5, twist=None):
        return slope * x, slope * y if twist is None else twist * x

    lens = LensModel(["TABULATED_DEFLECTIONS"], profile_kwargs_list=[{"custom_class": deflection}])
    for x, y in ((1.0, 0.5), (X, Y)):
        assert_allclose(lens.alpha(x, y, [{"slope": 0.3}]), (0.3 * x, 0.3 * y), rtol=1e-14)
        assert_allclose(lens.alpha(x, y, [{"twist": 0.1}]), (0.5 * x, 0.1 * x), rtol=1e-14)


@pytest.mark.parametrize(
    ("names", "options", "message"),
    (
        (["LOS", "LOS_MINIMAL"], {}, "only one"),
        (["LOS", "LOS_FLEXION"], {}, "part of"),
        (["SIS"], {"multi_plane": True, "z_source": 1}, "lens_redshift_list"),
        (["SIS"], {"multi_plane": True, "lens_redshift_list": [0.5]}, "z_source"),
        (["LOS"], {"multi_plane": True, "lens_redshift_list": [0.5], "z_source": 1}, "exclude"),
        (["SIS"], {"z_source": 1, "z_source_convention": 2}, "z_lens"),
        (["SSI"], {}, "Did you mean"),
    ),
)
def test_bad_options(names, options, message):
    with pytest.raises(ValueError, match=message):
        LensModel(names, **options)


def test_bad_calls():
    lens = LensModel(["SIS"])
    with pytest.raises(ValueError, match="diff_method"):
        lens.hessian(0, 0, KWARGS[2:], diff=0.1, diff_method="bad")
    with pytest.raises(ValueError, match="z_lens"):
        lens.arrival_time(1, 1, KWARGS[2:])
    with pytest.raises(ValueError, match="multi_plane"):
        lens.hessian_z1z2(0.1, 0.2, 1, 1, KWARGS[2:])
    with pytest.raises(TypeError, match="theta_F"):
        lens.kappa(X, Y, [{"theta_F": 1}])
    with pytest.raises(TypeError, match="a list with one dictionary for each"):
        lens.kappa(X, Y, {"theta_E": 1})
    with pytest.raises(ValueError, match="index 7, and there are 1"):
        lens.alpha(X, Y, KWARGS[2:], k=7)
    with pytest.raises(ValueError, match="1 sets of lens model parameters given, and k = 2 selects model 2"):
        LensModel(NAMES).alpha(X, Y, KWARGS[:1], k=2)
    for x, y in ((1.0, 0.5), (X, Y)):
        with pytest.raises(TypeError, match="'theta_E' has to be a number or an array, not None"):
            lens.alpha(x, y, [{"theta_E": None}])
    with pytest.raises(ValueError, match="requires the parameter"):
        lens.check_parameters([{"theta_E": 1}])
