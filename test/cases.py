"""The table of profiles: what each is tested with.

One row per lens model and per light model.  Tests draw random parameter sets from the ranges, compare with lenstronomy,
and check gradients; ``tools/profile_table.py`` prints the same comparisons as numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from inspect import signature
from typing import Any

import jax.numpy as jnp
import numpy as np
from scipy.special import hyp2f1

# Largest difference from lenstronomy, relative to the value or to a tenth of the values' root mean square.
TOLERANCE = {"closed": 1e-12, "series": 1e-10, "limited": 1e-7, "quadrature": 1e-6, "loose": 1e-3, "coarse": 5e-2}


@dataclass(frozen=True, eq=False)
class Case:
    """What one profile is tested with.

    :param model: name in the registry
    :param ranges: parameter -> ``(lower, upper)`` to draw from, or a fixed value (number, integer, array)
    :param tolerance: class of agreement with lenstronomy
    :param loose: method -> class of agreement, where lenstronomy's own numbers are limited
    :param why: the reason for every entry of ``loose``, or for a reference other than lenstronomy
    :param options: constructor options
    :param radial: densities and masses to compare: method name -> arguments that are no model parameters
    :param potential: whether lenstronomy has a potential to compare with
    :param smooth: whether the deflection is differentiable at the centre
    :param round: whether it is differentiable in the ellipticity where it is round
    :param special: further parameter sets for the gradients: changes to the first random one
    :param gradient_field: whether the potential's gradient is the deflection, and the deflection's the Hessian
    :param points: further positions for the gradients, relative to the centre
    :param static: names of parameters that are no numbers to differentiate by
    :param scale: positions are drawn from a square of this half width [arcsec]
    :param slow: whether lenstronomy is so slow that tests take only a few points
    :param reference: an object with lenstronomy's methods to compare with, in place of lenstronomy's profile
    :param step: step of the central differences
    :param gradient: largest error of the gradient, relative to its largest element
    :param float32: largest error of deflection and Hessian in single precision
    :param identity: largest difference of a derivative from the function that should be equal to it
    """

    model: str
    ranges: Mapping[str, Any]
    tolerance: str = "closed"
    loose: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    radial: Mapping[str, Mapping] = field(default_factory=dict)
    potential: bool = True
    smooth: bool = False
    round: bool = True
    gradient_field: bool = True
    special: tuple[Mapping, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    static: tuple[str, ...] = ()
    scale: float = 3.0
    slow: bool = False
    reference: Callable | None = None
    step: float = 1e-4
    gradient: float = 1e-6
    float32: float = 1e-3
    identity: float = 1e-8
    name: str = ""

    @property
    def id(self) -> str:
        """What pytest calls the case."""
        return self.name or self.model

    def allowed(self, method: str) -> float:
        """Largest relative difference from the reference in a method."""
        return TOLERANCE[self.loose.get(method, self.tolerance)]

    def draw(self, number: int, seed: int = 42) -> list[dict]:
        """Random parameter sets within the ranges."""
        rng = np.random.default_rng(seed)
        return [
            {name: rng.uniform(*v) if isinstance(v, tuple) else v for name, v in self.ranges.items()}
            for _ in range(number)
        ]

    def positions(self, number: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
        """Random positions [arcsec]."""
        return np.random.default_rng(seed).uniform(-self.scale, self.scale, (2, number))

    def centre(self, kwargs: Mapping) -> tuple[float, float]:
        """Position of the profile's centre."""
        names = next((n for n in CENTRES if n[0] in kwargs), None)
        return (kwargs[names[0]], kwargs[names[1]]) if names else (0.0, 0.0)

    def continuous(self) -> list[str]:
        """Names of the parameters to differentiate by."""
        return [n for n, v in self.ranges.items() if n not in self.static and not isinstance(v, int | str | bool)]


CENTRES = (("center_x", "center_y"), ("ra_0", "dec_0"), ("com_x", "com_y"))


def difference(ours, theirs) -> float:
    """Largest difference, relative to the value or to a tenth of the root mean square of all of them."""
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    floor = 0.1 * np.sqrt(np.mean(theirs**2)) + 1e-300
    return float(np.max(np.abs(ours - theirs) / np.maximum(np.abs(theirs), floor)))


def call(profile, method: str, coordinates: tuple, kwargs: Mapping, reference=None) -> Any:
    """A density or mass with those of the parameters that it takes (by the reference's signature)."""
    takes = list(signature(getattr(reference or profile, method)).parameters)
    radial = takes[0] not in ("x", "X") or "y" not in takes
    given = {k: v for k, v in kwargs.items() if k in takes}
    return getattr(profile, method)(*(coordinates[:1] if radial else coordinates), **given)


CENTRE = {"center_x": (-0.1, 0.1), "center_y": (-0.1, 0.1)}
ORIGIN = {"ra_0": (-0.1, 0.1), "dec_0": (-0.1, 0.1)}
ELLIPTICITY = {"e1": (-0.3, 0.3), "e2": (-0.3, 0.3)}
EINSTEIN = {"theta_E": (0.5, 2.0)}
SLOPE = {"gamma": (1.5, 2.5)}
ROUND_RADIAL = {"density_lens": {}, "mass_3d_lens": {}, "mass_2d_lens": {}}
RHO = {"rho0": 0.7}
SPHERE = {m: RHO for m in ("density", "density_2d", "mass_3d", "mass_2d", "grav_pot")}
A1, A3, A4 = (
    {"a1_a": (-0.1, 0.1), "delta_phi_m1": (-3.0, 3.0)},
    {"a3_a": (-0.1, 0.1), "delta_phi_m3": (-0.5, 0.5)},
    {"a4_a": (-0.1, 0.1), "delta_phi_m4": (-0.4, 0.4)},
)
WAVE = {"a_m": (0.01, 0.1), "phi_m": (-3.0, 3.0), **CENTRE, "r_E": (0.5, 2.0)}
DIFFERENCES = "lenstronomy takes finite differences"
# It is (..) / (1 - X^2)^n; ours is right to 2e-14 there by mpmath (test_convergences_near_the_scale_radius).
NEAR_RS = "lenstronomy's convergence loses digits near the scale radius"
STRETCH = (
    {"tangential_stretch": (4.0, 8.0)},
    {"radial_stretch": (0.8, 1.5)},
    {"curvature": (0.3, 1.0), "direction": (-3.0, 3.0)},
)


def widths(number: int) -> dict:
    """Core, truncation and ellipticity of one chameleon."""
    return {
        f"w_c{number}": (0.1, 0.3),
        f"w_t{number}": (0.5, 1.0),
        f"e1{number}": (-0.3, 0.3),
        f"e2{number}": (-0.3, 0.3),
    }


RADII = np.linspace(0.01, 3.0, 3000)
AXIS = np.linspace(-3.17, 3.29, 13)


def maps() -> dict:
    """Maps of an isothermal sphere with a core, on a coarse grid."""
    x, y = np.meshgrid(AXIS, AXIS[:-1])
    r = np.sqrt(x**2 + y**2 + 0.5)
    return {
        "grid_interp_x": AXIS,
        "grid_interp_y": AXIS[:-1],
        "f_": r,
        "f_x": x / r,
        "f_y": y / r,
        "f_xx": 1 / r - x**2 / r**3,
        "f_yy": 1 / r - y**2 / r**3,
        "f_xy": -x * y / r**3,
    }


MAPS = maps()


def wave(x, y):
    """A deflection in JAX."""
    return jnp.sin(x) * jnp.cos(y), jnp.cos(x) + y**2


def numpy_wave(x, y):
    """The same for NumPy arrays only."""
    x, y = np.asarray(x), np.asarray(y)
    return np.sin(x) * np.cos(y), np.cos(x) + y**2


class ShallowPowerLaw:
    """lenstronomy's power law with a slope below 1.8, where a core of 1e-7 arcsec does not show."""

    def __getattr__(self, name):
        from lenstronomy.LensModel.Profiles.epl import EPL

        return getattr(EPL(), name)


class PowerLaw(ShallowPowerLaw):
    """lenstronomy's power law as a softened one without a core."""

    def function(self, x, y, s_scale, **kwargs):
        """Potential."""
        return self.__getattr__("function")(x, y, **kwargs)

    def derivatives(self, x, y, s_scale, **kwargs):
        """Deflection."""
        return self.__getattr__("derivatives")(x, y, **kwargs)

    def hessian(self, x, y, s_scale, **kwargs):
        """Hessian."""
        return self.__getattr__("hessian")(x, y, **kwargs)


class SoftIsothermal:
    """lenstronomy's isothermal ellipsoid as a softened power law of slope 2."""

    def __init__(self):
        from jaxtronomy.LensModel.Profiles.nie import NIE

        self._nie = NIE()

    def _convert(self, theta_E, e1, e2, gamma, s_scale, **centre):
        q = (1 - np.hypot(e1, e2)) / (1 + np.hypot(e1, e2))
        return {"theta_E": theta_E, "e1": e1, "e2": e2, "s_scale": q * s_scale, **centre}

    def function(self, x, y, **kwargs):
        """Potential, zero at the centre."""
        kwargs = self._convert(**kwargs)
        centre = self._nie.function(kwargs["center_x"], kwargs["center_y"], **kwargs)
        return self._nie.function(x, y, **kwargs) - centre

    def derivatives(self, x, y, **kwargs):
        """Deflection."""
        return self._nie.derivatives(x, y, **self._convert(**kwargs))

    def hessian(self, x, y, **kwargs):
        """Hessian, exact."""
        return self._nie.hessian(x, y, **self._convert(**kwargs))


NFW = {"Rs": (0.5, 2.0), "alpha_Rs": (0.5, 2.0)}
LENS_ONLY = {"density_lens": {}, "mass_3d_lens": {}}
NFW_SPHERE = {m: RHO for m in ("density", "density_2d", "mass_3d", "mass_2d", "nfw_potential")}
SERSIC = {"k_eff": (0.3, 1.0), "R_sersic": (0.5, 2.0), "n_sersic": (1.0, 4.0)}
GAUSSIANS = {"amp": np.array([1.0, 0.5, 0.8]), "sigma": np.array([0.3, 1.0, 2.0])}


class MassConcentration:
    """lenstronomy's NFW profile by mass, at the redshifts of the case."""

    module, name = "nfw_mass_concentration", "NFWMC"

    def __init__(self):
        module = import_module(f"lenstronomy.LensModel.Profiles.{self.module}")
        self._profile = getattr(module, self.name)(z_lens=0.5, z_source=1.5)

    def __getattr__(self, name):
        return getattr(self._profile, name)


class EllipticalMassConcentration(MassConcentration):
    """Its elliptical sibling."""

    module, name = "nfw_mass_concentration_ellipse", "NFWMCEllipsePotential"


class CoredTruncated:
    """lenstronomy's decomposition of a cored and truncated NFW profile."""

    def __init__(self):
        from lenstronomy.LensModel.Profiles.gauss_decomposition import CTNFWGaussDec

        self._profile = CTNFWGaussDec()

    def __getattr__(self, name):
        return getattr(self._profile, name)


class PolarShapelets:
    """lenstronomy's potential in polar shapelets, and its derivatives from differences of eighth order."""

    WEIGHTS = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}

    def __init__(self):
        from lenstronomy.LensModel.Profiles.shapelet_pot_polar import PolarShapelets

        self.function = PolarShapelets().function

    def _slopes(self, f, x, y, h=0.01):
        """df/dx and df/dy."""
        terms = [(w / h, k * h) for k, w in self.WEIGHTS.items()]
        return (
            sum(w * (f(x + s, y) - f(x - s, y)) for w, s in terms),
            sum(w * (f(x, y + s) - f(x, y - s)) for w, s in terms),
        )

    def derivatives(self, x, y, **kwargs):
        """Gradient of the potential."""
        return self._slopes(lambda u, v: self.function(u, v, **kwargs), x, y)

    def hessian(self, x, y, **kwargs):
        """Gradient of the gradient."""
        f_xx, f_xy = self._slopes(lambda u, v: self.derivatives(u, v, **kwargs)[0], x, y)
        return f_xx, f_xy, *self._slopes(lambda u, v: self.derivatives(u, v, **kwargs)[1], x, y)


class SteepCusp:
    """lenstronomy's decomposition of the projected profile with a free slope, without the errors of its integrals.

    lenstronomy integrates the profile at the complex radii of the transform by a thousand equal steps, and inside
    1e-3 Rs takes it as uniform (by a comparison of complex numbers): the amplitudes of its narrow Gaussians are wrong
    by many orders of magnitude.  Here the same integral is taken by Gauss-Legendre panels.
    """

    def __init__(self):
        from lenstronomy.LensModel.Profiles.gauss_decomposition import GeneralizedNFWEllipseGaussDec

        self._profile = GeneralizedNFWEllipseGaussDec(use_scipy_wofz=True)
        self._profile.get_kappa_1d = self._kappa
        log_y, inner = self._panel(120, -36.0, np.log(0.5))
        angle, outer = self._panel(40, np.pi / 6, np.pi / 2)
        self._y = np.concatenate([np.exp(log_y), np.sin(angle)])
        self._weights = np.concatenate([inner * np.exp(log_y), outer * np.cos(angle)])
        self._weights *= self._y**2 / (1 + np.sqrt(1 - self._y**2))

    @staticmethod
    def _panel(n, lower, upper):
        x, w = np.polynomial.legendre.leggauss(n)
        return lower + (upper - lower) / 2 * (1 + x), (upper - lower) / 2 * w

    def _kappa(self, y, Rs, alpha_Rs, gamma_in, **frame):
        """Keeton 2001, equations 57 and 58."""
        rest = 3 - gamma_in
        at_Rs = hyp2f1(rest, rest, 1 + rest, -1.0) / rest + np.sum(self._weights / self._y * (self._y + 1) ** -rest)
        x = np.asarray(y)[..., None] / Rs
        integral = np.sum(self._weights * (self._y + x) ** (-rest - 1), axis=-1)
        x = x[..., 0]
        return alpha_Rs / (2 * Rs * at_Rs) * x ** (rest - 2) * ((1 + x) ** -rest + rest * integral)

    def __getattr__(self, name):
        return getattr(self._profile, name)


class TidallyEvolved:
    """lenstronomy's tidally evolved profile, a fresh one for each set of parameters.

    One object keeps the mass and potential of its first parameters, and its Hessian takes the convergence at the
    points for the one at the radii of the table unless the table of the mass is there.
    """

    def __init__(self):
        from lenstronomy.LensModel.Profiles.greenboschnfw import GreenBoschNFW

        self.rho_3d_lens = GreenBoschNFW().rho_3d_lens
        self._new = lru_cache(self._make)
        self._class = GreenBoschNFW

    def _make(self, **shape):
        profile = self._class()
        kappa_r, r_bin = profile.rbin_kappa_r(**shape)
        profile._rad_interp._mass_enclosed(1.0, r_bin, kappa_r)
        return profile

    def _call(self, method, x, y, kwargs):
        shape = {name: kwargs[name] for name in ("f_b", "c_s", "Rs", "rho0ang")}
        return getattr(self._new(**shape), method)(x, y, **kwargs)

    def function(self, x, y, **kwargs):
        """Potential."""
        return self._call("function", x, y, kwargs)

    def derivatives(self, x, y, **kwargs):
        """Deflection."""
        return self._call("derivatives", x, y, kwargs)

    def hessian(self, x, y, **kwargs):
        """Hessian."""
        return self._call("hessian", x, y, kwargs)


LENS_CASES = [
    Case("BLANK_PLANE", {}, smooth=True),
    Case("CONVERGENCE", {"kappa": (-0.5, 0.5), **ORIGIN}, smooth=True),
    Case(
        "EPL",
        {**EINSTEIN, **SLOPE, **ELLIPTICITY, **CENTRE},
        "series",
        special=({"gamma": 2.0},),
        radial={"density_lens": {}, "mass_3d_lens": {}},
    ),
    Case("EPL_BOXYDISKY", {**EINSTEIN, **SLOPE, **ELLIPTICITY, **CENTRE, "a4_a": (-0.1, 0.1)}, "series", round=False),
    Case(
        "EPL_BOXYDISKY_ELL", {**EINSTEIN, **SLOPE, **ELLIPTICITY, **CENTRE, "a4_a": (-0.1, 0.1)}, "series", round=False
    ),
    Case(
        "EPL_MULTIPOLE_M1M3M4", {**EINSTEIN, **SLOPE, **ELLIPTICITY, **CENTRE, **A1, **A3, **A4}, "series", round=False
    ),
    Case(
        "EPL_MULTIPOLE_M1M3M4_ELL",
        {**EINSTEIN, **SLOPE, **ELLIPTICITY, **CENTRE, **A1, **A3, **A4},
        "series",
        round=False,
    ),
    Case("EPL_MULTIPOLE_M3M4", {**EINSTEIN, **SLOPE, **ELLIPTICITY, **CENTRE, **A3, **A4}, "series", round=False),
    Case("EPL_MULTIPOLE_M3M4_ELL", {**EINSTEIN, **SLOPE, **ELLIPTICITY, **CENTRE, **A3, **A4}, "series", round=False),
    Case("EPL_NUMBA", {**EINSTEIN, **SLOPE, **ELLIPTICITY, **CENTRE}, "series"),
    Case(
        "EPL_Q_PHI",
        {**EINSTEIN, **SLOPE, "q": (0.4, 0.95), "phi": (-3.0, 3.0), **CENTRE},
        "series",
        radial={"density_lens": {}, "mass_3d_lens": {}},
    ),
    Case("FLEXION", {f"g{i}": (-0.1, 0.1) for i in (1, 2, 3, 4)} | ORIGIN, smooth=True),
    Case("FLEXIONFG", {f: (-0.1, 0.1) for f in ("F1", "F2", "G1", "G2")} | ORIGIN, smooth=True),
    Case(
        "HESSIAN",
        {"f_xx": (-0.5, 0.5), "f_yy": (-0.5, 0.5), "f_xy": 0.1, "f_yx": 0.1, **ORIGIN},
        smooth=True,
        static=("f_xy", "f_yx"),
        why="with f_xy unlike f_yx there is no potential",
    ),
    *(Case("MULTIPOLE", {"m": m, **WAVE}, name=f"MULTIPOLE-{m}") for m in (1, 2, 3, 4, 7)),
    *(
        Case(
            "MULTIPOLE_ELL",
            {"m": m, "q": (0.4, 0.8), **WAVE},
            "series",
            name=f"MULTIPOLE_ELL-{m}",
            special=({"q": 1.0},),
        )
        for m in (1, 3, 4)
    ),
    Case(
        "NIE",
        {**EINSTEIN, **ELLIPTICITY, "s_scale": (0.05, 0.5), **CENTRE},
        smooth=True,
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        radial={"density_lens": {}, "mass_3d_lens": {}},
    ),
    Case(
        "NIE_SIMPLE",
        {"b": (0.5, 2.0), "s": (0.05, 0.5), "q": (0.4, 0.95)},
        smooth=True,
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        special=({"q": 1.0},),
    ),
    Case("POINT_MASS", {**EINSTEIN, **CENTRE}, radial={"mass_3d_lens": {}}),
    Case("POINT_MASS_LOG_SCALED", {"log10_theta_E": (-1.0, 0.3), **CENTRE}, radial={"mass_3d_lens": {}}),
    Case("SHEAR", {"gamma1": (-0.2, 0.2), "gamma2": (-0.2, 0.2), **ORIGIN}, smooth=True),
    Case("SHEAR_GAMMA_PSI", {"gamma_ext": (0.0, 0.3), "psi_ext": (-3.0, 3.0), **ORIGIN}, smooth=True),
    Case("SHEAR_REDUCED", {"gamma1": (-0.2, 0.2), "gamma2": (-0.2, 0.2), **ORIGIN}, smooth=True),
    Case(
        "SHIFT",
        {"alpha_x": (-1.0, 1.0), "alpha_y": (-1.0, 1.0)},
        smooth=True,
        gradient_field=False,
        why="lenstronomy gives the potential as zero",
    ),
    Case(
        "SIE",
        {**EINSTEIN, **ELLIPTICITY, **CENTRE},
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        radial=ROUND_RADIAL | SPHERE,
    ),
    Case("SIS", {**EINSTEIN, **CENTRE}, radial=ROUND_RADIAL | SPHERE),
    Case("SPP", {**EINSTEIN, **SLOPE, **CENTRE}, radial=ROUND_RADIAL | SPHERE),
    Case(
        "ARC_PERT",
        {"coeff": (0.01, 0.1), "d_r": (0.2, 1.0), "d_phi": (0.5, 3.0), **CENTRE},
        tolerance="series",
    ),
    Case(
        "CHAMELEON",
        {"alpha_1": (0.5, 2.0), "w_c": (0.1, 0.3), "w_t": (0.5, 1.0), **ELLIPTICITY, **CENTRE},
        tolerance="limited",
        loose={"hessian": "loose"},
        why=DIFFERENCES + ", and its round isothermal sphere has q = 0.99999999",
        smooth=True,
        round=False,
        radial={"density_lens": {}, "mass_3d_lens": {}},
    ),
    Case(
        "CONST_MAG",
        {"mu_r": (1.0, 2.0), "mu_t": (5.0, 20.0), "parity": 1, "phi_G": (0.0, 3.0), **CENTRE},
        smooth=True,
    ),
    Case(
        "CONST_MAG",
        {"mu_r": (1.0, 2.0), "mu_t": (5.0, 20.0), "parity": -1, "phi_G": (0.0, 3.0), **CENTRE},
        smooth=True,
        name="CONST_MAG-negative",
    ),
    Case("CSE", {"a": (0.5, 2.0), "s": (0.3, 1.0), **ELLIPTICITY, **CENTRE}, smooth=True),
    Case(
        "CSE",
        {"a": (0.5, 2.0), "s": (0.3, 1.0), **ELLIPTICITY, **CENTRE},
        smooth=True,
        round=False,
        options={"axis": "major"},
        name="CSE-major",
    ),
    Case(
        "CURVED_ARC_CONST",
        {**STRETCH[0], **STRETCH[2], **CENTRE},
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        potential=False,
        smooth=True,
        scale=0.5,
    ),
    Case(
        "CURVED_ARC_CONST_MST",
        {**STRETCH[0], **STRETCH[1], **STRETCH[2], **CENTRE},
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        potential=False,
        smooth=True,
        scale=0.5,
    ),
    Case("CURVED_ARC_SIS_MST", {**STRETCH[0], **STRETCH[1], **STRETCH[2], **CENTRE}, smooth=True, scale=1.0),
    Case(
        "CURVED_ARC_SPP",
        {**STRETCH[0], "radial_stretch": (0.8, 1.2), **STRETCH[2], **CENTRE},
        smooth=True,
        scale=1.0,
        tolerance="series",
    ),
    Case(
        "CURVED_ARC_SPT",
        {**STRETCH[0], **STRETCH[1], **STRETCH[2], "gamma1": (-0.2, 0.2), "gamma2": (-0.2, 0.2), **CENTRE},
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        potential=False,
        smooth=True,
        scale=1.0,
    ),
    Case(
        "CURVED_ARC_TAN_DIFF",
        {**STRETCH[0], **STRETCH[1], "dtan_dtan": (-0.5, 0.5), **STRETCH[2], **CENTRE},
        tolerance="series",
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        smooth=True,
        scale=1.0,
        special=({"dtan_dtan": 0.0},),
    ),
    Case(
        "DIPOLE",
        {"com_x": (-0.1, 0.1), "com_y": (-0.1, 0.1), "phi_dipole": (-3.0, 3.0), "coupling": (0.1, 1.0)},
        gradient_field=False,
        why="the deflection has a curl, and lenstronomy gives a symmetric Hessian",
    ),
    Case(
        "DOUBLE_CHAMELEON",
        {"alpha_1": (0.5, 2.0), "ratio": (0.5, 2.0), **widths(1), **widths(2), **CENTRE},
        tolerance="limited",
        loose={"hessian": "loose"},
        why=DIFFERENCES + ", and its round isothermal sphere has q = 0.99999999",
        smooth=True,
        radial={"density_lens": {}, "mass_3d_lens": {}},
    ),
    Case(
        "NIE_POTENTIAL",
        {**EINSTEIN, "theta_c": (0.05, 0.5), "e1": (0.0, 0.2), "e2": (0.0, 0.2), **CENTRE},
        smooth=True,
    ),
    Case(
        "PSEUDO_DPL",
        {"Rs": (0.5, 2.0), "alpha_Rs": (0.5, 2.0), "gamma_inner": (0.3, 1.8), "gamma_outer": (3.2, 5.0), **CENTRE},
        tolerance="series",
        potential=False,
        special=({"gamma_outer": 3.0}, {"gamma_outer": 2.5}),
        radial={"density_lens": {}, "mass_3d_lens": {}, "density": RHO, "density_2d": RHO, "mass_3d": RHO}
        | {"mass_2d": RHO},
    ),
    Case(
        "SIS_TRUNCATED",
        {**EINSTEIN, "r_trunc": (0.5, 1.5), "center_x": 0.0, "center_y": 0.0},
        why="lenstronomy's Hessian is right only about the origin",
    ),
    Case("SPEP", {**EINSTEIN, **SLOPE, **ELLIPTICITY, **CENTRE}, round=False, radial={"density_lens": {}}),
    Case(
        "SPL_CORE",
        {"sigma0": (0.5, 2.0), "r_core": (0.1, 1.0), "gamma": (1.5, 4.0), **CENTRE},
        tolerance="series",
        potential=False,
        smooth=True,
        special=({"gamma": 2.0}, {"gamma": 3.0}),
        radial={"density_lens": {}, "mass_3d_lens": {}, "mass_2d_lens": {}, "alpha": {}}
        | {m: RHO for m in ("density", "density_2d", "mass_3d", "mass_2d")},
    ),
    Case(
        "TRIPLE_CHAMELEON",
        {"alpha_1": (0.5, 2.0), "ratio12": (0.5, 2.0), "ratio13": (0.5, 2.0)}
        | {**widths(1), **widths(2), **widths(3), **CENTRE},
        tolerance="limited",
        loose={"hessian": "loose"},
        why=DIFFERENCES + ", and its round isothermal sphere has q = 0.99999999",
        smooth=True,
        radial={"density_lens": {}, "mass_3d_lens": {}},
    ),
    Case(
        "INTERPOL",
        MAPS,
        potential=True,
        smooth=True,
        gradient_field=False,
        static=("grid_interp_x", "grid_interp_y"),
        why="each map is interpolated on its own",
        scale=2.5,
    ),
    Case(
        "INTERPOL",
        {k: v for k, v in MAPS.items() if k not in ("f_xx", "f_yy", "f_xy")},
        tolerance="series",
        options={"kwargs_spline": {"kx": 3, "ky": 3}},
        loose={"hessian": "loose"},
        smooth=True,
        gradient_field=False,
        static=("grid_interp_x", "grid_interp_y"),
        why="each map is interpolated on its own; lenstronomy takes finite differences",
        scale=2.5,
        name="INTERPOL-bicubic",
    ),
    Case(
        "INTERPOL_SCALED",
        {"scale_factor": 1.0, **MAPS},
        options={"grid": False},
        smooth=True,
        gradient_field=False,
        static=("grid_interp_x", "grid_interp_y"),
        why="each map is interpolated on its own; lenstronomy scales f_xy twice",
        scale=2.5,
    ),
    Case(
        "PEMD",
        {**EINSTEIN, "gamma": (1.5, 1.8), **ELLIPTICITY, **CENTRE},
        tolerance="limited",
        reference=ShallowPowerLaw,
        why="lenstronomy needs fastell; the core of 1e-7 arcsec is lost in its power law",
        radial={"density_lens": {}, "mass_3d_lens": {}},
    ),
    Case(
        "RADIAL_INTERPOL",
        {"r_bin": RADII, "kappa_r": 0.7 / RADII, "center_x": (-0.1, 0.1), "center_y": (-0.1, 0.1)},
        tolerance="loose",
        loose={"function": "coarse"},
        static=("r_bin",),
        why="lenstronomy interpolates mass, deflection and potential linearly in radius",
        scale=1.5,
    ),
    Case(
        "SPEMD",
        {**EINSTEIN, **ELLIPTICITY, "gamma": 2.0, "s_scale": (0.1, 0.5), **CENTRE},
        tolerance="series",
        reference=SoftIsothermal,
        round=False,
        why="lenstronomy needs fastell; for slope 2 the profile is an isothermal ellipsoid",
        smooth=True,
    ),
    Case(
        "SPEMD",
        {**EINSTEIN, **ELLIPTICITY, "gamma": (1.5, 2.9), "s_scale": 0.0, **CENTRE},
        tolerance="series",
        reference=PowerLaw,
        round=False,
        static=("s_scale",),
        why="lenstronomy needs fastell; without a core the profile is a power law",
        name="SPEMD-cusp",
    ),
    Case(
        "SYNTHESIS",
        {"Rs": (1.0, 2.0), "alpha_Rs": (0.5, 2.0), **CENTRE},
        tolerance="limited",
        options={
            "target_lens_model": "NFW",
            "component_lens_model": "CSE",
            "kwargs_list": [
                {"a": 1.0, "s": s, "e1": 0.1, "e2": 0.05, "center_x": 0.0, "center_y": 0.0}
                for s in np.logspace(-2, 2, 8)
            ],
            "lin_fit_hyperparams": {"num_r_evals": 50},
        },
        smooth=True,
    ),
    Case(
        "TABULATED_DEFLECTIONS",
        {},
        options={"custom_class": wave},
        loose={"hessian": "loose"},
        potential=False,
        smooth=True,
        why=DIFFERENCES,
    ),
    Case(
        "TABULATED_DEFLECTIONS",
        {},
        options={"custom_class": numpy_wave},
        loose={"hessian": "loose"},
        potential=False,
        smooth=True,
        why=DIFFERENCES,
        name="TABULATED_DEFLECTIONS-NumPy",
    ),
    Case(
        "BPL",
        {"b": (0.5, 2.0), "a": (1.7, 2.3), "a_c": (0.5, 1.5), "r_c": (0.3, 1.5), **ELLIPTICITY, **CENTRE},
        tolerance="loose",
        why="lenstronomy sums its series to a relative 1e-5, with errors up to 1e-3; ours has the right convergence "
        "and no curl",
        slow=True,
        gradient=1e-5,
        identity=1e-6,
        radial={"mass_3d_lens": {}},
    ),
    Case(
        "CNFW",
        {**NFW, "r_core": (0.3, 0.8), **CENTRE},
        tolerance="series",
        loose={"function": "loose", "hessian": "limited"},
        why=f"lenstronomy integrates the potential from 1e-3 Rs; {NEAR_RS}",
        special=({"r_core": 1.0, "Rs": 1.0}, {"r_core": 0.999, "Rs": 1.0}),
        radial=LENS_ONLY | {m: RHO for m in ("density", "density_2d", "mass_3d", "mass_2d")},
        slow=True,
    ),
    Case(
        "CNFW_ELLIPSE_POTENTIAL",
        {**NFW, "r_core": (0.3, 0.8), **ELLIPTICITY, **CENTRE},
        tolerance="series",
        loose={"function": "loose", "hessian": "loose"},
        why=DIFFERENCES + ", and integrates the potential from 1e-3 Rs",
        round=False,
        radial=LENS_ONLY,
        slow=True,
    ),
    Case(
        "coreBURKERT",
        {"Rs": (1.0, 2.0), "alpha_Rs": (0.5, 2.0), "r_core": (0.5, 3.0), **CENTRE},
        tolerance="series",
        special=({"r_core": 1.0, "Rs": 1.0},),
        radial={m: RHO for m in ("density", "density_2d", "mass_3d", "mass_2d")},
    ),
    *(
        Case(
            model,
            {"sigma0": (0.3, 1.0), "r_core": (0.3, 2.0), **CENTRE},
            smooth=True,
            radial=LENS_ONLY
            | {m: {} for m in ("density", "density_2d", "mass_3d", "mass_2d", "alpha_r", "d_alpha_dr", "kappa_r")},
        )
        for model in ("CORED_DENSITY", "CORED_DENSITY_2")
    ),
    Case(
        "CORED_DENSITY_EXP",
        {"kappa_0": (0.3, 1.0), "theta_c": (0.3, 2.0), **CENTRE},
        smooth=True,
        radial=LENS_ONLY | {m: {} for m in ("density", "density_2d", "mass_3d", "mass_2d", "alpha_radial", "kappa_r")},
    ),
    *(
        Case(
            f"{core}_MST",
            {"lambda_approx": (0.7, 0.95), "r_core": (0.5, 2.0), **CENTRE},
            tolerance="series",
            smooth=True,
            slow=core != "CORED_DENSITY",
        )
        for core in ("CORED_DENSITY", "CORED_DENSITY_2", "CORED_DENSITY_EXP", "CORED_DENSITY_ULDM")
    ),
    Case(
        "CTNFW_GAUSS_DEC",
        {"r_s": (0.5, 2.0), "r_core": (0.1, 0.5), "r_trunc": (2.0, 5.0), "a": (1.0, 3.0), "rho_s": (0.3, 1.0)}
        | {"e1": (-0.2, 0.2), "e2": (-0.2, 0.2), **CENTRE},
        tolerance="series",
        smooth=True,
        slow=True,
        float32=0.1,
        reference=CoredTruncated,
        loose={"function": "limited"},
        why="lenstronomy takes center_x and center_y for one name, and integrates the potential numerically",
    ),
    Case(
        "ElliSLICE",
        {"a": (1.0, 2.0), "b": (0.3, 0.9), "psi": (-1.0, 1.0), "sigma_0": (0.3, 1.0), **CENTRE},
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        smooth=True,
        special=({"a": 1.2, "b": 1.2},),
    ),
    Case(
        "GAUSSIAN",
        {"amp": (0.5, 2.0), "sigma": (0.3, 2.0), **CENTRE},
        smooth=True,
        radial={m: {} for m in ("density_lens", "mass_3d_lens", "mass_2d_lens", "density", "density_2d", "mass_3d")}
        | {m: {} for m in ("mass_2d", "alpha_abs")},
    ),
    Case(
        "GAUSSIAN_ELLIPSE_KAPPA",
        {"amp": (0.5, 2.0), "sigma": (0.3, 2.0), **ELLIPTICITY, **CENTRE},
        tolerance="series",
        smooth=True,
        slow=True,
        radial={"density_2d": {}},
    ),
    Case(
        "GAUSSIAN_ELLIPSE_POTENTIAL",
        {"amp": (0.5, 2.0), "sigma": (0.3, 2.0), **ELLIPTICITY, **CENTRE},
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        smooth=True,
        radial={m: {} for m in ("mass_3d_lens", "mass_2d_lens", "density", "density_2d", "mass_3d", "mass_2d")},
    ),
    Case(
        "GAUSSIAN_POTENTIAL",
        {"amp": (0.5, 2.0), "sigma_x": (0.3, 2.0), "sigma_y": (0.3, 2.0), **CENTRE},
        smooth=True,
    ),
    Case(
        "GNFW",
        {**NFW, "gamma_in": (0.3, 2.2), **CENTRE},
        tolerance="limited",
        loose={"function": "coarse"},
        why="lenstronomy interpolates the normalisation and integrates the potential from 1e-3 arcsec",
        special=({"gamma_in": 1.0}, {"gamma_in": 2.0}),
        radial=LENS_ONLY | {"alpha": {}, "kappa": {}} | {m: RHO for m in ("density", "density_2d", "mass_3d")},
        slow=True,
    ),
    Case(
        "GNFW_ELLIPSE_GAUSS_DEC",
        {**NFW, "gamma_in": (0.6, 1.8), **ELLIPTICITY, **CENTRE},
        tolerance="series",
        loose={"function": "limited"},
        reference=SteepCusp,
        why="lenstronomy's integrals take the profile inside 1e-3 Rs as uniform and have a thousand steps, here they "
        "are exact, and the potential is integrated; the narrowest Gaussian is 1e-4 Rs wide, a cusp for differences",
        slow=True,
        float32=0.1,
    ),
    Case(
        "GreenBoschNFW",
        {"f_b": (0.1, 0.9), "c_s": (5.0, 15.0), "Rs": (0.5, 2.0), "rho0ang": (0.3, 1.0), **CENTRE},
        tolerance="loose",
        loose={"hessian": "coarse"},
        reference=TidallyEvolved,
        why="lenstronomy interpolates mass, deflection and potential linearly in radius, and keeps those of the first "
        "parameters",
        slow=True,
        radial={"rho_3d_lens": {}},
    ),
    Case(
        "HERNQUIST",
        {"sigma0": (0.3, 1.0), "Rs": (0.5, 2.0), **CENTRE},
        tolerance="series",
        loose={"hessian": "quadrature", "density_2d": "limited"},
        why=f"{DIFFERENCES}; {NEAR_RS}",
        radial=ROUND_RADIAL | SPHERE,
    ),
    Case(
        "HERNQUIST_ELLIPSE_CSE",
        {"sigma0": (0.3, 1.0), "Rs": (0.5, 2.0), **ELLIPTICITY, **CENTRE},
        round=False,
        loose={"density_2d": "limited"},
        why=NEAR_RS,
        radial=ROUND_RADIAL | {m: RHO for m in ("density", "density_2d", "mass_3d", "mass_2d")},
    ),
    Case(
        "HERNQUIST_ELLIPSE_POTENTIAL",
        {"sigma0": (0.3, 1.0), "Rs": (0.5, 2.0), **ELLIPTICITY, **CENTRE},
        tolerance="series",
        loose={"hessian": "loose", "density_2d": "limited"},
        why=f"{DIFFERENCES}; {NEAR_RS}",
        radial=ROUND_RADIAL | {m: RHO for m in ("density", "density_2d", "mass_3d", "mass_2d")},
    ),
    Case("MULTI_GAUSSIAN", {**GAUSSIANS, **CENTRE, "scale_factor": (0.5, 2.0)}, smooth=True, slow=True),
    Case(
        "MULTI_GAUSSIAN_ELLIPSE_KAPPA",
        {**GAUSSIANS, **ELLIPTICITY, **CENTRE, "scale_factor": (0.5, 2.0)},
        tolerance="series",
        smooth=True,
        slow=True,
    ),
    Case(
        "MULTI_GAUSSIAN_ELLIPSE_POTENTIAL",
        {**GAUSSIANS, **ELLIPTICITY, **CENTRE, "scale_factor": (0.5, 2.0)},
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        smooth=True,
        slow=True,
    ),
    Case(
        "NFW",
        {**NFW, **CENTRE},
        tolerance="series",
        loose={"hessian": "limited"},
        why=NEAR_RS,
        radial=ROUND_RADIAL | NFW_SPHERE,
    ),
    Case("NFW_ELLIPSE_CSE", {**NFW, **ELLIPTICITY, **CENTRE}, radial={"mass_3d_lens": {}}),
    Case(
        "NFW_ELLIPSE_CSE",
        {**NFW, **ELLIPTICITY, **CENTRE},
        options={"high_accuracy": False},
        name="NFW_ELLIPSE_CSE-coarse",
    ),
    Case(
        "NFW_ELLIPSE_GAUSS_DEC",
        {**NFW, **ELLIPTICITY, **CENTRE},
        tolerance="series",
        loose={"function": "quadrature", "hessian": "quadrature"},
        why="lenstronomy integrates the potential numerically; both lose digits in the transform; the narrowest "
        "Gaussian is 1e-4 Rs wide, a cusp for differences",
        slow=True,
        float32=0.1,
    ),
    Case(
        "NFW_ELLIPSE_POTENTIAL",
        {**NFW, **ELLIPTICITY, **CENTRE},
        tolerance="series",
        loose={"hessian": "coarse"},
        why=DIFFERENCES,
        radial=LENS_ONLY,
    ),
    Case(
        "NFW_MC",
        {"logM": (11.0, 13.0), "concentration": (3.0, 12.0), **CENTRE},
        tolerance="series",
        loose={"hessian": "limited"},
        why=NEAR_RS,
        options={"z_lens": 0.5, "z_source": 1.5},
        reference=MassConcentration,
    ),
    Case(
        "NFW_MC_ELLIPSE_POTENTIAL",
        {"logM": (11.0, 13.0), "concentration": (3.0, 12.0), **ELLIPTICITY, **CENTRE},
        tolerance="series",
        options={"z_lens": 0.5, "z_source": 1.5},
        reference=EllipticalMassConcentration,
    ),
    Case(
        "PJAFFE",
        {"sigma0": (0.3, 1.0), "Ra": (0.1, 0.5), "Rs": (0.6, 2.0), **CENTRE},
        smooth=True,
        special=({"Ra": 1.0, "Rs": 1.0},),
        radial=LENS_ONLY | {m: RHO for m in ("density", "density_2d", "mass_3d", "mass_2d", "grav_pot")},
    ),
    Case(
        "PJAFFE_ELLIPSE_POTENTIAL",
        {"sigma0": (0.3, 1.0), "Ra": (0.1, 0.5), "Rs": (0.6, 2.0), **ELLIPTICITY, **CENTRE},
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        smooth=True,
        radial={"mass_3d_lens": {}},
    ),
    Case(
        "SERSIC",
        SERSIC | CENTRE,
        tolerance="series",
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        slow=True,
    ),
    Case(
        "SERSIC_ELLIPSE_GAUSS_DEC",
        SERSIC | ELLIPTICITY | CENTRE,
        tolerance="series",
        smooth=True,
        slow=True,
        float32=0.1,
    ),
    Case(
        "SERSIC_ELLIPSE_KAPPA",
        SERSIC | ELLIPTICITY | CENTRE,
        tolerance="limited",
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        potential=False,
        round=False,
        slow=True,
    ),
    Case(
        "SERSIC_ELLIPSE_POTENTIAL",
        SERSIC | ELLIPTICITY | CENTRE,
        tolerance="series",
        loose={"hessian": "loose"},
        why=DIFFERENCES,
        slow=True,
    ),
    Case("SHAPELETS_CART", {"coeffs": np.array([1.0, 0.5, -0.3, 0.2, 0.7]), "beta": (0.5, 1.5), **CENTRE}, smooth=True),
    Case(
        "SHAPELETS_POLAR",
        {"coeffs": np.linspace(1.0, -1.0, 15), "beta": (0.8, 1.5), **CENTRE},
        loose={"derivatives": "series", "hessian": "quadrature"},
        why="lenstronomy's deflection is not the gradient of its potential, which we differentiate numerically",
        reference=PolarShapelets,
        smooth=True,
    ),
    Case(
        "TNFW",
        {**NFW, "r_trunc": (1.0, 5.0), **CENTRE},
        tolerance="series",
        special=({"r_trunc": 1.0, "Rs": 1.0}, {"r_trunc": 100.0}),
        radial={m: RHO for m in ("density", "density_2d", "mass_2d")} | {"F": {}},
    ),
    Case(
        "TNFWC",
        {**NFW, "r_core": (0.1, 0.6), "r_trunc": (2.5, 5.0), **CENTRE},
        tolerance="series",
        potential=False,
        smooth=True,
        special=({"r_trunc": 1.0, "Rs": 1.0}, {"r_core": 1.0, "Rs": 1.0}),
        radial={m: RHO for m in ("density", "density_2d", "mass_2d")} | {"density_lens": {}},
    ),
    Case(
        "TNFW_ELLIPSE_POTENTIAL",
        {**NFW, "r_trunc": (1.0, 5.0), **ELLIPTICITY, **CENTRE},
        tolerance="series",
        loose={"hessian": "coarse"},
        why=DIFFERENCES,
    ),
    Case(
        "ULDM",
        {"kappa_0": (0.3, 1.0), "theta_c": (0.3, 2.0), "slope": (3.5, 10.0), **CENTRE},
        tolerance="series",
        smooth=True,
        slow=True,
        radial=LENS_ONLY | {m: {} for m in ("density", "density_2d", "mass_3d", "mass_2d", "alpha_radial", "kappa_r")},
    ),
]
