"""Model a lensed quasar in a mock HST image, end to end.

A galaxy (power law and external shear) lenses a quasar and its host galaxy. The image is simulated with a PSF, Poisson
and background noise; the model starts far from the truth, is brought to the best fit by a particle swarm and L-BFGS,
and sampled with emcee. Truth and posterior are printed, and plots and the chain are written to ``examples/out``.

    python examples/demo.py [--out DIR] [--seed N] [--quiet]
"""

import argparse
import time
from pathlib import Path

import corner
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from jaxtronomy.Data.imaging_data import ImageData
from jaxtronomy.Data.psf import PSF
from jaxtronomy.ImSim.image_model import ImageModel
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.Solver.lens_equation_solver import LensEquationSolver
from jaxtronomy.LightModel.light_model import LightModel
from jaxtronomy.PointSource.point_source import PointSource
from jaxtronomy.Util import class_creator
from jaxtronomy.Util.util import make_grid
from jaxtronomy.Workflow.fitting_sequence import FittingSequence

NUM_PIX, PIXEL, FWHM = 80, 0.05, 0.11  # pixels, arcsec per pixel, arcsec
EXPOSURE, BACKGROUND = 800.0, 0.01  # seconds, counts per second and pixel
MODEL = {
    "lens_model_list": ["EPL", "SHEAR"],
    "lens_light_model_list": ["SERSIC_ELLIPSE"],
    "source_light_model_list": ["SERSIC_ELLIPSE"],
    "point_source_model_list": ["LENSED_POSITION"],
    "fixed_magnification_list": [False],
}
TRUTH = {
    "kwargs_lens": [
        {"theta_E": 1.15, "gamma": 2.05, "e1": 0.12, "e2": -0.06, "center_x": 0.01, "center_y": -0.02},
        {"gamma1": 0.04, "gamma2": -0.03, "ra_0": 0.0, "dec_0": 0.0},
    ],
    "kwargs_lens_light": [
        {"amp": 6.0, "R_sersic": 0.7, "n_sersic": 3.5, "e1": 0.09, "e2": -0.04, "center_x": 0.01, "center_y": -0.02}
    ],
    "kwargs_source": [
        {"amp": 8.0, "R_sersic": 0.22, "n_sersic": 1.5, "e1": -0.1, "e2": 0.15, "center_x": 0.04, "center_y": 0.01}
    ],
}
QUASAR_AMPLITUDE = 3.0
CORNER = {"theta_E": "kwargs_lens", "gamma": "kwargs_lens", "e1": "kwargs_lens", "e2": "kwargs_lens"}


def psf_kernel(width=21):
    """A diffraction-like kernel: a narrow core in a wide halo."""
    x, y = make_grid(width, PIXEL)
    r2, sigma = x**2 + y**2, FWHM / 2.355
    kernel = np.exp(-r2 / (2 * sigma**2)) + 0.02 / (1 + r2 / (3 * sigma) ** 2) ** 1.5
    return (kernel / kernel.sum()).reshape(width, width)


def simulate(seed):
    """The mock image: arguments of ImageData and PSF, and the truth with the image positions and amplitudes."""
    rng = np.random.default_rng(seed)
    edge = (NUM_PIX - 1) / 2 * PIXEL
    kwargs_data = {
        "image_data": np.zeros((NUM_PIX, NUM_PIX)),
        "background_rms": BACKGROUND,
        "exposure_time": EXPOSURE,
        "ra_at_xy_0": edge,
        "dec_at_xy_0": -edge,
        "transform_pix2angle": np.array([[-PIXEL, 0.0], [0.0, PIXEL]]),
    }
    kwargs_psf = {"psf_type": "PIXEL", "kernel_point_source": psf_kernel()}
    lens = LensModel(MODEL["lens_model_list"])
    source = TRUTH["kwargs_source"][0]
    x, y = LensEquationSolver(lens).image_position_from_source(
        source["center_x"], source["center_y"], TRUTH["kwargs_lens"], min_distance=0.05, search_window=2 * edge
    )
    amplitude = QUASAR_AMPLITUDE * np.abs(lens.magnification(x, y, TRUTH["kwargs_lens"]))
    truth = {**TRUTH, "kwargs_ps": [{"ra_image": x, "dec_image": y, "point_amp": amplitude}]}
    model = ImageModel(
        ImageData(**kwargs_data),
        PSF(**kwargs_psf),
        lens,
        LightModel(MODEL["source_light_model_list"]),
        LightModel(MODEL["lens_light_model_list"]),
        PointSource(MODEL["point_source_model_list"], fixed_magnification_list=[False]),
        kwargs_numerics={"supersampling_factor": 1},
    )
    image = model.image(**truth)
    counts = rng.poisson(np.maximum(image, 0) * EXPOSURE) / EXPOSURE
    kwargs_data["image_data"] = counts + rng.normal(0, BACKGROUND, image.shape)
    return kwargs_data, kwargs_psf, truth


def parameters(truth):
    """Starts far from the truth, widths, fixed values and limits."""
    x, y = (np.round(truth["kwargs_ps"][0][k] / PIXEL) * PIXEL for k in ("ra_image", "dec_image"))  # as one would click
    number = len(x)
    lens = (
        {"theta_E": 1.4, "gamma": 2.0, "e1": 0.0, "e2": 0.0, "center_x": 0.0, "center_y": 0.0},
        {"theta_E": 0.2, "gamma": 0.1, "e1": 0.1, "e2": 0.1, "center_x": 0.05, "center_y": 0.05},
        {"theta_E": 0.3, "gamma": 1.5, "e1": -0.5, "e2": -0.5, "center_x": -0.3, "center_y": -0.3},
        {"theta_E": 2.5, "gamma": 2.5, "e1": 0.5, "e2": 0.5, "center_x": 0.3, "center_y": 0.3},
    )
    shear = [{k: v for k in ("gamma1", "gamma2")} for v in (0.0, 0.03, -0.3, 0.3)]
    light = (
        {"R_sersic": 1.0, "n_sersic": 2.5, "e1": 0.0, "e2": 0.0, "center_x": 0.0, "center_y": 0.0},
        {"R_sersic": 0.3, "n_sersic": 0.8, "e1": 0.1, "e2": 0.1, "center_x": 0.03, "center_y": 0.03},
        {"R_sersic": 0.05, "n_sersic": 0.5, "e1": -0.5, "e2": -0.5, "center_x": -0.3, "center_y": -0.3},
        {"R_sersic": 4.0, "n_sersic": 6.0, "e1": 0.5, "e2": 0.5, "center_x": 0.3, "center_y": 0.3},
    )
    source = ({**light[0], "R_sersic": 0.4, "n_sersic": 2.0}, {**light[1], "R_sersic": 0.1}, *light[2:])
    points = [{"ra_image": x, "dec_image": y}] + [
        {k: np.full(number, v) for k in ("ra_image", "dec_image")} for v in (0.02, -2.0, 2.0)
    ]
    fixed_origin = {"ra_0": 0.0, "dec_0": 0.0}

    def group(*components, fixed=None):
        columns = [[c[i] for c in components] for i in range(4)]
        return [columns[0], columns[1], fixed or [{} for _ in components], *columns[2:]]

    return {
        "lens_model": group(lens, shear, fixed=[{}, fixed_origin]),
        "source_model": group(source),
        "lens_light_model": group(light),
        "point_source_model": group(points),
    }


def fit(kwargs_data, kwargs_psf, truth, progress):
    """The fit: swarm, gradient ascent, MCMC."""
    number = len(truth["kwargs_ps"][0]["ra_image"])
    sequence = FittingSequence(
        {"multi_band_list": [[kwargs_data, kwargs_psf, {}]], "multi_band_type": "single-band"},
        MODEL,
        {
            "num_point_source_list": [number],
            "joint_source_with_point_source": [[0, 0]],
            "joint_lens_with_light": [[0, 0, ["center_x", "center_y"]]],
        },
        {"source_position_likelihood": True, "image_position_uncertainty": 0.005, "source_position_sigma": 0.005},
        parameters(truth),
        verbose=progress,
    )
    np.random.seed(11)
    chains = sequence.fit_sequence(
        [
            ["PSO", {"sigma_scale": 1.0, "n_particles": 60, "n_iterations": 60}],
            ["optax", {"num_chains": 12, "maxiter": 300, "tolerance": 1e-2, "rng_seed": 3, "progress": progress}],
            ["emcee", {"n_burn": 1200, "n_run": 400, "walkerRatio": 3, "sigma_scale": 0.02, "progress": progress}],
        ]
    )
    return sequence, chains[-1]


def table(names, samples, truth_args):
    """Truth and posterior, one line a parameter."""
    low, median, high = np.percentile(samples, [15.9, 50, 84.1], axis=0)
    print(f"\n{'parameter':<28}{'truth':>10}{'median':>10}{'-':>9}{'+':>9}{'sigmas':>8}")
    for row in zip(names, truth_args, median, median - low, high - median, strict=True):
        name, true, middle, minus, plus = row
        away = 2 * (middle - true) / (plus + minus)
        print(f"{name:<28}{true:>10.4f}{middle:>10.4f}{minus:>9.4f}{plus:>9.4f}{away:>8.1f}")
    within = np.mean(np.abs(median - truth_args) < (high - low))
    print(f"\n{within:.0%} of the parameters within two standard deviations of the truth")


def plots(out, kwargs_data, kwargs_psf, best, names, samples, truth_args):
    """Model, residuals, source, convergence and corner plot."""
    model = class_creator.create_image_model(kwargs_data, kwargs_psf, {}, MODEL)
    image, error, _, _ = model.image_linear_solve(**{k: best[k] for k in truth_keys()})
    data = kwargs_data["image_data"]
    half = NUM_PIX * PIXEL / 2
    extent = (half, -half, -half, half)
    x, y = make_grid(200, 2 * half / 200)
    kappa = model.LensModel.kappa(x, y, best["kwargs_lens"]).reshape(200, 200)
    u, v = make_grid(150, 0.01)
    centre = best["kwargs_source"][0]
    source = model.SourceModel.surface_brightness(
        u + centre["center_x"], v + centre["center_y"], best["kwargs_source"]
    ).reshape(150, 150)
    panels = [
        ("data", np.log10(np.maximum(data, BACKGROUND)), "cubehelix", extent),
        ("model", np.log10(np.maximum(image, BACKGROUND)), "cubehelix", extent),
        ("normalised residuals", model.reduced_residuals(image, error), "bwr", extent),
        ("source", np.log10(np.maximum(source, source.max() * 1e-3)), "cubehelix", (0.75, -0.75, -0.75, 0.75)),
        (r"convergence, $\log_{10}\kappa$", np.log10(kappa[:, ::-1]), "viridis", extent),
    ]
    figure, axes = plt.subplots(1, 5, figsize=(22, 4.2), constrained_layout=True)
    for axis, (title, values, colours, box) in zip(axes, panels, strict=True):
        limits = {"vmin": -5, "vmax": 5} if "residuals" in title else {}
        shown = axis.imshow(values, origin="lower", cmap=colours, extent=box, **limits)
        axis.set(title=title, xlabel="RA [arcsec]", ylabel="Dec [arcsec]")
        figure.colorbar(shown, ax=axis, shrink=0.8)
    axes[1].plot(*(best["kwargs_ps"][0][k] for k in ("ra_image", "dec_image")), "+", color="white")
    figure.savefig(out / "model.png", dpi=110)
    chosen = [names.index(f"{name}_lens0") for name in CORNER]
    corner.corner(
        samples[:, chosen],
        labels=[r"$\theta_E$", r"$\gamma$", "$e_1$", "$e_2$"],
        truths=truth_args[chosen],
        show_titles=True,
        title_fmt=".4f",
    ).savefig(out / "corner.png", dpi=110)
    chi2 = model.reduced_chi2(image, error)
    print(f"reduced chi-square of the image: {chi2:.3f}")


def truth_keys():
    """The parameter lists of an image model."""
    return ("kwargs_lens", "kwargs_source", "kwargs_lens_light", "kwargs_ps")


def main():
    """Simulate, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "out", help="folder of plots and chain")
    parser.add_argument("--seed", type=int, default=5, help="seed of the noise")
    parser.add_argument("--quiet", action="store_true", help="no progress bars")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    begin = time.perf_counter()
    kwargs_data, kwargs_psf, truth = simulate(arguments.seed)
    print(f"simulated an image with {len(truth['kwargs_ps'][0]['ra_image'])} images of the quasar")
    sequence, (_, samples, names, log_likelihood) = fit(kwargs_data, kwargs_psf, truth, not arguments.quiet)
    truth_args = sequence.param_class.kwargs2args(**truth)
    table(names, samples, truth_args)
    plots(arguments.out, kwargs_data, kwargs_psf, sequence.best_fit(), names, samples, truth_args)
    np.savez(arguments.out / "chain.npz", samples=samples, names=names, log_likelihood=log_likelihood)
    print(f"plots and chain in {arguments.out}; {time.perf_counter() - begin:.0f} s in all")


if __name__ == "__main__":
    main()
