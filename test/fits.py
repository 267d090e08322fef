"""A small fit, built with either package: a ring of an elliptical lens and a Sersic source, with or without noise."""

import importlib

import numpy as np

PIXEL = 0.1
LENS = {"theta_E": 0.8, "e1": 0.1, "e2": -0.05, "center_x": 0.0, "center_y": 0.0}
SOURCE = {"amp": 40.0, "R_sersic": 0.2, "n_sersic": 1.5, "center_x": 0.05, "center_y": 0.02}
BACKGROUND, EXPOSURE = 0.05, 500.0


def gaussian(width=7, sigma=1.0):
    """A normalised Gaussian kernel."""
    r = np.arange(width) - width // 2
    kernel = np.exp(-(r[:, None] ** 2 + r[None, :] ** 2) / (2 * sigma**2))
    return kernel / kernel.sum()


def band(seed=0, num_pix=24, lens=LENS, source=SOURCE, sigma=1.0):
    """``[kwargs_data, kwargs_psf, kwargs_numerics]`` of a simulated image."""
    from jaxtronomy.Data.imaging_data import ImageData
    from jaxtronomy.Data.psf import PSF
    from jaxtronomy.ImSim.image_model import ImageModel
    from jaxtronomy.LensModel.lens_model import LensModel
    from jaxtronomy.LightModel.light_model import LightModel

    edge = -PIXEL * (num_pix - 1) / 2
    kwargs_data = {
        "image_data": np.zeros((num_pix, num_pix)),
        "background_rms": BACKGROUND,
        "exposure_time": EXPOSURE,
        "ra_at_xy_0": edge,
        "dec_at_xy_0": edge,
        "transform_pix2angle": np.eye(2) * PIXEL,
    }
    kwargs_psf = {"psf_type": "PIXEL", "kernel_point_source": gaussian(sigma=sigma)}
    model = ImageModel(ImageData(**kwargs_data), PSF(**kwargs_psf), LensModel(["SIE"]), LightModel(["SERSIC"]))
    image = model.image([lens], [source])
    noise = np.sqrt(BACKGROUND**2 + np.maximum(image, 0) / EXPOSURE)
    kwargs_data["image_data"] = image + noise * np.random.default_rng(seed).normal(size=image.shape)
    return [kwargs_data, kwargs_psf, {"supersampling_factor": 1}]


def settings(seed=0, start=None, fixed_lens=None, fixed_source=None, **options):
    """The arguments of FittingSequence; the start is a little off the truth.

    :param start: change of the start, by parameter of the lens
    :param fixed_lens: further fixed parameters of the lens
    :param fixed_source: further fixed parameters of the source
    """
    names_lens, names_source = list(LENS), [name for name in SOURCE if name != "amp"]
    first = {"theta_E": 0.83, "e1": 0.07, "e2": -0.02, **(start or {})}
    fixed_lens = {"center_x": 0.0, "center_y": 0.0, **(fixed_lens or {})}
    fixed_source = {"n_sersic": 1.5, **(fixed_source or {})}
    kwargs_params = {
        "lens_model": [
            [{**LENS, **first}],
            [{name: 0.03 for name in names_lens}],
            [fixed_lens],
            [{"theta_E": 0.5, **{name: -0.4 for name in names_lens[1:]}}],
            [{"theta_E": 1.2, **{name: 0.4 for name in names_lens[1:]}}],
        ],
        "source_model": [
            [{**SOURCE, "R_sersic": 0.25}],
            [{name: 0.03 for name in names_source}],
            [fixed_source],
            [{"R_sersic": 0.05, "n_sersic": 0.5, "center_x": -0.4, "center_y": -0.4}],
            [{"R_sersic": 0.8, "n_sersic": 4.0, "center_x": 0.4, "center_y": 0.4}],
        ],
    }
    kwargs_model = {"lens_model_list": ["SIE"], "source_light_model_list": ["SERSIC"]}
    data = {"multi_band_list": [band(seed, **options)], "multi_band_type": "single-band"}
    return data, kwargs_model, {}, {"source_marg": False}, kwargs_params


def fit(package="jaxtronomy", arguments=None, kwargs_likelihood=None, verbose=False, **options):
    """A FittingSequence of the small fit."""
    data, model, constraints, likelihood, params = settings(**options) if arguments is None else arguments
    sequence = importlib.import_module(f"{package}.Workflow.fitting_sequence").FittingSequence
    return sequence(data, model, constraints, {**likelihood, **(kwargs_likelihood or {})}, params, verbose=verbose)
