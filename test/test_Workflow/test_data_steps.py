"""Steps that change the data: the PSF, the coordinates and the fluxes of images."""

import copy
import importlib
import sys

import fits
import numpy as np
import pytest

from jaxtronomy.core.jit import trace_count
from jaxtronomy.Workflow.fitting_sequence import FittingSequence

QUAD = {
    "ra_image": np.array([0.753, -0.622, 0.417, -0.311]),
    "dec_image": np.array([0.131, 0.318, -0.584, 0.712]),
    "point_amp": np.array([30.0, 20.0, 12.0, 25.0]),
}
PARAMS = {
    "kwargs_lens": [{"theta_E": 0.8, "center_x": 0.0, "center_y": 0.0}],
    "kwargs_source": [],
    "kwargs_lens_light": [{"amp": 10.0, "R_sersic": 0.3, "n_sersic": 2.0, "center_x": 0.01, "center_y": 0.0}],
    "kwargs_ps": [QUAD],
}
MODEL = {
    "lens_model_list": ["SIS"],
    "lens_light_model_list": ["SERSIC"],
    "point_source_model_list": ["LENSED_POSITION"],
    "fixed_magnification_list": [False],
}


@pytest.fixture(scope="module")
def image():
    """A lens with four images through a PSF that is broader along one axis."""
    from jaxtronomy.Util import class_creator

    data, _, numerics = fits.band(num_pix=35)
    true = fits.gaussian(9, 1.2) * np.linspace(0.8, 1.2, 9)[:, None]
    model = class_creator.create_im_sim(
        [[data, {"psf_type": "PIXEL", "kernel_point_source": true}, numerics]], "single-band", MODEL
    )
    clean = model.image(**PARAMS)
    noise = np.sqrt(fits.BACKGROUND**2 + np.maximum(clean, 0) / fits.EXPOSURE)
    data["image_data"] = clean + 0.3 * noise * np.random.default_rng(0).normal(size=clean.shape)
    return data, true / true.sum()


def psf_fitting(package, image, factor=1):
    """The PSF iteration of either package, and a PSF that is too narrow."""
    data = copy.deepcopy(image[0])
    kernel = fits.gaussian(9 * factor if factor % 2 else 9 * factor - 1, factor * 1.0)
    kwargs_psf = {"psf_type": "PIXEL", "kernel_point_source": kernel, "point_source_supersampling_factor": factor}
    bands = importlib.import_module(f"{package}.ImSim.MultiBand.single_band_multi_model")
    mask = np.ones_like(data["image_data"])
    mask[:5] = 0
    model = bands.SingleBandMultiModel([[data, kwargs_psf, {}]], MODEL, likelihood_mask_list=[mask.astype(bool)])
    return importlib.import_module(f"{package}.Workflow.psf_fitting").PsfFitting(model), kwargs_psf


@pytest.mark.filterwarnings("ignore:kernel_point_source has negative pixels", "ignore:Input PSF model has at least one")
@pytest.mark.parametrize(
    "factor, options",
    [
        (1, {"new_procedure": True, "psf_iter_factor": 0.5}),
        (1, {"new_procedure": True, "stacking_method": "mean", "psf_symmetry": 2, "block_center_neighbour": 0.3}),
        (1, {"new_procedure": True, "psf_symmetry": 3, "corner_symmetry": 1, "error_map_radius": 0.3}),
        (3, {"new_procedure": True}),
        (2, {"new_procedure": True}),
        (1, {"new_procedure": False, "error_map_radius": 0.3}),
        (3, {"new_procedure": False}),
    ],
)
def test_psf_iteration_as_in_lenstronomy(image, factor, options):
    """One step: kernel, variance map and likelihood."""
    if options.get("corner_symmetry"):
        options["corner_mask"] = psf_fitting("jaxtronomy", image)[0].calc_cornermask(9, options["psf_symmetry"])
    results = []
    for package in ("jaxtronomy", "lenstronomy"):
        fitting, kwargs_psf = psf_fitting(package, image, factor)
        results.append(fitting.update_psf(kwargs_psf, copy.deepcopy(PARAMS), **options))
    (ours, value, error), (theirs, value_theirs, error_theirs) = results
    np.testing.assert_allclose(ours["kernel_point_source"], theirs["kernel_point_source"], rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(error, error_theirs, rtol=1e-6, atol=1e-9)
    assert value == pytest.approx(value_theirs, rel=1e-8)


def test_psf_iteration_improves_the_psf(image, capsys):
    """The kernel comes closer to the true one; the best of all steps is returned, whatever came first is kept."""
    fitting, kwargs_psf = psf_fitting("jaxtronomy", image)
    before = copy.deepcopy(kwargs_psf)
    result = fitting.update_iterative(kwargs_psf, PARAMS, num_iter=5, psf_iter_factor=0.5, keep_psf_variance_map=False)
    assert "best reconstruction" in capsys.readouterr().out
    np.testing.assert_equal(kwargs_psf, before)
    np.testing.assert_array_equal(result["kernel_point_source_init"], before["kernel_point_source"])
    old, new = (np.abs(k["kernel_point_source"] - image[1]).sum() for k in (before, result))
    assert new < 0.4 * old
    assert result["psf_variance_map"].shape == (9, 9)
    assert 0 <= result["psf_variance_map"].min() and result["psf_variance_map"].max() <= 1


def test_cutouts_are_normalised_where_they_count():
    """A cutout of which half is masked is filled up by the kernel, in proportion."""
    from jaxtronomy.Workflow.psf_fitting import PsfFitting

    kernel, image, mask = fits.gaussian(9, 1.2), np.zeros((25, 25)), np.ones((25, 25))
    image[8:17, 8:17] = 50 * kernel
    mask[:, :11] = 0
    estimate = PsfFitting.cutout_psf_single(12, 12, image, mask, 9, kernel)
    np.testing.assert_allclose(estimate, kernel, rtol=1e-10, atol=1e-12)


def test_neighbours_do_not_count_for_the_variance_map(image):
    """Light within the radius of a neighbour makes no variance; the radius is an angle."""
    fitting, _ = psf_fitting("jaxtronomy", image)
    data = fitting._image_model_class.Data
    x, y = data.map_coord2pix(QUAD["ra_image"], QUAD["dec_image"])
    kernel = fits.gaussian(9, 1.0)
    cutouts = [np.zeros((9, 9))] * 4
    free = fitting.error_map_estimate(kernel, cutouts, QUAD["point_amp"], x, y)
    blocked = fitting.error_map_estimate(kernel, cutouts, QUAD["point_amp"], x, y, block_center_neighbour=3.0)
    assert free.max() > 0 and blocked.max() == 0


def test_psf_iteration_between_fits(image):
    """A better PSF, the same program: nothing is compiled for the fit that follows."""
    positions = {name: QUAD[name] for name in ("ra_image", "dec_image")}
    lens, light = PARAMS["kwargs_lens"][0], {k: v for k, v in PARAMS["kwargs_lens_light"][0].items() if k != "amp"}

    def limits(kwargs, width):
        return [{name: value + width for name, value in kwargs.items()}]

    def entry(kwargs, fixed=None):
        return [
            [kwargs],
            [{k: 0.0 * v + 0.01 for k, v in kwargs.items()}],
            [fixed or {}],
            limits(kwargs, -0.2),
            limits(kwargs, 0.2),
        ]

    kwargs_params = {
        "lens_model": entry(lens, {"center_x": 0.0, "center_y": 0.0}),
        "lens_light_model": entry(light, {"n_sersic": 2.0}),
        "point_source_model": entry(positions),
    }
    kwargs_psf = {"psf_type": "PIXEL", "kernel_point_source": fits.gaussian(9, 1.0)}
    data = {"multi_band_list": [[copy.deepcopy(image[0]), kwargs_psf, {}]], "multi_band_type": "single-band"}
    likelihood = {"source_position_likelihood": False}
    fit = FittingSequence(data, MODEL, {"num_point_source_list": [4]}, likelihood, kwargs_params, verbose=False)
    pso = ["PSO", {"n_particles": 10, "n_iterations": 10}]
    np.random.seed(0)
    fit.fit_sequence([pso])
    value, before = fit.best_fit_likelihood(), trace_count("steps_of_swarm")
    fit.fit_sequence([["psf_iteration", {"num_iter": 3, "psf_iter_factor": 0.5, "verbose": False}]])
    (memory,) = fit.psf_iteration_memory
    assert (memory["sequence"], memory["band"]) == (0, 0)
    np.testing.assert_array_equal(memory["psf_before"]["kernel_point_source"], fits.gaussian(9, 1.0))
    assert memory["psf_after"] is fit.multi_band_list[0][1]
    traces = trace_count()
    assert fit.best_fit_likelihood() > value + 100
    fit.fit_sequence([pso])
    assert trace_count() == traces and trace_count("steps_of_swarm") == before
    fit.fit_sequence([["psf_iteration", {"compute_bands": [False]}]])
    assert len(fit.psf_iteration_memory) == 1


def test_nothing_to_estimate_from(image):
    """A source without images leaves the PSF as it is."""
    fitting, kwargs_psf = psf_fitting("jaxtronomy", image)
    none = {**QUAD, "ra_image": np.zeros(0), "dec_image": np.zeros(0), "point_amp": np.zeros(0)}
    with pytest.warns(UserWarning, match="no point source"):
        result, _, error = fitting.update_psf(kwargs_psf, {**PARAMS, "kwargs_ps": [none]})
    np.testing.assert_array_equal(result["kernel_point_source"], kwargs_psf["kernel_point_source"])
    assert np.all(error == 0)


def test_stack_is_checked():
    from jaxtronomy.Workflow.psf_fitting import PsfFitting

    with pytest.raises(ValueError, match="'sum'; allowed are median, mean"):
        PsfFitting.combine_psf([np.eye(3)], np.eye(3), stacking_option="sum")


def test_starred_is_named(image, monkeypatch):
    monkeypatch.setitem(sys.modules, "starred", None)
    fitting, kwargs_psf = psf_fitting("jaxtronomy", image)
    with pytest.raises(ImportError, match="use_starred needs starred: pip install starred-astro"):
        fitting.update_psf(kwargs_psf, copy.deepcopy(PARAMS), use_starred=True)


def sequence(bands, band_type, **kwargs_likelihood):
    """A fit of lens light alone."""
    light = [{"R_sersic": 0.3, "n_sersic": 2.0, "center_x": 0.1, "center_y": -0.05}]
    names = light[0]
    params = {
        "lens_light_model": [
            light,
            [{name: 0.1 for name in names}],
            [{}],
            [{name: -1.0 for name in names}],
            [{name: 5.0 for name in names}],
        ]
    }
    data = {"multi_band_list": bands, "multi_band_type": band_type}
    return FittingSequence(data, {"lens_light_model_list": ["SERSIC"]}, {}, kwargs_likelihood, params, verbose=False)


def light_band(shift=0.0, scale=1.0):
    """An image of the lens light, shifted and scaled."""
    from jaxtronomy.Util import class_creator

    data, psf, numerics = fits.band(num_pix=20)
    model = class_creator.create_im_sim([[data, psf, numerics]], "single-band", {"lens_light_model_list": ["SERSIC"]})
    light = {"amp": 30.0, "R_sersic": 0.3, "n_sersic": 2.0, "center_x": 0.1 - shift, "center_y": -0.05}
    data["image_data"] = scale * model.image(kwargs_lens_light=[light]) + 0.01 * np.random.default_rng(0).normal(
        size=(20, 20)
    )
    return [data, psf, numerics]


def test_alignment():
    """The shift of the second image is found; the first one, and what was given, stay as they are."""
    bands = [light_band(), light_band(shift=0.08)]
    fit = sequence(bands, "joint-linear")
    fit.best_fit_likelihood()
    given = bands[1][0]
    np.random.seed(0)
    fit.fit_sequence([["align_images", {"n_particles": 10, "n_iterations": 2, "compute_bands": [False, True]}]])
    before = trace_count()
    options = {"n_particles": 20, "n_iterations": 25, "compute_bands": [False, True], "delta_shift": 0.2}
    fit.fit_sequence([["align_images", options]])
    assert trace_count() == before  # coordinates are data
    assert "ra_shift" not in fit.multi_band_list[0][0] and "ra_shift" not in given
    assert fit.multi_band_list[1][0]["ra_shift"] == pytest.approx(0.08, abs=0.01)
    assert fit.multi_band_list[1][0]["dec_shift"] == pytest.approx(0, abs=0.01)


def test_flux_calibration(capsys):
    """The ratio of the fluxes is found, and the likelihood of the fit takes it."""
    fit = sequence([light_band(), light_band(scale=0.3)], "joint-linear")
    before = fit.best_fit_likelihood()
    np.random.seed(0)
    options = {"n_particles": 15, "n_iterations": 20, "calibrate_bands": [False, True], "scaling_upper_limit": 1}
    fit.fit_sequence([["calibrate_images", options]])
    assert fit.multi_band_list[1][0]["flux_scaling"] == pytest.approx(0.3, abs=0.01)
    assert fit.best_fit_likelihood() > before + 100
    with pytest.raises(ValueError, match="'single-band'; fluxes can only be calibrated for 'joint-linear'"):
        sequence([light_band()], "single-band").flux_calibration()
