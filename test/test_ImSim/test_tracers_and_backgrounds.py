"""Images of tracers, and exposures with backgrounds of their own, against lenstronomy."""

import copy
import importlib

import fits
import jax
import numpy as np
import pytest

from jaxtronomy.core.jit import trace_count

PACKAGES = ("jaxtronomy", "lenstronomy")
LIGHT = [{"amp": 3.0, "R_sersic": 0.3, "n_sersic": 1.2}, {"amp": 8.0, "sigma": 0.3, "center_x": 0.2, "center_y": -0.1}]
TRACER = [{"amp": 1.0, "k": -0.3, "center_x": 0.1, "center_y": 0.0}, {"amp": 0.5}]
MODEL = {"lens_model_list": ["SIE"], "source_light_model_list": ["SERSIC"], "lens_light_model_list": ["GAUSSIAN"]}


def tracer(package, **options):
    """A model of a tracer on a camera with sub-pixels, and its parameters."""

    def get(module, name):
        return getattr(importlib.import_module(f"{package}.{module}"), name)

    data, psf, _ = copy.deepcopy(fits.band(num_pix=20))
    model = get("ImSim.tracer_model", "TracerModelSource")(
        get("Data.imaging_data", "ImageData")(**data),
        get("Data.psf", "PSF")(**psf),
        get("LensModel.lens_model", "LensModel")(["SIE"]),
        get("LightModel.light_model", "LightModel")(["SERSIC", "GAUSSIAN"]),
        tracer_source_class=get("LightModel.light_model", "LightModel")(["LINEAR", "UNIFORM"]),
        kwargs_numerics={"supersampling_factor": 2, "supersampling_convolution": False},
        **options,
    )
    return model, (TRACER, [fits.LENS], LIGHT)


@pytest.mark.parametrize("tracer_type", ["LINEAR", "LOG"])
@pytest.mark.parametrize("partition", [None, [[0, 0], [1, 1]], [[[0, 1], [0]]]])
def test_tracer(tracer_type, partition):
    """Map, likelihood and what both are made of, of one and of several parts of the source."""
    options = {"tracer_type": tracer_type, "tracer_partition": partition}
    (ours, trees), (theirs, _) = (tracer(package, **options) for package in PACKAGES)
    for de_lensed in (False, True):
        expected = theirs.tracer_model(*trees, de_lensed=de_lensed)
        np.testing.assert_allclose(ours.tracer_model(*trees, de_lensed=de_lensed), expected, rtol=1e-8, atol=1e-10)
        expected = theirs._tracer_model_source(*trees[:2], de_lensed=de_lensed, k=0)
        result = ours._tracer_model_source(*trees[:2], de_lensed=de_lensed, k=0)
        np.testing.assert_allclose(result, expected, rtol=1e-8, atol=1e-10)
    expected = theirs.likelihood_data_given_model(*trees)
    np.testing.assert_allclose(ours.likelihood_data_given_model(*trees), expected, rtol=1e-8)
    assert ours.num_data_evaluate == theirs.num_data_evaluate == 400


def test_tracer_mask_and_gradient():
    """Pixels that do not count do not, and the likelihood can be differentiated."""
    mask = np.arange(400).reshape(20, 20) % 3 > 0
    model, trees = tracer("jaxtronomy", likelihood_mask=mask)
    assert model.num_data_evaluate == mask.sum()
    expected = model.Data.log_likelihood(model.tracer_model(*trees), mask, 0)
    value = model.likelihood_data_given_model(*trees)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    traces = trace_count()
    other, _ = tracer("jaxtronomy", likelihood_mask=~mask)
    assert other.likelihood_data_given_model(*trees) != value and trace_count() == traces

    def of_slope(k):
        return model.likelihood_data_given_model([TRACER[0] | {"k": k}, TRACER[1]], *trees[1:])

    step = 1e-5
    central = (of_slope(-0.3 + step) - of_slope(-0.3 - step)) / (2 * step)
    np.testing.assert_allclose(jax.grad(of_slope)(-0.3), central, rtol=1e-6)
    with pytest.raises(ValueError, match="allowed are 'LINEAR' and 'LOG'"):
        tracer("jaxtronomy", tracer_type="SQUARE")


def exposures(package, **options):
    """A joint model of three exposures with backgrounds, and parameters."""
    bands = [copy.deepcopy(fits.band(seed=i)) for i in range(3)]
    for (data, _, _), background, scaling in zip(bands, (0.3, -0.2, 1.0), (1.0, 0.8, 1.2)):
        data["image_data"] = (data["image_data"] + fits.gaussian(24, sigma=3.0)) * scaling + background
        data["flux_scaling"] = scaling
    module = importlib.import_module(f"{package}.ImSim.MultiBand.joint_linear_vary_background")
    light = {"amp": 1.0, "sigma": 0.3, "center_x": 0.0, "center_y": 0.0}
    trees = {"kwargs_lens": [fits.LENS], "kwargs_source": [dict(fits.SOURCE)], "kwargs_lens_light": [light]}
    trees["kwargs_ps"] = []
    return module.JointLinear_VaryBG(bands, MODEL, **options), trees


def test_backgrounds():
    """Amplitudes, covariance, images, responses and likelihoods."""
    mask = np.ones((24, 24))
    mask[:5] = 0
    options = {"likelihood_mask_list": [np.ones((24, 24)), mask, np.ones((24, 24))]}
    (ours, trees), (theirs, _) = (exposures(package, **options) for package in PACKAGES)
    images, errors, covariance, amplitudes = ours.image_linear_solve(**trees, inv_bool=True)
    expected = theirs.image_linear_solve(**trees, inv_bool=True)
    np.testing.assert_allclose(amplitudes, expected[3], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(amplitudes[2:], [0.3, -0.2, 1.0], atol=0.03)
    np.testing.assert_allclose(covariance, expected[2], rtol=1e-6, atol=1e-9 * np.max(np.abs(expected[2])))
    np.testing.assert_allclose(images, expected[0], rtol=1e-6, atol=1e-8)
    assert len(errors) == 3
    np.testing.assert_allclose(
        ours.linear_response_matrix(**trees), theirs.linear_response_matrix(**trees), rtol=1e-6, atol=1e-10
    )
    for choice in ({}, {"source_marg": True, "linear_prior": 2.0}, {"check_positive_flux": True}):
        value, param = ours.likelihood_data_given_model(**trees, **choice)
        expected = theirs.likelihood_data_given_model(**trees, **choice)
        np.testing.assert_allclose(value, expected[0], rtol=1e-8)
        np.testing.assert_allclose(param, expected[1], rtol=1e-6, atol=1e-8)
    _, source, light, _ = ours.update_linear_kwargs(amplitudes, 0, **copy.deepcopy(trees))
    assert [source[0]["amp"], light[0]["amp"]] == list(amplitudes[:2])


def test_backgrounds_of_some_exposures():
    """Only the modelled ones have one; an interferometer has none."""
    model, trees = exposures("jaxtronomy", compute_bool=[True, False, True])
    images, _, _, amplitudes = model.image_linear_solve(**trees)
    assert len(images) == 2 and len(amplitudes) == 4
    np.testing.assert_allclose(amplitudes[2:], [0.3, 1.0], atol=0.03)
    data, psf, numerics = copy.deepcopy(fits.band())
    del data["exposure_time"]
    data |= {"likelihood_method": "interferometry_natwt"}
    module = importlib.import_module("jaxtronomy.ImSim.MultiBand.joint_linear_vary_background")
    with pytest.raises(ValueError, match="band 0 is of an interferometer"):
        module.JointLinear_VaryBG([[data, psf, numerics]], MODEL)
