"""What is measured about a lens profile: agreement with lenstronomy, identities, gradients, single precision."""

from functools import lru_cache
from inspect import signature

import jax
import jax.numpy as jnp
import jaxlib.version
import numpy as np
from cases import call, difference
from lenstronomy.LensModel.profile_list_base import lens_class as reference_class

from jaxtronomy.core.parameters import Parameter
from jaxtronomy.LensModel.profile_list_base import lens_class

METHODS = ("function", "derivatives", "hessian")
SAMPLES = {"points": 200, "sets": 5}
# for programs that run once: no optimisation, and from the emitter that takes least time (which jaxlib 0.12 lacks)
QUICK = {"xla_backend_optimization_level": 0}
if jaxlib.version.__version_info__ < (0, 11):
    QUICK["xla_cpu_use_fusion_emitters"] = False


def profile_of(case):
    """Our profile."""
    return lens_class(case.model, dict(case.options))


def reference_of(case):
    """The object to compare with: lenstronomy's profile, unless the case says otherwise."""
    if case.reference:
        return case.reference()
    return reference_class(case.model, profile_kwargs=dict(case.options) or None)


def full(value, x):
    """The method's result with every component in the shape of ``x``."""
    parts = value if isinstance(value, tuple | list) else (value,)
    return np.array([np.broadcast_to(np.asarray(p, float), np.shape(x)) for p in parts])


def number_of_points(case):
    """How many positions the public methods are asked for: always as many, so that their programs are compiled once."""
    return 20 if case.slow else SAMPLES["points"]


def repeated(case, coordinates):
    """Coordinates, as often as it takes to make so many positions."""
    return tuple(np.resize(c, number_of_points(case)) for c in coordinates)


def parity(case, points=None, sets=None):
    """Method -> largest relative difference from the reference, over random points and parameter sets."""
    ours, theirs = profile_of(case), reference_of(case)
    x, y = case.positions(points or number_of_points(case))
    worst = {}
    for kwargs in case.draw(sets or (2 if case.slow else SAMPLES["sets"])):
        for method in METHODS:
            if method == "function" and not case.potential:
                continue
            expected = full(getattr(theirs, method)(x.copy(), y.copy(), **kwargs), x)
            result = getattr(ours, method)(x, y, **kwargs)
            worst[method] = max(worst.get(method, 0.0), difference(full(result, x), expected))
        r = np.hypot(x, y)
        for method, extra in case.radial.items():
            coordinates = (x, y) if takes_plane(theirs, method) else (r,)
            expected = full(call(theirs, method, tuple(c.copy() for c in coordinates), kwargs | extra, theirs), x)
            result = full(call(ours, method, coordinates, kwargs | extra, theirs), x)
            worst[method] = max(worst.get(method, 0.0), difference(result, expected))
    return worst


def takes_plane(profile, method):
    """Whether a density or mass is a function of x and y (not of a radius)."""
    return list(signature(getattr(profile, method)).parameters)[:2] == ["x", "y"]


def special_sets(case):
    """The parameter sets at which gradients are checked: name -> parameters."""
    generic = case.draw(1)[0]
    sets = {"generic": generic}
    if case.round:
        if "e1" in generic:
            sets["round"] = generic | {"e1": 0.0, "e2": 0.0}
    return sets | {f"special-{i}": generic | dict(change) for i, change in enumerate(case.special)}


def special_points(case, kwargs):
    """Positions at which gradients are checked; the first one is the centre."""
    offsets = [(0, 0), (0.8, 0), (0, -0.7), (-0.9, 0.1), (0.5, 0.5), (1.3, -0.4), (-0.2, 1.1), (-1.1, -0.6)]
    if "Rs" in kwargs:
        offsets += [(kwargs["Rs"], 0.0), (0.6 * kwargs["Rs"], 0.8 * kwargs["Rs"])]
    cx, cy = case.centre(kwargs)
    px, py = np.transpose(np.array(offsets + list(case.points), float))
    return px + cx, py + cy


@lru_cache(maxsize=8)
def programs(case, with_potential=True):
    """Compiled: value and, apart, value and derivatives by forward and by reverse mode, over a batch of parameter sets.

    The value is (potential, f_x, f_y) or, without a potential, (f_x, f_y), at every point; the arguments are an array
    of the continuous parameters followed by a shift in x and y.
    """
    profile, names = profile_of(case), case.continuous()
    fixed = {n: v for n, v in case.ranges.items() if n not in names}
    potential = with_potential and has_potential(profile)

    def value(p, x, y):
        kwargs = {**fixed, **unflatten(case, p[:-2])}
        x, y = x + p[-2], y + p[-1]
        rows = list(profile.derivatives(x, y, **kwargs))
        return jnp.stack([profile.function(x, y, **kwargs), *rows] if potential else rows)

    def derivatives(p, x, y, weight):
        plain, along = jax.linearize(lambda p: value(p, x, y), p)
        forward = jax.vmap(along, out_axes=-1)(jnp.eye(len(p)))
        return plain, forward, jax.linear_transpose(along, p)(weight)[0]

    return (
        jax.jit(jax.vmap(value), compiler_options=QUICK),
        jax.jit(jax.vmap(derivatives, (0, 0, 0, None)), compiler_options=QUICK),
        potential,
    )


def has_potential(profile):
    """Whether the profile has a potential in closed form."""
    return profile.kernel.psi is not None


def flatten(case, kwargs):
    """The continuous parameters as one vector."""
    return np.concatenate([np.ravel(kwargs[n]) for n in case.continuous()] + [np.zeros(0)])


def unflatten(case, vector):
    """Their dictionary again."""
    result, start = {}, 0
    example = case.draw(1)[0]
    for name in case.continuous():
        shape = np.shape(example[name])
        size = int(np.prod(shape))
        result[name] = jnp.reshape(vector[start : start + size], shape)
        start += size
    return result


def gradients(case, with_potential=True):
    """Largest errors of forward and reverse mode against central differences, name of the set -> errors.

    The errors are relative to the largest derivative of the same quantity by the same parameter (and at least to the
    largest value).  Where the deflection is not differentiable at the centre, derivatives there are only to be finite,
    but for those by parameters that are no positions.
    """
    sets = special_sets(case)
    base = np.array([np.concatenate([flatten(case, k), [0.0, 0.0]]) for k in sets.values()])
    points = np.array([special_points(case, k) for k in sets.values()])
    x, y = points[:, 0], points[:, 1]
    value, derivatives, potential = programs(case, with_potential)
    rows, (number, size) = 2 + potential, base.shape
    weight = np.random.default_rng(3).normal(size=(rows, x.shape[1]))
    weight[:, 0] = 0 if not case.smooth else weight[:, 0]
    _, forward, reverse = (np.asarray(a) for a in derivatives(base, x, y, weight))
    steps = case.step * np.maximum(1.0, np.abs(base))
    shifted = []
    for factor in (1, -1, 2, -2):
        moves = np.zeros((number, size, size))
        moves[:, np.arange(size), np.arange(size)] = factor * steps
        stacked = (base[:, None, :] + moves).reshape(-1, size)
        out = value(stacked, np.repeat(x, size, 0), np.repeat(y, size, 0))
        shifted.append(np.asarray(out).reshape(number, size, rows, -1))
    central = (8 * (shifted[0] - shifted[1]) - (shifted[2] - shifted[3])) / (12 * steps[:, :, None, None])
    central = np.moveaxis(central, 1, -1)
    names = position_columns(case)
    errors = {}
    for i, name in enumerate(sets):
        off_centre = np.abs(forward[i] - central[i])
        if not case.smooth:
            off_centre[:, 0, names] = 0
        scale = np.max(np.abs(central[i][:, 1:]), axis=(0, 1)) + 1e-3 * np.max(np.abs(central[i][:, 1:])) + 1e-12
        errors[name] = float(np.max(off_centre / scale))
        contracted = np.einsum("rp,rps->s", weight, forward[i])
        errors[name] = max(errors[name], float(np.max(np.abs(contracted - reverse[i]) / (scale * weight.size))))
        if not (np.all(np.isfinite(forward[i])) and np.all(np.isfinite(reverse[i]))):
            errors[name] = np.inf
    return errors


def position_columns(case):
    """Columns of the derivatives that move the point relative to the centre."""
    moving, column = [], 0
    example = case.draw(1)[0]
    for name in case.continuous():
        size = np.size(example[name])
        if name in ("center_x", "center_y", "ra_0", "dec_0", "com_x", "com_y"):
            moving += range(column, column + size)
        column += size
    return [*moving, column, column + 1]


def identities(case, with_potential=True):
    """Largest violation of grad psi = alpha and of grad alpha = the public Hessian, at the gradients' points."""
    if not case.gradient_field:
        return {}
    sets = special_sets(case)
    base = np.array([np.concatenate([flatten(case, k), [0.0, 0.0]]) for k in sets.values()])
    points = np.array([special_points(case, k) for k in sets.values()])
    x, y = points[:, 0], points[:, 1]
    _, derivatives, potential = programs(case, with_potential)
    weight = np.zeros((2 + potential, x.shape[1]))
    values, forward, _ = (np.asarray(a) for a in derivatives(base, x, y, weight))
    by_position = forward[..., -2:]
    first = 0 if case.smooth else 1
    worst = {"grad psi = alpha": 0.0, "grad alpha = hessian": 0.0}
    profile = profile_of(case)
    for i, kwargs in enumerate(sets.values()):
        if potential:
            alpha = values[i, 1:]
            gap = difference(np.moveaxis(by_position[i, 0], -1, 0)[:, first:], alpha[:, first:])
            worst["grad psi = alpha"] = max(worst["grad psi = alpha"], gap)
        many = repeated(case, (x[i], y[i]))
        f_xx, f_xy, f_yx, f_yy = full(profile.hessian(*many, **kwargs), many[0])[:, : x.shape[1]]
        xx, xy, yx, yy = (by_position[i, row, :, column] for row in (-2, -1) for column in (0, 1))
        expected = np.array([xx, xy, yx, yy])
        gap = difference(np.array([f_xx, f_xy, f_yx, f_yy])[:, first:], expected[:, first:])
        worst["grad alpha = hessian"] = max(worst["grad alpha = hessian"], gap)
    return worst


def single_precision(case):
    """Largest relative error of deflection and Hessian in float32, and whether the results are float32 throughout."""
    profile = profile_of(case)
    kwargs = case.draw(1)[0]
    x, y = repeated(case, case.positions(60))
    values = tuple(single(p, kwargs) for p in profile.parameters)
    dynamic = [i for i, v in enumerate(values) if isinstance(v, jax.Array)]

    def both(x, y, *given):
        complete = list(values)
        for i, v in zip(dynamic, given):
            complete[i] = v
        return (*profile.kernel.deflection(x, y, *complete), *profile.kernel.hessian(x, y, *complete))

    out = jax.jit(both, compiler_options=QUICK)(
        jnp.asarray(x, jnp.float32), jnp.asarray(y, jnp.float32), *(values[i] for i in dynamic)
    )
    exact = [*full(profile.derivatives(x, y, **kwargs), x), *full(profile.hessian(x, y, **kwargs), x)]
    pure = all(o.dtype == jnp.float32 for o in out)
    return max(difference(o, e) for o, e in zip(out, exact) if np.any(e)) if np.any(exact) else 0.0, pure


def single(parameter: Parameter, kwargs):
    """A parameter in float32; static ones as they are, optional ones that are left out as None."""
    value = kwargs.get(parameter.name, parameter.default)
    return value if parameter.static or value is None else jnp.asarray(value, jnp.float32)
