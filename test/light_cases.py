"""The table of light models: what each is tested with, and what is measured about it.

Rows are :class:`cases.Case`; ``tools/light_table.py`` prints the measurements as numbers.
"""

from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from cases import CENTRE, ELLIPTICITY, Case, difference
from lenstronomy.LightModel.light_model import LightModel as Reference

from jaxtronomy.LightModel.light_model import LightModel

AMP = {"amp": (0.5, 2.0)}
SERSIC = {**AMP, "R_sersic": (0.3, 2.0), "n_sersic": (0.6, 5.0)}
WIDTHS = {"sigma_min": (0.05, 0.2), "sigma_width": (1.0, 3.0)}
SMALL = (-0.1, 0.1)


def chameleons(number):
    """Ranges of some chameleon components."""
    return {
        f"{name}{i}": limits
        for i in range(1, number + 1)
        for name, limits in (("w_c", (0.1, 0.5)), ("w_t", (0.6, 2.0)), ("e1", (-0.3, 0.3)), ("e2", (-0.3, 0.3)))
    }


def array(size, seed=1):
    """Fixed random amplitudes, positive so that sums do not cancel."""
    return np.random.default_rng(seed).uniform(0.2, 1.0, size)


SPHERE = {"light_3d": {}}
FLUX = {"total_flux": {}}
LIGHT_CASES = [
    Case("GAUSSIAN", {**AMP, "sigma": (0.3, 1.5), **CENTRE}, radial=SPHERE | FLUX, smooth=True),
    Case("GAUSSIAN_ELLIPSE", {**AMP, "sigma": (0.3, 1.5), **ELLIPTICITY, **CENTRE}, radial=SPHERE | FLUX, smooth=True),
    Case("ELLIPSOID", {**AMP, "radius": (0.5, 1.5), **ELLIPTICITY, **CENTRE}, smooth=True),
    Case(
        "MULTI_GAUSSIAN",
        {"amp": array(4), "sigma": np.array([0.2, 0.5, 1.0, 2.0]), **CENTRE},
        radial=SPHERE | FLUX,
        smooth=True,
    ),
    Case(
        "MULTI_GAUSSIAN_ELLIPSE",
        {"amp": array(4), "sigma": np.array([0.2, 0.5, 1.0, 2.0]), **ELLIPTICITY, **CENTRE},
        radial=SPHERE | FLUX,
        smooth=True,
    ),
    Case("MGE_SET", {"amp": array(20), **WIDTHS, **CENTRE}, options={"n_comp": 20}, radial=FLUX, smooth=True),
    Case(
        "MGE_SET_ELLIPSE",
        {"amp": array(20), **WIDTHS, **ELLIPTICITY, **CENTRE},
        options={"n_comp": 20},
        radial=FLUX,
        smooth=True,
    ),
    Case("SERSIC", {**SERSIC, **CENTRE}, radial=FLUX, smooth=True),
    Case("SERSIC_ELLIPSE", {**SERSIC, **ELLIPTICITY, **CENTRE}, radial=FLUX, smooth=True),
    Case(
        "SERSIC_ELLIPSE",
        {**SERSIC, **ELLIPTICITY, **CENTRE},
        options={"sersic_major_axis": True, "smoothing": 0.001},
        radial=FLUX,
        smooth=True,
        name="SERSIC_ELLIPSE-major",
    ),
    Case(
        "SERSIC_ELLIPSE_FLEXION",
        {**SERSIC, **ELLIPTICITY, **CENTRE, "a": SMALL, **{f"{n}{i}": SMALL for n in "bcd" for i in (1, 2)}},
        radial=FLUX,
        smooth=True,
        scale=1.5,
    ),
    Case(
        "SERSIC_ELLIPSE_Q_PHI",
        {**SERSIC, "q": (0.4, 0.95), "phi": (-3.0, 3.0), **CENTRE},
        smooth=True,
        special=({"q": 1.0},),
    ),
    Case(
        "CORE_SERSIC",
        {**SERSIC, "Rb": (0.05, 0.3), "gamma": (0.0, 1.0), **ELLIPTICITY, **CENTRE},
        smooth=True,
        special=({"gamma": 0.0},),
    ),
    *(
        Case(
            "SHAPELETS",
            {"amp": array((n + 1) * (n + 2) // 2), "n_max": n, "beta": (0.3, 1.0), **CENTRE},
            "series",
            name=f"SHAPELETS-{n}",
            smooth=True,
        )
        for n in (0, 1, 6, 10)
    ),
    *(
        Case(
            model,
            {"amp": array(size), "n_max": 6, "beta": (0.3, 1.0), **CENTRE},
            "series",
            smooth=model == "SHAPELETS_POLAR",
        )
        for model, size in (("SHAPELETS_POLAR", 28), ("SHAPELETS_POLAR_EXP", 49))
    ),
    Case(
        "SHAPELETS_ELLIPSE",
        {"amp": array(28), "n_max": 6, "beta": (0.3, 1.0), **ELLIPTICITY, **CENTRE},
        "series",
        smooth=True,
    ),
    Case("HERNQUIST", {**AMP, "Rs": (0.3, 1.5), **CENTRE}, "series", radial=SPHERE | FLUX),
    Case("HERNQUIST_ELLIPSE", {**AMP, "Rs": (0.3, 1.5), **ELLIPTICITY, **CENTRE}, "series", radial=SPHERE | FLUX),
    Case("PJAFFE", {**AMP, "Ra": (0.1, 0.5), "Rs": (0.6, 2.0), **CENTRE}, radial=SPHERE, smooth=True),
    Case(
        "PJAFFE_ELLIPSE",
        {**AMP, "Ra": (0.1, 0.5), "Rs": (0.6, 2.0), **ELLIPTICITY, **CENTRE},
        radial=SPHERE,
        smooth=True,
        special=({"Ra": 1.0, "Rs": 1.0},),
    ),
    Case(
        "PL_SERSIC",
        {**SERSIC, "alpha_c": (0.3, 2.5), "r_c": (0.5, 1.5), **ELLIPTICITY, **CENTRE},
        "quadrature",
        radial=FLUX,
        special=({"alpha_c": 1.0},),
        slow=True,
    ),
    Case("UNIFORM", AMP, smooth=True),
    Case("POWER_LAW", {**AMP, "gamma": (1.5, 2.5), **ELLIPTICITY, **CENTRE}, radial=SPHERE, special=({"gamma": 2.0},)),
    Case("NIE", {**AMP, **ELLIPTICITY, "s_scale": (0.1, 0.5), **CENTRE}, radial=SPHERE, smooth=True),
    Case(
        "CHAMELEON",
        {**AMP, "w_c": (0.1, 0.5), "w_t": (0.6, 2.0), **ELLIPTICITY, **CENTRE},
        radial=SPHERE,
        smooth=True,
        special=({"w_c": 0.5, "w_t": 0.5001},),
    ),
    Case("DOUBLE_CHAMELEON", {**AMP, "ratio": (0.5, 2.0), **chameleons(2), **CENTRE}, radial=SPHERE, smooth=True),
    Case(
        "TRIPLE_CHAMELEON",
        {**AMP, "ratio12": (0.5, 2.0), "ratio13": (0.5, 2.0), **chameleons(3), **CENTRE},
        radial=SPHERE,
        smooth=True,
    ),
    Case(
        "INTERPOL",
        {"image": array((9, 12)), **AMP, **CENTRE, "phi_G": (-3.0, 3.0), "scale": (0.2, 0.5)},
        radial=FLUX,
    ),
    Case(
        "SLIT_STARLETS",
        {"amp": array(4 * 144), "n_scales": 4, "n_pixels": 144, "scale": (0.2, 0.5), **CENTRE},
    ),
    Case(
        "SLIT_STARLETS_GEN2",
        {"amp": array(4 * 144), "n_scales": 4, "n_pixels": 144, "scale": (0.2, 0.5), **CENTRE},
    ),
    Case("LINEAR", {"amp": (1.0, 2.0), "k": (-0.3, -0.1), **CENTRE}),
    Case("LINEAR_ELLIPSE", {"amp": (1.0, 2.0), "k": (-0.3, -0.1), **ELLIPTICITY, **CENTRE}),
    Case(
        "LINE_PROFILE",
        {
            **AMP,
            "angle": (-90.0, 90.0),
            "length": (1.0, 3.0),
            "width": (0.5, 1.0),
            "start_x": (-0.1, 0.1),
            "start_y": (-0.1, 0.1),
        },
        radial=FLUX,
        smooth=True,
    ),
]
