"""The table of light models: what each is tested with, and what is measured about it.

Rows are :class:`cases.Case`; ``tools/light_table.py`` prints the measurements as numbers.
"""

from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from cases import CENTRE, ELLIPTICITY, Case, difference
from checks import QUICK
from lenstronomy.LightModel.light_model import LightModel as Reference

from jaxtronomy.LightModel.light_model import LightModel

AMP = {"amp": (0.5, 2.0)}
SERSIC = {**AMP, "R_sersic": (0.3, 2.0), "n_sersic": (0.6, 5.0)}
WIDTHS = {"sigma_min": (0.05, 0.2), "sigma_width": (1.0, 3.0)}
SMALL = (-0.1, 0.1)
WIDE_STEP = 3e-4  # for central differences next to a cusp, where the rounding of positions counts


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


# infinite at the centre
DIVERGES = ("PL_SERSIC-cusp",)
HERNQUIST = {"loose": {"function": "loose", "basis": "loose"}, "why": "lenstronomy cancels digits near R = Rs"}
NORMED = {
    "loose": {m: "loose" for m in ("function", "basis", "light_3d")},
    "why": "lenstronomy rounds its NIE off at q = 1",
}
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
    Case("SERSIC", {**SERSIC, **CENTRE}, radial=FLUX, smooth=True, step=WIDE_STEP),
    Case("SERSIC_ELLIPSE", {**SERSIC, **ELLIPTICITY, **CENTRE}, radial=FLUX, smooth=True, step=WIDE_STEP),
    Case(
        "SERSIC_ELLIPSE",
        {**SERSIC, **ELLIPTICITY, **CENTRE},
        options={"sersic_major_axis": True, "smoothing": 0.001},
        radial=FLUX,
        smooth=True,
        round=False,
        name="SERSIC_ELLIPSE-major",
        step=WIDE_STEP,
    ),
    Case(
        "SERSIC_ELLIPSE_FLEXION",
        {**SERSIC, **ELLIPTICITY, **CENTRE, "a": SMALL, **{f"{n}{i}": SMALL for n in "bcd" for i in (1, 2)}},
        radial=FLUX,
        scale=1.5,
        step=WIDE_STEP,
    ),
    Case(
        "SERSIC_ELLIPSE_Q_PHI",
        {**SERSIC, "q": (0.4, 0.95), "phi": (-3.0, 3.0), **CENTRE},
        smooth=True,
        special=({"q": 1.0},),
        step=WIDE_STEP,
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
        {"amp": array(28), "n_max": 6, "beta": (0.6, 1.0), **ELLIPTICITY, **CENTRE},
        "series",
        smooth=True,
        scale=2.0,
    ),
    Case("HERNQUIST", {**AMP, "Rs": (0.3, 1.5), **CENTRE}, radial=SPHERE | FLUX, **HERNQUIST),
    Case("HERNQUIST_ELLIPSE", {**AMP, "Rs": (0.3, 1.5), **ELLIPTICITY, **CENTRE}, radial=SPHERE | FLUX, **HERNQUIST),
    Case("PJAFFE", {**AMP, "Ra": (0.1, 0.5), "Rs": (0.6, 2.0), **CENTRE}, radial=SPHERE, smooth=True),
    Case(
        "PJAFFE_ELLIPSE",
        {**AMP, "Ra": (0.1, 0.5), "Rs": (0.6, 2.0), **ELLIPTICITY, **CENTRE},
        radial=SPHERE,
        smooth=True,
        special=({"Ra": 1.0, "Rs": 1.0},),
    ),
    *(
        Case(
            "PL_SERSIC",
            {**SERSIC, "alpha_c": slope, "r_c": (0.5, 1.5), **ELLIPTICITY, **CENTRE},
            "quadrature",
            radial=FLUX,
            slow=True,
            name=name,
            step=WIDE_STEP,
        )
        for name, slope in (("PL_SERSIC", (0.3, 0.8)), ("PL_SERSIC-cusp", (1.0, 2.5)))
    ),
    Case("UNIFORM", AMP, smooth=True),
    Case("POWER_LAW", {**AMP, "gamma": (1.5, 2.5), **ELLIPTICITY, **CENTRE}, radial=SPHERE, special=({"gamma": 2.0},)),
    Case("NIE", {**AMP, **ELLIPTICITY, "s_scale": (0.1, 0.5), **CENTRE}, radial=SPHERE, smooth=True),
    Case(
        "CHAMELEON",
        {**AMP, "w_c": (0.1, 0.5), "w_t": (0.6, 2.0), **ELLIPTICITY, **CENTRE},
        radial=SPHERE,
        smooth=True,
        special=({"w_c": 0.5, "w_t": 0.501},),
        round=False,
        **NORMED,
    ),
    Case(
        "DOUBLE_CHAMELEON",
        {**AMP, "ratio": (0.5, 2.0), **chameleons(2), **CENTRE},
        radial=SPHERE,
        smooth=True,
        **NORMED,
    ),
    Case(
        "TRIPLE_CHAMELEON",
        {**AMP, "ratio12": (0.5, 2.0), "ratio13": (0.5, 2.0), **chameleons(3), **CENTRE},
        radial=SPHERE,
        smooth=True,
        **NORMED,
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


def models(case):
    """lenstronomy's light model of the case, and ours."""
    options = [dict(case.options)] if case.options else None
    return tuple(cls([case.model], profile_kwargs_list=options) for cls in (Reference, LightModel))


def parity(case, points=200, sets=4):
    """Method -> largest relative difference from lenstronomy, over random points and parameter sets."""
    theirs, ours = models(case)
    x, y = case.positions(20 if case.slow else points)
    worst = {}

    def compare(method, result, expected):
        worst[method] = max(worst.get(method, 0.0), difference(result, expected))

    for kwargs in case.draw(2 if case.slow else sets):
        compare("function", ours.surface_brightness(x, y, [kwargs]), theirs.surface_brightness(x, y, [kwargs]))
        if "STARLETS" not in case.model:
            (responses, n), (expected, n_expected) = (m.functions_split(x, y, [kwargs]) for m in (ours, theirs))
            assert n == n_expected == ours.num_param_linear([kwargs])
            for row, row_expected in zip(responses, expected, strict=True):
                compare("basis", row, row_expected)
        if "light_3d" in case.radial:
            r = np.hypot(x, y)
            compare("light_3d", ours.light_3d(r, [kwargs]), theirs.light_3d(r, [kwargs]))
        if "total_flux" in case.radial:
            for norm in (False, True):
                compare("total_flux", ours.total_flux([kwargs], norm=norm), theirs.total_flux([kwargs], norm=norm))
    return worst


def special_sets(case):
    """The parameter sets at which gradients are checked: name -> parameters."""
    generic = case.draw(1)[0]
    sets = {"generic": generic}
    if case.round and "e1" in generic:
        sets["round"] = generic | {"e1": 0.0, "e2": 0.0}
    return sets | {f"special-{i}": generic | dict(change) for i, change in enumerate(case.special)}


def special_points(case, kwargs):
    """Positions at which gradients are checked; the first one is the centre."""
    offsets = [(0, 0), (0.81, 0), (0, -0.72), (-0.93, 0), (0.52, 0.51), (1.34, -0.43), (-0.24, 1.12), (-1.1, -0.6)]
    if "Rs" in kwargs:
        offsets += [(kwargs["Rs"], 0.0), (0.6 * kwargs["Rs"], 0.8 * kwargs["Rs"])]
    cx, cy = case.centre(kwargs)
    px, py = np.transpose(np.array(offsets, float))
    return px + cx, py + cy


@lru_cache(maxsize=4)
def programs(case):
    """Names of the moves, and compiled: value, and forward and reverse derivatives, of moves of parameters and place.

    An array moves as a whole, in a fixed random direction; the last two moves are shifts of the position.
    """
    _, ours = models(case)
    example = case.draw(1)[0]
    names = [n for n, v in example.items() if not isinstance(v, int)]
    rng = np.random.default_rng(5)
    directions = {n: rng.normal(size=np.shape(example[n])) if np.ndim(example[n]) else 1.0 for n in names}

    def value(moves, base, x, y):
        fixed = {n: v for n, v in example.items() if n not in names}
        moved = {n: base[n] + moves[i] * directions[n] for i, n in enumerate(names)}
        return ours.surface_brightness(x + moves[-2], y + moves[-1], [fixed | moved])

    def derivatives(moves, base, x, y, weight):
        _, along = jax.linearize(lambda m: value(m, base, x, y), moves)
        forward = jax.vmap(along, out_axes=-1)(jnp.eye(len(moves)))
        return forward, jax.linear_transpose(along, moves)(weight)[0]

    return names, jax.jit(value, compiler_options=QUICK), jax.jit(derivatives, compiler_options=QUICK)


def gradients(case):
    """Largest errors of forward and reverse mode against central differences: name of the set -> error.

    The errors are relative to the largest derivative by the same parameter. Where the profile is not differentiable at
    the centre, derivatives by position have only to be finite there.
    """
    names, value, derivatives = programs(case)
    errors = {}
    for label, kwargs in special_sets(case).items():
        x, y = (c[case.id in DIVERGES :] for c in special_points(case, kwargs))
        base = {n: jnp.asarray(kwargs[n], float) for n in names}
        zero = np.zeros(len(names) + 2)
        weight = np.random.default_rng(3).normal(size=x.shape)
        slopes, back = (np.asarray(a) for a in derivatives(zero, base, x, y, weight))
        steps = case.step * np.array([max(1.0, float(np.max(np.abs(kwargs[n])))) for n in names] + [1.0, 1.0])
        central = []
        for i, h in enumerate(steps):
            move = np.eye(len(steps))[i] * h
            v = [np.asarray(value(k * move, base, x, y)) for k in (1, -1, 2, -2)]
            central.append((8 * (v[0] - v[1]) - (v[2] - v[3])) / (12 * h))
        central = np.stack(central, axis=-1)
        error = np.abs(slopes - central)
        if not case.smooth:
            moving = [i for i, n in enumerate(names) if n in ("center_x", "center_y")]
            error[0, [*moving, -2, -1]] = 0
        scale = np.max(np.abs(central[1:]), axis=0) + 1e-3 * np.max(np.abs(central[1:])) + 1e-12
        consistent = np.abs(weight @ slopes - back) / (scale * weight.size)
        finite = np.all(np.isfinite(slopes)) and np.all(np.isfinite(back))
        errors[label] = float(max(np.max(error / scale), np.max(consistent))) if finite else np.inf
    return errors


def single_precision(case):
    """Largest relative error of the surface brightness in float32, and whether it is float32 throughout."""
    _, ours = models(case)
    kwargs = case.draw(1)[0]
    x, y = case.positions(60)
    (profile,) = ours.func_list
    values = tuple(
        kwargs[p.name] if p.static else jnp.asarray(kwargs.get(p.name, p.default), jnp.float32)
        for p in profile.parameters
    )
    dynamic = [i for i, v in enumerate(values) if isinstance(v, jax.Array)]

    def brightness(x, y, *given):
        complete = list(values)
        for i, v in zip(dynamic, given):
            complete[i] = v
        return profile.surface_brightness(x, y, *complete)

    single = [jnp.asarray(c, jnp.float32) for c in (x, y)]
    out = jax.jit(brightness, compiler_options=QUICK)(*single, *(values[i] for i in dynamic))
    # where a profile jumps, rounding the position may change sides
    exact = ours.surface_brightness(np.asarray(single[0], float), np.asarray(single[1], float), [kwargs])
    return difference(out, exact), out.dtype == jnp.float32
