"""The likelihood of the sampled vector: parity with lenstronomy, gradients, batches, programs, penalties."""

import copy
import importlib
import pickle

import jax
import numpy as np
import pytest

from jaxtronomy.core.jit import trace_count
from jaxtronomy.Sampling.likelihood import NOT_FINITE, OUT_OF_BOUNDS

NUM_PIX = 30
KERNEL = np.exp(-((np.arange(9) - 4)[:, None] ** 2 + ((np.arange(9) - 4) ** 2)[None, :]) / 3)
LENS = [
    {"theta_E": 1.0, "gamma": 2.05, "e1": 0.08, "e2": -0.05, "center_x": 0.02, "center_y": -0.01},
    {"gamma1": 0.03, "gamma2": -0.02},
]
SOURCE = [{"R_sersic": 0.25, "n_sersic": 1.5, "e1": 0.1, "e2": 0.05, "center_x": 0.08, "center_y": 0.06}]
LIGHT = [{"R_sersic": 0.6, "n_sersic": 3.0, "e1": 0.07, "e2": -0.04, "center_x": 0.02, "center_y": -0.01}]
POINTS = [{"ra_image": np.array([0.7, -1.0, 0.1, 0.9]), "dec_image": np.array([0.9, -0.4, -1.0, -0.2])}]
CASES = {
    "lens light": {"light": True},
    "quad": {"points": True},
    "fine": {"light": True, "supersampling_factor": 2},
    "priors and marginal": {"light": True, "options": {"source_marg": True, "prior_lens": [[0, "gamma", 2.0, 0.1]]}},
    "log-normal and samples": {
        "options": {
            "prior_source_lognormal": [[0, "R_sersic", -1.0, 0.3]],
            "prior_lens_kde": [[0, "theta_E", np.random.default_rng(4).normal(1, 0.1, 50)]],
        }
    },
    "delays and ratios": {
        "points": True,
        "special": True,
        "data": {
            "time_delays_measured": np.array([3.0, -2.0, 5.0]),
            "time_delays_uncertainties": np.array([1.0, 1.5, 2.0]),
            "flux_ratios": np.array([0.5, 0.8, 1.2]),
            "flux_ratio_errors": np.array([0.2, 0.2, 0.3]),
            "ra_image_list": [POINTS[0]["ra_image"] + 0.003],
            "dec_image_list": [POINTS[0]["dec_image"] - 0.002],
        },
        "options": {"time_delay_likelihood": True, "flux_ratio_likelihood": True, "image_position_likelihood": True},
    },
    "two bands": {"bands": "multi-linear"},
    "two exposures": {"bands": "joint-linear"},
}


def limit(name, value):
    """A limit, above zero where the parameter has to be."""
    return np.maximum(value, 0.1) if name in ("theta_E", "gamma", "R_sersic", "n_sersic") else value


def likelihood(
    package, seed=0, light=False, points=False, special=False, bands=None, data=None, options=None, **numerics
):
    """A likelihood and the vector at which the parameters above stand, in either package."""

    def module(path):
        return importlib.import_module(f"{package}.{path}")

    rng = np.random.default_rng(seed)
    edge = (NUM_PIX - 1) * 0.05
    band = [
        {
            "image_data": rng.normal(1, 0.5, (NUM_PIX, NUM_PIX)),
            "background_rms": 0.1,
            "exposure_time": 100.0,
            "transform_pix2angle": np.array([[-0.1, 0.0], [0.0, 0.1]]),
            "ra_at_xy_0": edge,
            "dec_at_xy_0": -edge,
        },
        {"psf_type": "PIXEL", "kernel_point_source": KERNEL},
        numerics,
    ]
    second = [{**band[0], "image_data": rng.normal(1, 0.5, (NUM_PIX, NUM_PIX))}, *band[1:]]
    kwargs_model = {
        "lens_model_list": ["EPL", "SHEAR"],
        "source_light_model_list": ["SERSIC_ELLIPSE"],
        "lens_light_model_list": ["SERSIC_ELLIPSE"] if light else [],
        "point_source_model_list": ["LENSED_POSITION"] if points else [],
        "fixed_magnification_list": [False] if points else None,
    }
    values = {"lens": LENS, "source": SOURCE, "lens_light": LIGHT if light else [], "ps": POINTS if points else []}
    limits = {}
    for name, components in values.items():
        for side, shift in (("lower", -2.0), ("upper", 2.0)):
            limits[f"kwargs_{side}_{name}"] = [{k: limit(k, v + shift) for k, v in c.items()} for c in components]
    param = module("Sampling.parameters").Param(
        kwargs_model,
        kwargs_fixed_lens=[{}, {"ra_0": 0.0, "dec_0": 0.0}],
        num_point_source_list=[4] if points else None,
        Ddt_sampling=special,
        **limits,
    )
    joint = {
        "multi_band_list": [band] if bands is None else [band, second],
        "multi_band_type": bands or "single-band",
        **(data or {}),
    }
    result = module("Sampling.likelihood").Likelihood(joint, kwargs_model, param, **(options or {}))
    lists = {f"kwargs_{k}": v for k, v in values.items()}
    return result, param.kwargs2args(**lists, kwargs_special={"D_dt": 4000.0} if special else {})


@pytest.mark.parametrize("name", CASES)
def test_parity(name):
    (theirs, args), (ours, same) = likelihood("lenstronomy", **CASES[name]), likelihood("jaxtronomy", **CASES[name])
    np.testing.assert_allclose(same, args, rtol=1e-14)
    np.testing.assert_allclose(ours.param_limits, theirs.param_limits, rtol=1e-14)
    assert ours.num_data == theirs.num_data
    assert ours.param.num_param() == theirs.param.num_param()
    rng = np.random.default_rng(1)
    points = args * (1 + 1e-2 * rng.normal(size=(4, args.size)))
    expected = [theirs.logL(p) for p in points]
    np.testing.assert_allclose([ours.logL(p) for p in points], expected, rtol=1e-10)
    np.testing.assert_allclose(ours.logL_batch(points), expected, rtol=1e-10)
    kwargs = ours.param.args2kwargs(points[0])
    assert ours.effective_num_data_points(**kwargs) == theirs.effective_num_data_points(**kwargs)


@pytest.mark.parametrize("name", ["quad", "fine", "delays and ratios"])
@pytest.mark.parametrize("is_round", [False, True])
def test_gradient(name, is_round):
    ours, args = likelihood("jaxtronomy", **CASES[name])
    if is_round:
        lists = ours.param.args2kwargs(args)
        lists["kwargs_lens"][0].update(e1=0.0, e2=0.0)
        lists["kwargs_source"][0].update(e1=0.0, e2=0.0)
        args = ours.param.kwargs2args(**lists)
    value, gradient = ours.value_and_grad(args)
    assert value == pytest.approx(ours.logL(args), rel=1e-12)
    step = 1e-6
    for i, unit in enumerate(np.eye(args.size)):
        slope = (ours.logL(args + step * unit) - ours.logL(args - step * unit)) / (2 * step)
        assert gradient[i] == pytest.approx(slope, rel=1e-4, abs=1e-5 * np.abs(gradient).max())


def test_one_program():
    """Another image of the same shape, other limits and fixed values: no new program."""
    first, args = likelihood("jaxtronomy", seed=1, light=True)
    value = first.logL(args)
    first.value_and_grad(args)
    first.logL_batch(np.tile(args, (3, 1)))
    traces = trace_count()
    second, _ = likelihood("jaxtronomy", seed=2, light=True)
    assert second.logL(args) != value
    second.value_and_grad(args)
    second.logL_batch(np.tile(args, (4, 1)))
    assert trace_count() == traces


def test_penalties():
    ours, args = likelihood("jaxtronomy")
    outside = args.copy()
    outside[0] = 50.0
    assert ours.logL(outside) == OUT_OF_BOUNDS
    np.testing.assert_array_equal(ours.logL_batch([args, outside])[1], OUT_OF_BOUNDS)
    assert np.all(np.isfinite(ours.value_and_grad(outside)[1]))
    undefined, _ = likelihood("jaxtronomy", options={"custom_logL_addition": lambda **kwargs: np.nan})
    assert undefined.logL(args) == NOT_FINITE


def test_custom_addition():
    """One that JAX can trace becomes part of the program; any other is added."""
    plain, args = likelihood("jaxtronomy")

    def traced(kwargs_lens, **kwargs):
        return -((kwargs_lens[0]["gamma"] - 2.0) ** 2)

    def host(kwargs_lens, **kwargs):
        return -float((kwargs_lens[0]["gamma"] - 2.0) ** 2)

    for function in (traced, host):
        ours, _ = likelihood("jaxtronomy", options={"custom_logL_addition": function})
        assert ours.logL(args) == pytest.approx(plain.logL(args) - 0.05**2, rel=1e-12)
        assert ours.logL_batch([args])[0] == pytest.approx(ours.logL(args), rel=1e-12)
    with pytest.raises(ValueError, match="cannot trace custom_logL_addition"):
        ours.value_and_grad(args)


def test_pickle_copy_and_jit():
    ours, args = likelihood("jaxtronomy", points=True)
    before = pickle.loads(pickle.dumps(ours))
    value = ours.logL(args)
    for other in (before, pickle.loads(pickle.dumps(ours)), copy.deepcopy(ours)):
        assert other.logL(args) == value
    assert float(jax.jit(ours.logL)(args)) == pytest.approx(value, rel=1e-12)
    assert np.shape(jax.vmap(ours.logL)(np.tile(args, (3, 1)))) == (3,)


def test_settings_may_be_arrays():
    """Redshifts and numbers of images as arrays, as in lenstronomy."""
    values = []
    for package in ("jaxtronomy", "lenstronomy"):
        lens_model = importlib.import_module(f"{package}.LensModel.lens_model").LensModel(
            ["SIE"], z_lens=0.5, z_source=1.5, z_source_convention=1.5
        )
        module = importlib.import_module(f"{package}.Sampling.Likelihoods.flux_ratio_likelihood")
        likelihood = module.FluxRatioLikelihood(
            lens_model,
            [np.array([0.8]), np.array([0.5])],
            [np.array([0.1]), np.array([0.1])],
            flux_ratio_measurement_bool=[True, True],
            num_point_sources=2,
            point_source_redshift_list=np.array([1.0, 1.5]),
        )
        kwargs = [{"theta_E": 1.0, "e1": 0.1, "e2": 0.0, "center_x": 0.0, "center_y": 0.0}]
        x, y = [np.array([1.1, -0.8]), np.array([1.2, -0.7])], [np.array([0.1, 0.0]), np.array([0.2, -0.1])]
        values.append(likelihood.logL(x, y, kwargs, {}))
        param = importlib.import_module(f"{package}.Sampling.parameters").Param(
            {"lens_model_list": ["SIE"], "point_source_model_list": ["LENSED_POSITION"]},
            num_point_source_list=np.array([2]),
            mass_scaling_list=np.array([1]),
            Ddt_sampling=True,
        )
        points = importlib.import_module(f"{package}.PointSource.point_source").PointSource(
            ["UNLENSED", "SOURCE_POSITION"], redshift_list=np.array([1.0, 1.5])
        )
        assert list(points._redshift_list) == [1.0, 1.5]
        names = param.num_param()[1]
        assert names.count("ra_image") == 2 and "D_dt" in names and param.special_params._D_dt_sampling.on
    np.testing.assert_allclose(*values, rtol=1e-5)  # lenstronomy differentiates the SIE by differences
