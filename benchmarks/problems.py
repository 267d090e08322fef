"""One lens-modelling problem, built with either package: an isothermal or power-law deflector with shear, a Sersic
source, and either four images of a point source or the light of the lens, blurred by a 13-pixel PSF.
"""

import importlib

import numpy as np

PIXEL, EXPOSURE, BACKGROUND = 0.05, 100.0, 0.05
LENS = {"theta_E": 1.3, "e1": 0.08, "e2": -0.05, "center_x": 0.02, "center_y": -0.01}
SHEAR = {"gamma1": 0.03, "gamma2": -0.02}
SOURCE = {"R_sersic": 0.25, "n_sersic": 1.5, "e1": 0.1, "e2": 0.05, "center_x": 0.04, "center_y": 0.01}
LIGHT = {"R_sersic": 0.8, "n_sersic": 3.5, "e1": 0.07, "e2": -0.04, "center_x": 0.02, "center_y": -0.01}
FIXED = "ra_0", "dec_0", "n_sersic", "n_max"
WIDTH = 0.1  # of the range that is sampled around each parameter


def gaussian_kernel(size, sigma=2.4):
    """A round Gaussian kernel of an odd number of pixels."""
    axis = np.arange(size) - size // 2
    kernel = np.exp(-(axis[:, None] ** 2 + axis**2) / (2 * sigma**2))
    return kernel / kernel.sum()


def fitting_sequence(package, mass="EPL", quad=True, pixels=100, supersampling=1, n_max=None, seed=11):
    """A FittingSequence of that package, and the vector of the true parameters.

    :param package: "lenstronomy" or "jaxtronomy"
    :param mass: "EPL" or "SIE"
    :param quad: True: four images of a point source; False: the light of the lens
    :param pixels: pixels along an axis
    :param supersampling: sub-pixels per axis
    :param n_max: the source is fitted with shapelets of orders up to this one; None: with a Sersic profile, as it is
    :param seed: of the noise
    """
    rng = np.random.default_rng(seed)
    pixel = PIXEL * 100 / pixels
    start = -(pixels - 1) / 2 * pixel
    data = {
        "image_data": np.zeros((pixels, pixels)),
        "background_rms": BACKGROUND,
        "exposure_time": EXPOSURE,
        "ra_at_xy_0": start,
        "dec_at_xy_0": start,
        "transform_pix2angle": np.eye(2) * pixel,
    }
    psf = {"psf_type": "PIXEL", "kernel_point_source": gaussian_kernel(13, 0.12 / pixel)}
    numerics = {"supersampling_factor": supersampling, "supersampling_convolution": False}
    lens = [{**LENS, "gamma": 2.05} if mass == "EPL" else LENS, {**SHEAR, "ra_0": 0.0, "dec_0": 0.0}]
    model = {
        "lens_model_list": [mass, "SHEAR"],
        "source_light_model_list": ["SERSIC_ELLIPSE"],
        "lens_light_model_list": [] if quad else ["SERSIC_ELLIPSE"],
        "point_source_model_list": ["LENSED_POSITION"] if quad else [],
        "fixed_magnification_list": [False] if quad else [],
    }
    truth = {"lens": lens, "source": [{**SOURCE, "amp": 20.0}], "lens_light": [], "ps": []}
    if quad:
        x, y, amp = _images(lens, mass)
        truth["ps"] = [{"ra_image": x, "dec_image": y, "point_amp": amp}]
    else:
        truth["lens_light"] = [{**LIGHT, "amp": 30.0}]
    data["image_data"] = _image(data, psf, numerics, model, truth)
    noise = np.sqrt(BACKGROUND**2 + np.maximum(data["image_data"], 0) / EXPOSURE)
    data["image_data"] = data["image_data"] + rng.normal(size=noise.shape) * noise

    if n_max is not None:
        model["source_light_model_list"] = ["SHAPELETS"]
        centre = {key: SOURCE[key] for key in ("center_x", "center_y")}
        truth["source"] = [{"n_max": n_max, "beta": 0.1, **centre}]

    params, vector = {}, {}
    for group, name in (("lens", "lens"), ("source", "source"), ("lens_light", "lens_light"), ("ps", "point_source")):
        fixed = [{k: v for k, v in kwargs.items() if k in FIXED} for kwargs in truth[group]]
        free = [{k: v for k, v in kwargs.items() if k not in FIXED and "amp" not in k} for kwargs in truth[group]]
        lower, upper = ([{k: v + d for k, v in kwargs.items()} for kwargs in free] for d in (-WIDTH, WIDTH))
        widths = [{k: 0 * np.asarray(v) + 0.01 for k, v in kwargs.items()} for kwargs in free]
        params[f"{name}_model"] = [free, widths, fixed, lower, upper]
        vector[f"kwargs_{group}"] = truth[group]
    fit = importlib.import_module(f"{package}.Workflow.fitting_sequence").FittingSequence(
        {"multi_band_list": [[data, psf, numerics]], "multi_band_type": "multi-linear"},
        model,
        {"num_point_source_list": [4]} if quad else {},
        {"check_bounds": True},
        params,
        verbose=False,
    )
    return fit, np.array(fit.param_class.kwargs2args(**vector))


def likelihood(package, **problem):
    """The likelihood of that package, and the vector of the true parameters."""
    fit, args = fitting_sequence(package, **problem)
    return fit.likelihood_class, args


def _images(lens, mass):
    """Positions and amplitudes of the four images of a point source."""
    from jaxtronomy.LensModel.lens_model import LensModel
    from jaxtronomy.LensModel.Solver.lens_equation_solver import LensEquationSolver

    model = LensModel([mass, "SHEAR"])
    position = SOURCE["center_x"], SOURCE["center_y"]
    x, y = LensEquationSolver(model).image_position_from_source(*position, lens)
    assert len(x) == 4
    return x, y, 40 * np.abs(model.magnification(x, y, lens))


def _image(data, psf, numerics, model, truth):
    """The image without noise."""
    from jaxtronomy.Data.imaging_data import ImageData
    from jaxtronomy.Data.psf import PSF
    from jaxtronomy.ImSim.image_model import ImageModel
    from jaxtronomy.LensModel.lens_model import LensModel
    from jaxtronomy.LightModel.light_model import LightModel
    from jaxtronomy.PointSource.point_source import PointSource

    return ImageModel(
        ImageData(**data),
        PSF(**psf),
        LensModel(model["lens_model_list"]),
        LightModel(model["source_light_model_list"]),
        LightModel(model["lens_light_model_list"]),
        PointSource(model["point_source_model_list"]),
        kwargs_numerics=numerics,
    ).image(truth["lens"], truth["source"], truth["lens_light"], truth["ps"])
