"""Model lens galaxies in HST images, without any setting per lens.

    python examples/model_hst_lens.py FOLDER [FOLDER ...] [--out DIR]

A folder holds ``image.fits``, ``noise.fits`` (standard deviation of each pixel; huge where it is to be masked) and
``psf.fits``; the lens sits in the middle of the image. The model is that of the SLACS papers (Bolton et al. 2008): a
singular isothermal ellipsoid with external shear, two Sersic profiles (n = 4 and n = 1) of one centre and ellipticity
for the light of the lens, and one elliptical Sersic source. The priors are those of Cao et al. (2025), see ``LENS``,
``LENS_LIGHT`` and ``SOURCE`` below; amplitudes are solved for inside the likelihood.

A gradient (or a swarm) that starts anywhere in these priors ends in a wrong maximum more often than not. So:

1. *Lens light.* Fit it alone; mask what it leaves, which are the arcs; repeat. Then subtract it.
2. *Scan.* Evaluate a coarse grid of Einstein radii and sources, as one batch, on what is left.
3. *Arcs.* From the best grid point of each of the most promising Einstein radii, follow the gradient of mass and
   source.
4. *Everything.* From the best of these, fit all parameters to the image itself; only now is there a shear, which would
   otherwise trade with the ellipticity of the mass.

Two Sersic profiles do not describe a galaxy to the signal-to-noise ratio of its centre, and the source would bend to
absorb the difference. A fraction of the lens light, ``MODEL_ERROR``, is therefore added to the noise in steps 2 to 4.
The chi-square that is reported is that of the noise map as it is.

Every lens of the same shape runs the same compiled programs: only the first one waits for the compiler.
"""

import argparse
import csv
import json
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from astropy.io import fits
from scipy.ndimage import binary_dilation, uniform_filter
from scipy.optimize import minimize

from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LightModel.light_model import LightModel
from jaxtronomy.Sampling.likelihood import Likelihood
from jaxtronomy.Sampling.parameters import Param
from jaxtronomy.Util.param_util import ellipticity2phi_q, shear_cartesian2polar

PIXEL_WIDTH = 0.05  # arcsec, of HST/ACS
APERTURE = 3.5  # arcsec, radius within which pixels count
MASKED = 1e7  # noise above which a pixel is masked
MODEL_ERROR = 0.05  # what the model of the lens light is trusted to, as a fraction of it
CENTRE = 0.25  # arcsec, radius within which pixels are finely sampled, and residuals are no arcs


# --- model and priors -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Uniform:
    """A flat prior; ``scale`` is a typical step."""

    lower: float
    upper: float
    scale: float


@dataclass(frozen=True)
class Normal:
    """A normal prior around zero, cut off at ``limit``; ``scale`` is a typical step."""

    sigma: float
    limit: float
    scale: float

    @property
    def lower(self):
        return -self.limit

    @property
    def upper(self):
        return self.limit


ELLIPTICITY = {"e1": Normal(0.3, 0.5, 0.1), "e2": Normal(0.3, 0.5, 0.1)}
LENS_CENTRE = {"center_x": Normal(0.1, 0.5, 0.01), "center_y": Normal(0.1, 0.5, 0.01)}

LENS = {
    "SIE": {"theta_E": Uniform(0.3, 3.5, 0.1), **ELLIPTICITY, **LENS_CENTRE},
    "SHEAR": {"gamma1": Uniform(-0.2, 0.2, 0.05), "gamma2": Uniform(-0.2, 0.2, 0.05)},
}
MASS = list(LENS)
LENS_LIGHT = {"R_sersic": Uniform(0.02, 10.0, 0.5), **ELLIPTICITY, **LENS_CENTRE}
LENS_LIGHT_INDICES = (4.0, 1.0)
SOURCE = {
    "R_sersic": Uniform(0.01, 2.0, 0.05),
    "n_sersic": Uniform(0.3, 6.0, 0.5),
    **ELLIPTICITY,
    "center_x": Normal(0.5, 2.5, 0.1),
    "center_y": Normal(0.5, 2.5, 0.1),
}
# Where a ray meets the cusp of a Sersic profile the likelihood has a kink, and a gradient gets stuck. So the source has
# a flat core, smaller than the distance between the rays of neighbouring pixels.
SOURCE_MODEL = ["CORE_SERSIC"]
SOURCE_CORE = {"Rb": 0.01, "gamma": 0.0}  # arcsec, slope

# --- the grid of the scan ---------------------------------------------------------------------------------------------

SCAN_THETA_E = np.geomspace(0.35, 3.2, 24)  # arcsec
SCAN_OFFSETS = np.linspace(-0.4, 0.4, 5)  # arcsec, of the source from the lens, along each axis
SCAN_SIZES = (0.08, 0.25)  # arcsec, half-light radii of the source
SCAN_ELLIPTICITY = 0.7  # of the mass, as a fraction of that of the light
SCAN_KEEP = 10  # Einstein radii from which the gradient is followed


class BadInput(Exception):
    """Something about the files that the user can mend."""


# --- input ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exposure:
    """An image, centred on the lens.

    :ivar image: 2d, any unit
    :ivar noise: 2d, standard deviation of each pixel
    :ivar mask: 2d, True for the pixels that count
    :ivar psf: 2d, normalised
    """

    name: str
    image: np.ndarray
    noise: np.ndarray
    mask: np.ndarray
    psf: np.ndarray

    @property
    def corner(self):
        """Position of the first pixel [arcsec]."""
        ny, nx = self.image.shape
        return -(nx // 2) * PIXEL_WIDTH, -(ny // 2) * PIXEL_WIDTH

    @property
    def positions(self):
        """Positions x, y of all pixels [arcsec], 2d."""
        ny, nx = self.image.shape
        x0, y0 = self.corner
        return np.meshgrid(x0 + PIXEL_WIDTH * np.arange(nx), y0 + PIXEL_WIDTH * np.arange(ny))

    @property
    def radii(self):
        """Distances of all pixels from the middle [arcsec], 2d."""
        return np.hypot(*self.positions)

    def band(self, image, noise):
        """``[kwargs_data, kwargs_psf, kwargs_numerics]`` of an image of this shape."""
        x0, y0 = self.corner
        data = {
            "image_data": image,
            "noise_map": noise,
            "ra_at_xy_0": x0,
            "dec_at_xy_0": y0,
            "transform_pix2angle": PIXEL_WIDTH * np.eye(2),
        }
        psf = {"psf_type": "PIXEL", "kernel_point_source": self.psf}
        numerics = {
            "supersampling_factor": 5,
            "compute_mode": "adaptive",
            "supersampled_indexes": self.radii <= CENTRE,
        }
        return [data, psf, numerics]


def read_exposure(folder):
    """The :class:`Exposure` in a folder, cut out around the aperture.

    :raises BadInput: a file is missing or unreadable, shapes differ, or no pixel is left
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.")
    image, noise, psf = (_read_fits(folder / f"{name}.fits") for name in ("image", "noise", "psf"))
    if image.shape != noise.shape:
        raise BadInput(f"{folder}: image.fits has shape {image.shape}, noise.fits {noise.shape}.")
    if not all(n % 2 for n in psf.shape) or psf.shape[0] != psf.shape[1]:
        raise BadInput(f"{folder}: psf.fits has shape {psf.shape}; it has to be square with an odd number of pixels.")
    if not (np.all(np.isfinite(psf)) and psf.sum() > 0):
        raise BadInput(f"{folder}: psf.fits has pixels that are not finite, or no flux.")
    # Light from beyond the aperture reaches it through the PSF.
    half = round(APERTURE / PIXEL_WIDTH) + psf.shape[0] // 2
    window = tuple(slice(max(n // 2 - half, 0), n // 2 + half + 1) for n in image.shape)
    image, noise = image[window], noise[window]
    good = np.isfinite(image) & np.isfinite(noise) & (noise > 0) & (noise < MASKED)
    image, noise = np.where(good, image, 0.0), np.where(good, noise, 1.0)
    exposure = Exposure(folder.resolve().name, image, noise, good, psf / psf.sum())
    mask = good & (exposure.radii <= APERTURE)
    if not mask.any():
        raise BadInput(f"{folder}: no unmasked pixel within {APERTURE} arcsec of the middle of image.fits.")
    return Exposure(exposure.name, image, noise, mask, exposure.psf)


def _read_fits(path):
    """The 2d image in a FITS file."""
    if not path.is_file():
        raise BadInput(f"{path} does not exist; a lens needs image.fits, noise.fits and psf.fits.")
    try:
        array = fits.getdata(path)
    except (OSError, IndexError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error
    if array is None or array.ndim != 2:
        raise BadInput(f"{path} does not hold a two-dimensional image.")
    return np.asarray(array, dtype=float)


# --- the likelihood of a part of the model ----------------------------------------------------------------------------


class Fit:
    """The likelihood of an image for (part of) the model, and how to climb it.

    :param exposure: the :class:`Exposure`
    :param image: 2d, what is fitted
    :param noise: 2d, standard deviation of each pixel
    :param mask: 2d, True for the pixels that count
    :param lens: names of the lens models
    :param lens_light: whether the lens light is part of the model
    :param source: whether the source is part of the model
    :param centre: position (x, y) at which the centre of the lens is fixed, None: that of the lens light
    """

    def __init__(self, exposure, image, noise, mask, lens=(), lens_light=False, source=False, centre=None):
        n_light = len(LENS_LIGHT_INDICES) if lens_light else 0
        self.priors = {
            "lens": [dict(LENS[name]) for name in lens],
            "source": [dict(SOURCE)] if source else [],
            "lens_light": [dict(LENS_LIGHT) for _ in range(n_light)],
        }
        fixed = {group: [{} for _ in models] for group, models in self.priors.items()}
        for kwargs, index in zip(fixed["lens_light"], LENS_LIGHT_INDICES):
            kwargs["n_sersic"] = index
        for kwargs in fixed["source"]:
            kwargs.update(SOURCE_CORE)
        if "SHEAR" in lens:
            fixed["lens"][lens.index("SHEAR")].update(ra_0=0.0, dec_0=0.0)
        if lens and centre is not None:
            fixed["lens"][0].update(center_x=centre[0], center_y=centre[1])
        self.kwargs_model = {
            "lens_model_list": list(lens),
            "source_light_model_list": SOURCE_MODEL if source else [],
            "lens_light_model_list": ["SERSIC_ELLIPSE"] * n_light,
        }
        shared = ["e1", "e2", "center_x", "center_y"]
        self.param = Param(
            self.kwargs_model,
            **{f"kwargs_fixed_{group}": kwargs for group, kwargs in fixed.items()},
            **{f"kwargs_lower_{group}": self._each(group, "lower") for group in fixed},
            **{f"kwargs_upper_{group}": self._each(group, "upper") for group in fixed},
            joint_lens_light_with_lens_light=[[0, 1, shared]] if lens_light else [],
            joint_lens_with_light=[[0, 0, ["center_x", "center_y"]]] if lens_light and lens else [],
        )
        self.names = self.param.num_param()[1]
        self.likelihood = Likelihood(
            {"multi_band_list": [exposure.band(image, noise)], "multi_band_type": "single-band"},
            self.kwargs_model,
            self.param,
            image_likelihood_mask_list=[mask],
            check_positive_flux=True,
            **{f"prior_{group}": self._normal_priors(group, fixed[group]) for group in self.priors},
        )

    def _each(self, group, what):
        """An attribute (lower, upper or scale) of the priors of a group of models, as parameter lists."""
        return [{name: getattr(prior, what) for name, prior in model.items()} for model in self.priors[group]]

    def _normal_priors(self, group, fixed):
        """The normal priors of a group of models as Likelihood takes them; of what models share only once."""
        priors = []
        for i, model in enumerate(self.priors[group]):
            shared = LENS_LIGHT if (group, i) == ("lens_light", 1) else ()
            if group == "lens" and self.priors["lens_light"]:
                shared = LENS_CENTRE
            free = (name for name in model if name not in fixed[i] and name not in shared)
            priors += [[i, name, 0.0, model[name].sigma] for name in free if isinstance(model[name], Normal)]
        return priors

    def vector(self, kwargs):
        """The sampled vector of parameter lists."""
        return np.array(self.param.kwargs2args(**kwargs), dtype=float)

    def climb(self, start, maxiter):
        """The maximum of the posterior that the gradient leads to.

        :param start: where to start
        :param maxiter: number of iterations (L-BFGS-B) at most
        :return: vector, its log posterior
        """
        lower, upper = self.likelihood.param_limits
        scale = self.vector({f"kwargs_{group}": self._each(group, "scale") for group in self.priors})

        def objective(z):
            value, gradient = self.likelihood.value_and_grad(np.clip(z * scale, lower, upper))
            return -value, -gradient * scale

        result = minimize(
            objective,
            np.clip(start, lower, upper) / scale,
            jac=True,
            method="L-BFGS-B",
            bounds=list(zip(lower / scale, upper / scale)),
            options={"maxiter": maxiter, "ftol": 1e-8, "gtol": 1e-3},
        )
        return np.clip(result.x * scale, lower, upper), -result.fun

    def images(self, args):
        """The images of the best amplitudes: model, lens light, lensed source; and the parameter lists with these."""
        kwargs = self.param.args2kwargs(args)
        lists = {name: kwargs[name] for name in ("kwargs_lens", "kwargs_source", "kwargs_lens_light", "kwargs_ps")}
        image_model = self.likelihood.image_likelihood.imSim
        image_model.image_linear_solve(**lists)  # writes the amplitudes into the lists
        model = image_model.image(**lists)
        light = image_model.image(**lists, source_add=False)
        return {"model": model, "lens light": light, "lensed source": model - light}, kwargs


# --- the steps --------------------------------------------------------------------------------------------------------


def fit_lens_light(exposure, rounds=5):
    """Fit the light of the lens, masking the arcs as they appear in the residuals.

    :return: image of the lens light, its parameter lists
    """
    noise, mask = exposure.noise, exposure.mask
    args = None
    for _ in range(rounds):
        fit = Fit(exposure, exposure.image, noise, mask, lens_light=True)
        if args is None:
            args = _best_radii(fit)
        args, _ = fit.climb(args, maxiter=150)
        images, kwargs = fit.images(args)
        light = images["lens light"]
        noise = with_model_error(exposure, light)
        residual = np.where(exposure.mask, (exposure.image - light) / noise, 0.0)
        arcs = binary_dilation(uniform_filter(residual, 3) > 1.8) & (exposure.radii > CENTRE)
        mask = exposure.mask & ~arcs
    return light, kwargs["kwargs_lens_light"]


def _best_radii(fit):
    """The best of a grid of pairs of half-light radii, for round profiles in the middle."""
    shape = {"e1": 0.0, "e2": 0.0, "center_x": 0.0, "center_y": 0.0}
    radii = np.geomspace(0.1, 6.0, 8)
    grid = np.array(
        [fit.vector({"kwargs_lens_light": [{"R_sersic": r, **shape} for r in pair]}) for pair in product(radii, radii)]
    )
    return grid[np.argmax(fit.likelihood.logL_batch(grid))]


def with_model_error(exposure, light):
    """The noise map with the error of the model of the lens light added."""
    return np.hypot(exposure.noise, MODEL_ERROR * light)


def scan(fit, lens_light):
    """The best grid point of each Einstein radius, the most promising first.

    :param fit: Fit of mass and source to an image without lens light
    :param lens_light: parameters of the lens light
    :return: vectors, (Einstein radii, parameters)
    """
    x, y = lens_light["center_x"], lens_light["center_y"]
    mass = {name: SCAN_ELLIPTICITY * lens_light[name] for name in ("e1", "e2")}
    grid = np.array(
        [
            fit.vector(
                {
                    "kwargs_lens": [{"theta_E": theta_E, **mass}],
                    "kwargs_source": [
                        {
                            "R_sersic": size,
                            "n_sersic": 1.0,
                            "e1": 0.0,
                            "e2": 0.0,
                            "center_x": x + dx,
                            "center_y": y + dy,
                        }
                    ],
                }
            )
            for theta_E, dx, dy, size in product(SCAN_THETA_E, SCAN_OFFSETS, SCAN_OFFSETS, SCAN_SIZES)
        ]
    )
    value = fit.likelihood.logL_batch(grid).reshape(len(SCAN_THETA_E), -1)
    best = grid.reshape(*value.shape, -1)[np.arange(len(value)), value.argmax(axis=1)]
    return best[np.argsort(-value.max(axis=1))]


def find_arcs(exposure, light, noise, lens_light):
    """Mass (without shear) and source from the image without lens light.

    :param light: image of the lens light
    :param noise: 2d, standard deviation of each pixel
    :param lens_light: parameters of the first profile of the lens light
    :return: parameter lists of the best maximum, Einstein radii and log posteriors of all, the best first
    """
    centre = lens_light["center_x"], lens_light["center_y"]
    fit = Fit(exposure, exposure.image - light, noise, exposure.mask, lens=("SIE",), source=True, centre=centre)
    maxima = [fit.climb(args, maxiter=80) for args in scan(fit, lens_light)[:SCAN_KEEP]]
    maxima.sort(key=lambda maximum: -maximum[1])
    lists = [fit.param.args2kwargs(args) for args, _ in maxima]
    summary = [(kwargs["kwargs_lens"][0]["theta_E"], value) for kwargs, (_, value) in zip(lists, maxima)]
    return lists[0], summary


def model(exposure):
    """All steps for one lens.

    :return: dictionary of results (numbers and lists of them), dictionary of 2d images and parameter lists to plot
    """
    started = time.perf_counter()
    light, lens_light = fit_lens_light(exposure)
    noise = with_model_error(exposure, light)
    arcs, maxima = find_arcs(exposure, light, noise, lens_light[0])
    fit = Fit(exposure, exposure.image, noise, exposure.mask, lens=("SIE", "SHEAR"), lens_light=True, source=True)
    no_shear = {"gamma1": 0.0, "gamma2": 0.0}
    start = {
        "kwargs_lens": [arcs["kwargs_lens"][0], no_shear],
        "kwargs_source": arcs["kwargs_source"],
        "kwargs_lens_light": lens_light,
    }
    args, _ = fit.climb(fit.vector(start), maxiter=300)
    images, kwargs = fit.images(args)
    seconds = time.perf_counter() - started

    sie, shear = kwargs["kwargs_lens"]
    angle, axis_ratio = ellipticity2phi_q(sie["e1"], sie["e2"])
    shear_angle, shear_strength = shear_cartesian2polar(shear["gamma1"], shear["gamma2"])
    chi2 = np.sum(((exposure.image - images["model"]) / exposure.noise)[exposure.mask] ** 2)
    rivals = [(theta_E, maxima[0][1] - value) for theta_E, value in maxima if abs(theta_E / maxima[0][0] - 1) > 0.05]
    results = {
        "name": exposure.name,
        "theta_E": sie["theta_E"],
        "axis_ratio": axis_ratio,
        "angle_deg": np.degrees(angle) % 180,
        "shear": shear_strength,
        "shear_angle_deg": np.degrees(shear_angle) % 180,
        "chi2_per_dof": chi2 / fit.likelihood.effective_num_data_points(**kwargs),
        "seconds": seconds,
        "theta_E_without_shear": maxima[0][0],
        "rival_theta_E": rivals[0][0] if rivals else None,
        "rival_log_posterior_deficit": rivals[0][1] if rivals else None,
        **{name: kwargs[name] for name in ("kwargs_lens", "kwargs_source", "kwargs_lens_light")},
    }
    return _plain(results), images


def _plain(tree):
    """Nested lists and dictionaries with Python numbers only."""
    if isinstance(tree, dict):
        return {key: _plain(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_plain(value) for value in tree]
    return tree if tree is None or isinstance(tree, str) else float(tree)


# --- output -----------------------------------------------------------------------------------------------------------


def report(results):
    """What is known of one lens, in words."""
    shift = 100 * (results["theta_E_without_shear"] / results["theta_E"] - 1)
    lines = [
        results["name"],
        f"  Einstein radius  {results['theta_E']:.3f} arcsec ({shift:+.1f}% without shear)",
        f"  axis ratio       {results['axis_ratio']:.2f}, major axis at {results['angle_deg']:.0f} deg from x to y",
        f"  shear            {results['shear']:.3f}, at {results['shear_angle_deg']:.0f} deg",
        f"  chi-square       {results['chi2_per_dof']:.2f} per degree of freedom",
        f"  time             {results['seconds']:.1f} s",
    ]
    if results["rival_theta_E"] is not None:
        deficit = results["rival_log_posterior_deficit"]
        lines.insert(
            2, f"  next maximum     {results['rival_theta_E']:.3f} arcsec, log posterior lower by {deficit:.0f}"
        )
    return "\n".join(lines)


def published_radii(folder):
    """Published Einstein radii [arcsec] by name, from ``published.csv`` beside the folder; empty if there is none."""
    path = Path(folder).resolve().parent / "published.csv"
    if not path.is_file():
        return {}
    with path.open(newline="") as file:
        try:
            return {row["lens_name"]: float(row["theta_E_SIE"]) for row in csv.DictReader(file)}
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(
                f"{path} needs the columns lens_name and theta_E_SIE, with numbers in the latter."
            ) from error


def table(rows, published):
    """The summary of several lenses.

    :param rows: results of each lens
    :param published: published Einstein radius by name
    """
    lines = [
        f"{'lens':<14}{'theta_E':>8}{'published':>11}{'ratio':>7}{'q':>6}{'shear':>7}{'chi2/dof':>10}{'seconds':>9}"
    ]
    for row in rows:
        known = published.get(row["name"])
        reference = f"{known:>11.2f}{row['theta_E'] / known:>7.3f}" if known else f"{'-':>11}{'-':>7}"
        lines.append(
            f"{row['name']:<14}{row['theta_E']:>8.3f}{reference}{row['axis_ratio']:>6.2f}{row['shear']:>7.3f}"
            f"{row['chi2_per_dof']:>10.2f}{row['seconds']:>9.1f}"
        )
    ratios = np.array([row["theta_E"] / published[row["name"]] for row in rows if row["name"] in published])
    if len(ratios):
        within = ", ".join(f"{np.sum(np.abs(ratios - 1) <= limit)} within {limit:.0%}" for limit in (0.05, 0.1))
        lines.append(f"of {len(ratios)} published Einstein radii: {within}")
    return "\n".join(lines)


def plot(exposure, results, images, path):
    """Data, model, residuals, arcs and source of one lens, as one figure.

    :param path: file to write
    """
    from matplotlib.figure import Figure

    half = PIXEL_WIDTH / 2
    x, y = exposure.positions
    extent = (x.min() - half, x.max() + half, y.min() - half, y.max() + half)
    stretch = np.median(exposure.noise[exposure.mask])
    masked = lambda array: np.where(exposure.mask, array, np.nan)  # noqa: E731
    brightness = lambda array: np.arcsinh(masked(array) / (2 * stretch))  # noqa: E731
    residual = (exposure.image - images["model"]) / exposure.noise
    panels = (
        ("data", brightness(exposure.image), {"cmap": "viridis"}),
        ("model", brightness(images["model"]), {"cmap": "viridis"}),
        ("residual / noise", masked(residual), {"cmap": "coolwarm", "vmin": -6, "vmax": 6}),
        ("data - lens light", brightness(exposure.image - images["lens light"]), {"cmap": "viridis"}),
        ("lensed source", brightness(images["lensed source"]), {"cmap": "viridis"}),
    )
    figure = Figure(figsize=(13, 8), layout="constrained")
    axes = figure.subplots(2, 3).ravel()
    for axis, (title, array, options) in zip(axes, panels):
        drawn = axis.imshow(array, origin="lower", extent=extent, **options)
        figure.colorbar(drawn, ax=axis, shrink=0.8)
        axis.set(title=title, xlabel="x [arcsec]", ylabel="y [arcsec]")
    _plot_source(axes[-1], results, x, y)
    critical = axes[1].contour(x, y, _jacobian(results, x, y), levels=[0], colors="white", linewidths=0.7)
    for line in critical.allsegs[0]:
        caustic = LensModel(MASS).ray_shooting(*line.T, results["kwargs_lens"])
        axes[-1].plot(*caustic, color="white", linewidth=0.7)
    figure.suptitle(f"{results['name']}: Einstein radius {results['theta_E']:.3f} arcsec")
    figure.savefig(path, dpi=110)


def _plot_source(axis, results, x, y):
    """The source in its own plane, around its centre."""
    source = results["kwargs_source"]
    half = min(max(3 * source[0]["R_sersic"], 0.5), results["theta_E"])
    u, v = np.meshgrid(*(source[0][name] + np.linspace(-half, half, 200) for name in ("center_x", "center_y")))
    light = LightModel(SOURCE_MODEL).surface_brightness(u, v, source)
    axis.imshow(np.sqrt(light), origin="lower", extent=(u.min(), u.max(), v.min(), v.max()), cmap="viridis")
    axis.set(title="source and caustics", xlabel="x [arcsec]", ylabel="y [arcsec]")
    axis.set(xlim=(u.min(), u.max()), ylim=(v.min(), v.max()))


def _jacobian(results, x, y):
    """Determinant of the Jacobian of the lens equation; zero on critical curves."""
    f_xx, f_xy, f_yx, f_yy = LensModel(MASS).hessian(x, y, results["kwargs_lens"])
    return (1 - f_xx) * (1 - f_yy) - f_xy * f_yx


def main(arguments=None):
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="image.fits, noise.fits and psf.fits")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where figures and results.json are written")
    options = parser.parse_args(arguments)
    try:
        exposures = [read_exposure(folder) for folder in options.folders]
        published = {name: r for folder in options.folders for name, r in published_radii(folder).items()}
        if options.out is not None:
            options.out.mkdir(parents=True, exist_ok=True)
    except (BadInput, OSError) as error:
        parser.error(str(error))
    rows = []
    for exposure in exposures:
        results, images = model(exposure)
        rows.append(results)
        print(report(results), flush=True)
        if options.out is not None:
            (options.out / "results.json").write_text(json.dumps(rows, indent=2) + "\n")
            plot(exposure, results, images, options.out / f"{exposure.name}.png")
    if len(rows) > 1:
        print(table(rows, published))
    return rows


if __name__ == "__main__":
    main()
