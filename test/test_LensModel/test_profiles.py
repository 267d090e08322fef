"""Every lens profile: agreement with lenstronomy, identities, gradients, one program, batches, single precision."""

import copy
import pickle
from functools import partial
from importlib import import_module

import checks
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from cases import LENS_CASES
from lenstronomy.LensModel.profile_list_base import _SUPPORTED_MODELS as SUPPORTED_MODELS
from lenstronomy.LensModel.profile_list_base import lens_class as reference_class

from jaxtronomy.core.jit import trace_count
from jaxtronomy.core.straight_line import MOST
from jaxtronomy.LensModel.profile_list_base import _LENS_MODELS, _SUPPORTED_MODELS, lens_class
from jaxtronomy.LensModel.Profiles import epl, nie, sersic_utils, shear, sie

# whose potential takes longest to differentiate by the parameters
COSTLY = {
    "BPL",
    "CNFW",
    "CTNFW_GAUSS_DEC",
    "GNFW",
    "GreenBoschNFW",
    "PEMD",
    "RADIAL_INTERPOL",
    "SERSIC",
    "SPEMD",
    "TNFWC",
}
LINE_OF_SIGHT = {"LOS", "LOS_MINIMAL", "LOS_FLEXION", "LOS_FLEXION_MINIMAL"}
each_case = pytest.mark.parametrize("case", LENS_CASES, ids=lambda case: case.id)
# slow to compile, and made of parts that have rows of their own
COMPOSITE = {
    "CNFW_ELLIPSE_POTENTIAL",
    "DOUBLE_CHAMELEON",
    "EPL_BOXYDISKY_ELL",
    "EPL_MULTIPOLE_M1M3M4",
    "EPL_MULTIPOLE_M1M3M4_ELL",
    "EPL_MULTIPOLE_M3M4",
    "EPL_MULTIPOLE_M3M4_ELL",
    "GNFW_ELLIPSE_GAUSS_DEC",
    "MULTIPOLE_ELL-1",
    "MULTIPOLE_ELL-3",
    "NFW_ELLIPSE_GAUSS_DEC",
    "NFW_MC_ELLIPSE_POTENTIAL",
    "SERSIC_ELLIPSE_GAUSS_DEC",
    "SERSIC_ELLIPSE_POTENTIAL",
    "SPEMD-cusp",
    "SYNTHESIS",
    "TNFW_ELLIPSE_POTENTIAL",
    "TRIPLE_CHAMELEON",
}
each_part = pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.id, marks=[pytest.mark.slow] * (case.id in COMPOSITE)) for case in LENS_CASES],
)


@each_case
def test_agrees_with_lenstronomy(case):
    """Potential, deflection, Hessian, densities and masses, on random points and parameters."""
    too_large = {m: d for m, d in checks.parity(case).items() if not d <= case.allowed(m)}
    assert not too_large, {m: f"{d:.1e} > {case.allowed(m):.0e}" for m, d in too_large.items()}


def gradient_cases():
    """Each case with its potential, at once or, where that takes long, with the slow tests."""
    for case in LENS_CASES:
        late = case.id in COMPOSITE | COSTLY
        yield pytest.param(case, True, id=case.id, marks=[pytest.mark.slow] * late)
        if case.id in COSTLY:
            yield pytest.param(case, False, id=f"{case.id} without its potential")


@pytest.mark.parametrize("case, with_potential", list(gradient_cases()))
def test_gradients_and_identities(case, with_potential):
    """Derivatives by parameters and position against central differences, and of potential and deflection."""
    errors = {k: e for k, e in checks.gradients(case, with_potential).items() if not e <= case.gradient}
    assert not errors, errors
    gaps = {k: g for k, g in checks.identities(case, with_potential).items() if not g <= case.identity}
    assert not gaps, gaps


@each_case
def test_one_program(case):
    """Integers, single precision, defaults and other values run the program that is there; a batch agrees with it."""
    profile = checks.profile_of(case)
    kwargs = case.draw(1)[0]
    x, y = case.positions(MOST + 1)  # so many that short formulas are compiled too
    expected = profile.derivatives(x, y, **kwargs)
    traces = trace_count()
    plain = {k: v for k, v in kwargs.items() if k in case.continuous() and np.ndim(v) == 0}
    profile.derivatives(x, y, **kwargs | {k: np.float32(v) for k, v in plain.items()})
    at_origin = {p.name for p in profile.parameters if not p.required} & {"center_x", "center_y", "ra_0", "dec_0"}
    profile.derivatives(x, y, **{k: v for k, v in kwargs.items() if k not in at_origin})
    if plain:
        name = next(iter(plain))
        profile.derivatives(x, y, **kwargs | {name: 1})
    assert trace_count() == traces
    for result, name in zip(expected, ("f_x", "f_y")):
        assert type(result) is np.ndarray and result.dtype == float and result.flags.writeable, name


@each_part
def test_batch_of_parameters(case):
    """``jax.vmap`` over parameter sets gives what one call after the other gives."""
    profile, sets = checks.profile_of(case), case.draw(3)
    x, y = checks.repeated(case, case.positions(20))
    names = case.continuous()
    if not names:
        pytest.skip("no parameters to batch")
    fixed = {k: v for k, v in sets[0].items() if k not in names}
    stacked = {n: jnp.stack([jnp.asarray(s[n], float) for s in sets]) for n in names}
    batch = jax.vmap(lambda p: jnp.stack(profile.derivatives(jnp.asarray(x), jnp.asarray(y), **fixed, **p)))(stacked)
    for row, kwargs in zip(batch, sets):
        expected = np.stack(profile.derivatives(x, y, **kwargs))
        np.testing.assert_allclose(row, expected, rtol=1e-11, atol=1e-12 * np.max(np.abs(expected)) + 1e-300)


@each_part
def test_single_precision(case):
    """In float32 throughout, and near the float64 values."""
    error, pure = checks.single_precision(case)
    assert pure
    assert error <= case.float32


@each_case
def test_same_parameters_as_lenstronomy(case):
    """Names, order and limits of the parameters."""
    ours = checks.profile_of(case)
    try:
        theirs = reference_class(case.model, profile_kwargs=dict(case.options) or None)
    except ImportError:  # for want of fastell; its class is there
        module = type(ours).__module__.replace("jaxtronomy", "lenstronomy")
        theirs = getattr(import_module(module), type(ours).__name__)
    names = ",".join(theirs.param_names).replace("center_xcenter_y", "center_x,center_y")  # CTNFW_GAUSS_DEC
    assert ",".join(ours.param_names) == names
    for name in ("lower_limit_default", "upper_limit_default"):
        if hasattr(theirs, name):
            limits, expected = getattr(ours, name), getattr(theirs, name)
            assert limits.keys() == expected.keys(), name
            for parameter, limit in expected.items():
                assert np.all(limits[parameter] == pytest.approx(limit)), f"{name} of {parameter}"


@each_case
def test_is_a_value(case):
    """Equal by class and options, the same object from the registry, through pickling and copying."""
    profile = checks.profile_of(case)
    assert pickle.loads(pickle.dumps(profile)) == profile
    assert copy.deepcopy(profile) is profile
    assert lens_class(case.model, dict(case.options)) is profile or case.options


def derivatives(function, directions):
    """A program of first derivatives, by all and by one at a time, and mixed second ones of a function."""

    def total(positions, numbers):
        first, *more = jax.tree.leaves(function(*positions, *numbers))
        return jnp.sum(first * jnp.cos(positions[1])) - sum(jnp.sum(v * jnp.sin(3 * positions[0])) for v in more)

    def second(positions, numbers):
        return jax.jvp(jax.grad(lambda p: total(positions, p)), (numbers,), (directions,))[1]

    def alone(positions, numbers):
        given = [*positions, *numbers]

        def of_one(i, value):
            arguments = [*given[:i], value, *given[i + 1 :]]
            return total(arguments[:2], arguments[2:])

        return [jax.grad(partial(of_one, i))(value) for i, value in enumerate(given)]

    return jax.jit(lambda *p: (jax.value_and_grad(total, (0, 1))(*p), alone(*p), second(*p)))


def check_written_derivatives(monkeypatch, module, name, function, cases):
    """The rule of a function of a module against automatic differentiation of what it computes."""
    # so many that intermediate arrays are kept
    positions = jnp.asarray(np.random.default_rng(2).normal(size=(2, 1100)))
    directions = [0.3, -0.5, 0.7, 0.2, -0.4, 0.6, 0.1, -0.8, 0.5, -0.1][: len(cases[0])]
    ours = derivatives(function, directions)
    results = [ours(positions, numbers) for numbers in cases]
    monkeypatch.setattr(module, name, getattr(module, name).fun)
    formula = derivatives(function, directions)
    for numbers, result in zip(cases, results):
        for a, b in zip(*map(jax.tree.leaves, (result, formula(positions, numbers)))):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)


ELLIPTICITIES = (0.1, -0.2), (0.02, 0.01), (1e-9, 0.0), (0.0, 0.0), (0.4, 0.5)


def test_written_derivatives_of_the_power_law(monkeypatch):
    """Those of the deflection are those of its formula, of second order too."""
    cases = [[1.2, gamma, *e] for gamma in (1.2, 1.7) for e in ELLIPTICITIES]
    check_written_derivatives(monkeypatch, epl, "_deflection", lambda *p: epl._deflection(*p), cases)


def test_written_derivatives_of_the_nie(monkeypatch):
    """With a core and almost without."""
    cases = [[1.2, *e, sigma, 0.2, -0.1] for sigma in (0.1, 1e-10) for e in ELLIPTICITIES]
    check_written_derivatives(monkeypatch, nie, "_deflection", lambda *p: nie.bounded_deflection(*p), cases)


@pytest.mark.parametrize("e1, e2", [(0.03, -0.02), (0.0, 0.039), (-0.03, 0.03), (0.5, 0.3)])
def test_derivatives_of_the_arctangent_of_the_nie(e1, e2):
    """The rule, which has a series for nearly round lenses, against the derivatives of what it computes."""
    x, y = np.random.default_rng(8).normal(size=(2, 1100))
    d = np.hypot(x, y) + 0.1

    def rule(*e):
        return nie.arctan_quotient(*e, jax.lax.stop_gradient(nie.root_of_square(*e)), x, y, d)

    def formula(*e):
        return nie.arctan_quotient.fun(*e, nie.root_of_square(*e), x, y, d)

    for a, b in zip(*(jax.tree.leaves(jax.jacfwd(f, (0, 1))(e1, e2)) for f in (rule, formula))):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-11)


def test_written_derivatives_of_the_shear(monkeypatch):
    """Linear in position and shear."""
    check_written_derivatives(monkeypatch, shear, "deflection", lambda *p: shear.deflection(*p), [[0.03, -0.2]])


def test_core_of_the_sie_has_no_derivatives():
    """It is that small: the gradient is the one of the NIE, core and all."""
    x, y = np.random.default_rng(7).normal(size=(2, 50))

    def slopes(kernel, *core):
        def total(numbers):
            return sum(jnp.sum(jnp.sin(a)) for a in kernel.deflection(x, y, *numbers, *core))

        return jax.grad(total)(jnp.array([1.3, 0.1, -0.2]))

    np.testing.assert_allclose(slopes(sie.sie), slopes(nie.nie, sie.S_SCALE), rtol=1e-8)


def test_written_derivatives_of_the_sersic_law(monkeypatch):
    """The last two numbers are the radius of its end, and a squared radius inside which it is constant."""

    def law(*p):
        return sersic_utils._elliptical(*p[:-2], *map(jax.lax.stop_gradient, p[-2:]))

    frame, numbers = [0.1, 0.2, 1.1, 0.9, 0.3], [0.5, 0.2, 4.0]
    cases = [[*frame, *numbers, *bounds] for bounds in ((30.0, 1e-4), (1.2, 1e-4), (30.0, 0.3), (30.0, 1e-38))]
    check_written_derivatives(monkeypatch, sersic_utils, "_elliptical", law, cases)


def test_slope_of_the_sersic_deflection():
    """It is the derivative of the deflection with radius; lenstronomy's is by differences."""
    ours, reference = lens_class("SERSIC"), reference_class("SERSIC")
    x, y = np.random.default_rng(5).uniform(0.1, 2, (2, 40))
    numbers = 3.0, 0.8, 0.4  # n_sersic, r_eff, k_eff
    slope = ours.d_alpha_dr(x, y, *numbers)
    wanted = jax.vmap(jax.grad(lambda r: ours.alpha_abs(r, 0.0, *numbers)))(jnp.hypot(x, y))
    np.testing.assert_allclose(slope, wanted, rtol=1e-10)
    np.testing.assert_allclose(slope, reference.d_alpha_dr(x, y, *numbers), rtol=1e-3)


def test_gaussians_of_one_and_of_many_ellipticities():
    """Their sum has a formula of its own where they share the ellipticity."""
    many, one = lens_class("MULTI_GAUSSIAN_ELLIPSE_KAPPA"), lens_class("GAUSSIAN_ELLIPSE_KAPPA")
    x, y = np.random.default_rng(6).uniform(-2, 2, (2, 30))
    amp, sigma, e1 = np.array([0.5, 1.0, 2.0]), np.array([0.2, 0.6, 1.5]), np.array([0.1, -0.2, 0.3])
    for shape in (e1, np.full(3, 0.2), np.float64(0.2)):
        singles = zip(amp, sigma, np.broadcast_to(shape, 3))
        expected = sum(np.array(one.derivatives(x, y, a, s, e, -0.1)) for a, s, e in singles)
        np.testing.assert_allclose(many.derivatives(x, y, amp, sigma, shape, -0.1), expected, rtol=1e-12, atol=1e-14)


def test_every_model_has_a_case():
    """A row for each of lenstronomy's models, but the sums along a line of sight, whose parts have rows."""
    unlisted = {"CURVED_ARC_CONST_MST"}  # lenstronomy's lens_class knows it, its list does not
    assert set(_LENS_MODELS) - unlisted == set(_SUPPORTED_MODELS) == set(SUPPORTED_MODELS)
    assert {case.model for case in LENS_CASES} == set(_LENS_MODELS) - LINE_OF_SIGHT
