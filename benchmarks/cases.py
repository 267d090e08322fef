"""What is measured: pairs of calls that do the same with lenstronomy and with jaxtronomy."""

import contextlib
import importlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from problems import fitting_sequence, gaussian_kernel, likelihood

E = {"e1": 0.1, "e2": -0.05}
CENTRE = {"center_x": 0.01, "center_y": -0.02}
NFW, HERNQUIST, JAFFE = {"Rs": 1.5, "alpha_Rs": 1.0}, {"sigma0": 1.0, "Rs": 0.8}, {"sigma0": 1.0, "Ra": 0.3, "Rs": 1.0}
POWER_LAW = {"theta_E": 1.2, "gamma": 2.1, **E, **CENTRE}
LENS = {
    "CONVERGENCE": {"kappa": 0.1},
    "CSE": {"a": 1.0, "s": 0.5, **E, **CENTRE},
    "EPL": POWER_LAW,
    "EPL_MULTIPOLE_M1M3M4": POWER_LAW
    | {"a1_a": 0.02, "delta_phi_m1": 0.1, "a3_a": 0.02, "delta_phi_m3": 0.2, "a4_a": 0.03, "delta_phi_m4": 0.1},
    "GAUSSIAN": {"amp": 1.0, "sigma": 0.6},
    "GAUSSIAN_POTENTIAL": {"amp": 1.0, "sigma_x": 0.6, "sigma_y": 0.7},
    "HERNQUIST": HERNQUIST,
    "HERNQUIST_ELLIPSE_CSE": HERNQUIST | E,
    "MULTIPOLE": {"m": 4, "a_m": 0.05, "phi_m": 0.2, "r_E": 1.0},
    "MULTIPOLE_ELL": {"m": 4, "a_m": 0.05, "phi_m": 0.2, "q": 0.8, "r_E": 1.0},
    "NFW": NFW,
    "NFW_ELLIPSE_CSE": NFW | E,
    "NIE": {"theta_E": 1.2, "s_scale": 0.05, **E},
    "PJAFFE": JAFFE,
    "PJAFFE_ELLIPSE_POTENTIAL": JAFFE | E,
    "SHEAR": {"gamma1": 0.03, "gamma2": -0.04},
    "SIE": {"theta_E": 1.2, **E},
    "SIS": {"theta_E": 1.2},
    "TNFW": NFW | {"r_trunc": 3.0},
}
GAUSSIANS = {"amp": np.ones(5), "sigma": np.linspace(0.2, 1.0, 5)}
SERSIC = {"amp": 1.0, "R_sersic": 0.8, "n_sersic": 3.0}
LIGHT = {
    "CORE_SERSIC": SERSIC | {"Rb": 0.1, "gamma": 0.2, **E},
    "GAUSSIAN": {"amp": 1.0, "sigma": 0.6},
    "GAUSSIAN_ELLIPSE": {"amp": 1.0, "sigma": 0.6, **E},
    "MULTI_GAUSSIAN": GAUSSIANS,
    "MULTI_GAUSSIAN_ELLIPSE": GAUSSIANS | E,
    "SERSIC": SERSIC,
    "SERSIC_ELLIPSE": SERSIC | E,
    "SERSIC_ELLIPSE_Q_PHI": SERSIC | {"q": 0.8, "phi": 0.3},
    "SHAPELETS 6": {"amp": np.ones(28), "n_max": 6, "beta": 0.5},
    "SHAPELETS 10": {"amp": np.ones(66), "n_max": 10, "beta": 0.5},
}
PROBLEMS = {
    "quad, 100x100": {"quad": True},
    "45 shapelets, 100x100": {"quad": False, "n_max": 8},
    "lens light, 100x100, 2x2 sub-pixels": {"quad": False, "supersampling": 2},
    "lens light, 200x200, 4x4 sub-pixels": {"quad": False, "supersampling": 4, "pixels": 200},
}
BATCH, PARTICLES, STEPS = 256, 32, 10


@dataclass
class Case:
    """A pair of calls.

    :param group: table it belongs to
    :param name: row of that table
    :param build: gives the two calls without arguments, the reference first
    :param reference: what the first call is
    :param per: evaluations within a call of ours, and within one of the reference
    :param rounds: times that each is measured, in turn
    """

    group: str
    name: str
    build: Callable = field(repr=False)
    reference: str = "lenstronomy"
    per: tuple[int, int] = (1, 1)
    rounds: int = 25

    def __str__(self):
        return f"{self.group}: {self.name}"


def _pair(path, names, call):
    """The two calls of a class or function at the same path of both packages."""

    def build():
        return tuple(
            call(*(getattr(importlib.import_module(f"{package}.{path}"), name) for name in names))
            for package in ("lenstronomy", "jaxtronomy")
        )

    return build


def grid(pixels):
    """Coordinates of a square grid of 6 arcsec."""
    axis = (np.arange(pixels) - (pixels - 1) / 2) * 6.0 / pixels
    return tuple(c.ravel() for c in np.meshgrid(axis, axis))


def _profile(path, name, method, model, kwargs, x, y):
    def call(cls):
        bound = getattr(cls([model.split()[0]]), method)
        return lambda: bound(x, y, [kwargs])

    return _pair(path, [name], call)


def _planes(pixels):
    """Two ellipsoids and a shear, in two planes."""
    models, redshifts = ["SIE", "SIE", "SHEAR"], [0.3, 0.5, 0.5]
    x, y = grid(pixels)

    def call(cls):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of lenstronomy, about a cosmology that it chose itself
            lens = cls(models, multi_plane=True, lens_redshift_list=redshifts, z_source=1.5)
        return lambda: lens.ray_shooting(x, y, [LENS[model] for model in models])

    return _pair("LensModel.lens_model", ["LensModel"], call)


def _convolution(pixels, kernel):
    image = np.random.default_rng(0).normal(size=(pixels, pixels))

    def call(cls):
        convolve = cls(gaussian_kernel(kernel), convolution_type="fft").convolution2d
        return lambda: convolve(image)

    return _pair("ImSim.Numerics.convolution", ["PixelKernelConvolution"], call)


@cache
def _likelihoods(mass, problem):
    reference, args = likelihood("lenstronomy", mass=mass, **PROBLEMS[problem])
    return reference, likelihood("jaxtronomy", mass=mass, **PROBLEMS[problem])[0], args


def _log_likelihood(mass, problem):
    def build():
        reference, ours, args = _likelihoods(mass, problem)
        return lambda: reference.logL(args), lambda: ours.logL(args)

    return build


def _gradient(mass, problem):
    def build():
        _, ours, args = _likelihoods(mass, problem)
        return lambda: ours.logL(args), lambda: ours.value_and_grad(args)

    return build


def _batch(mass, problem):
    def build():
        reference, ours, args = _likelihoods(mass, problem)
        rows = args + 1e-4 * np.random.default_rng(0).normal(size=(BATCH, args.size))
        return lambda: reference.logL(args), lambda: ours.logL_batch(rows)

    return build


def _swarm(mass):
    def build():
        calls = []
        for package in ("lenstronomy", "jaxtronomy"):
            fit, _ = fitting_sequence(package, mass=mass)
            step = ["PSO", {"sigma_scale": 0.1, "n_particles": PARTICLES, "n_iterations": STEPS, "threadCount": 1}]

            def call(fit=fit, step=step):
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    fit.fit_sequence([step])

            calls.append(call)
        return calls

    return build


def _cases():
    lens = "LensModel.lens_model", "LensModel"
    light = "LightModel.light_model", "LightModel"
    for model in ("SHEAR", "SIS", "SIE", "EPL"):
        for number in (1, 4, 100):
            x, y = np.random.default_rng(1).uniform(-2, 2, (2, number))
            x, y = (float(x[0]), float(y[0])) if number == 1 else (x, y)
            name = f"{model}, {number} position{'s' * (number > 1)}"
            yield Case("Ray shooting of few positions", name, _profile(*lens, "ray_shooting", model, LENS[model], x, y))
    for pixels in (60, 180):
        x, y = grid(pixels)
        for (path, name), method, what, table in (
            (lens, "ray_shooting", "Ray shooting", LENS),
            (light, "surface_brightness", "Surface brightness", LIGHT),
        ):
            for model, kwargs in table.items():
                calls = _profile(path, name, method, model, kwargs, x, y)
                yield Case(f"{what}, {pixels}x{pixels}", model, calls)
    for pixels, rounds in ((60, 25), (450, 7)):  # the second one in blocks
        yield Case("Ray shooting through two planes", f"{pixels}x{pixels}", _planes(pixels), rounds=rounds)
    for pixels, kernel in ((60, 13), (60, 45), (100, 13), (100, 75), (180, 13), (180, 45), (180, 135)):
        name = f"{pixels}x{pixels}, {kernel}-pixel kernel"
        yield Case("Convolution by Fourier transforms", name, _convolution(pixels, kernel))
    for mass in ("EPL", "SIE"):
        for problem in PROBLEMS:
            name = f"{mass}, {problem}"
            large = "200x200" in problem
            yield Case("Log likelihood", name, _log_likelihood(mass, problem), rounds=7 if large else 25)
            yield Case(
                "Value and gradient of the log likelihood",
                name,
                _gradient(mass, problem),
                reference="its value alone",
                rounds=7 if large else 25,
            )
            if not large:
                calls = _batch(mass, problem)
                yield Case("Log likelihood, batch of 256, per evaluation", name, calls, per=(BATCH, 1), rounds=5)
        name = f"{mass}, {PARTICLES} particles"
        yield Case("Step of a particle swarm", name, _swarm(mass), per=(STEPS, STEPS), rounds=3)


CASES = list(_cases())
