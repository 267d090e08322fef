"""Every light profile: agreement with lenstronomy, gradients, one program, batches, single precision."""

import copy
import pickle

import jax
import jax.numpy as jnp
import light_cases
import numpy as np
import pytest
from light_cases import LIGHT_CASES, models

from jaxtronomy.core.jit import trace_count
from jaxtronomy.LightModel.light_model_base import _MODELS_SUPPORTED

each_case = pytest.mark.parametrize("case", LIGHT_CASES, ids=lambda case: case.id)
# lenstronomy gives these upper limits equal to the lower ones; and it gives CORE_SERSIC none for R_sersic
OTHER_LIMITS = {
    "GAUSSIAN_ELLIPSE": ("e1", "e2"),
    "MULTI_GAUSSIAN_ELLIPSE": ("e1", "e2"),
    "LINEAR_ELLIPSE": ("e1", "e2"),
    "CORE_SERSIC": ("R_sersic",),
}
IN_FLOAT32 = 2e-5


@each_case
@pytest.mark.filterwarnings("ignore:The python package pySAP")
def test_agrees_with_lenstronomy(case):
    """Surface brightness, linear components, 3d density and flux, on random points and parameters."""
    too_large = {m: d for m, d in light_cases.parity(case).items() if not d <= case.allowed(m)}
    assert not too_large, {m: f"{d:.1e} > {case.allowed(m):.0e}" for m, d in too_large.items()}


@each_case
@pytest.mark.filterwarnings("ignore:The python package pySAP")
def test_gradients(case):
    """Derivatives by parameters and position against central differences, at the centre and round too."""
    errors = {k: e for k, e in light_cases.gradients(case).items() if not e <= case.gradient}
    assert not errors, errors


@each_case
@pytest.mark.filterwarnings("ignore:The python package pySAP")
def test_one_program(case):
    """Integers, single precision, defaults and other values run the programs that are there; a batch agrees."""
    _, model = models(case)
    kwargs, other = case.draw(2)
    x, y = (np.resize(c, 300) for c in case.positions(60))
    expected = model.surface_brightness(x, y, [kwargs])
    assert type(expected) is np.ndarray and expected.dtype == float and expected.flags.writeable
    starlets = case.model.startswith("SLIT")
    if not starlets:
        model.functions_split(x, y, [kwargs])
    traces = trace_count()
    plain = [k for k, v in kwargs.items() if isinstance(v, float)]
    _, again = models(case)
    again.surface_brightness(x, y, [other])
    again.surface_brightness(x, y, [kwargs | {k: np.float32(kwargs[k]) for k in plain}])
    again.surface_brightness(x, y, [kwargs | {k: 1 for k in plain[:1]}])
    again.surface_brightness(x, y, [{k: v for k, v in kwargs.items() if k not in ("center_x", "center_y")}])
    if not starlets:
        again.functions_split(x, y, [other])
        again.functions_split(x, y, [{k: v for k, v in kwargs.items() if k != "amp"}])
    assert trace_count() == traces
    names = [k for k, v in kwargs.items() if not isinstance(v, int)]
    fixed = {k: v for k, v in kwargs.items() if k not in names}
    stacked = {k: jnp.stack([jnp.asarray(s[k], float) for s in (kwargs, other)]) for k in names}
    batch = jax.vmap(lambda p: model.surface_brightness(jnp.asarray(x), jnp.asarray(y), [fixed | p]))(stacked)
    np.testing.assert_allclose(batch[0], expected, rtol=1e-11, atol=1e-12 * np.max(np.abs(expected)))


@each_case
@pytest.mark.filterwarnings("ignore:The python package pySAP")
def test_single_precision(case):
    """In float32 throughout, and near the float64 values."""
    error, pure = light_cases.single_precision(case)
    assert pure
    assert error <= IN_FLOAT32


@each_case
@pytest.mark.filterwarnings("ignore:The python package pySAP")
def test_same_parameters_as_lenstronomy(case):
    """Names, order and limits of the parameters."""
    theirs, ours = (m.func_list[0] for m in models(case))
    assert ours.param_names == theirs.param_names
    for limit in ("lower_limit_default", "upper_limit_default"):
        mine, reference = getattr(ours, limit), getattr(theirs, limit)
        names = (mine.keys() | reference.keys()) - set(OTHER_LIMITS.get(case.model, ()))
        assert {n: mine.get(n) for n in names} == {n: reference.get(n) for n in names}, limit


@each_case
@pytest.mark.filterwarnings("ignore:The python package pySAP")
def test_same_linear_conventions_as_lenstronomy(case):
    """Whether a negative amplitude is allowed."""
    theirs, ours = models(case)
    for amp in (-1.0, 1.0):
        kwargs = [{"amp": amp}]
        assert ours.check_positive_flux_profile(kwargs) == theirs.check_positive_flux_profile(kwargs)


@each_case
@pytest.mark.filterwarnings("ignore:The python package pySAP")
def test_is_a_value(case):
    """Equal by class and options, the same object from the registry, through pickling and copying."""
    (profile,), (again,) = (models(case)[1].func_list for _ in range(2))
    assert pickle.loads(pickle.dumps(profile)) == profile == again
    assert copy.deepcopy(profile) is profile


def test_every_model_has_a_case():
    """All 33 names, and no row for a model that is not there."""
    assert {case.model for case in LIGHT_CASES} == set(_MODELS_SUPPORTED)
    assert len(_MODELS_SUPPORTED) == 33
