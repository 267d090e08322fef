"""Sums of light profiles: selection, linear amplitudes, sampled parameters, errors."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from lenstronomy.LightModel.light_model import LightModel as Reference
from lenstronomy.LightModel.light_param import LightParam as ReferenceParam

from jaxtronomy.core.jit import trace_count
from jaxtronomy.LightModel.light_model import LightModel
from jaxtronomy.LightModel.light_param import LightParam
from jaxtronomy.LightModel.linear_basis import LinearBasis

MODELS = ["SERSIC", "SHAPELETS", "GAUSSIAN", "SERSIC", "MULTI_GAUSSIAN", "UNIFORM", "SERSIC"]
SERSIC = {"amp": 1.3, "R_sersic": 0.7, "n_sersic": 2.0, "center_x": 0.1, "center_y": 0.0}
KWARGS = [
    SERSIC,
    {"amp": np.array([1.0, 0.5, -0.2]), "n_max": 1, "beta": 0.4, "center_x": 0.0, "center_y": 0.1},
    {"amp": 2.0, "sigma": 0.4, "center_x": 0.0, "center_y": 0.0},
    SERSIC | {"R_sersic": 0.3, "amp": 0.4},
    {"amp": [1.0, 2.0], "sigma": [0.2, 0.9], "center_x": 0.0, "center_y": 0.0},
    {"amp": 0.1},
    SERSIC | {"n_sersic": 1.0},
]
X, Y = np.random.default_rng(0).uniform(-2, 2, (2, 300))


def copies():
    """The parameters, safe to be written to."""
    return [dict(kwargs) for kwargs in KWARGS]


@pytest.mark.parametrize("k", [None, 1, [0, 4], [True, False, False, True, False, True, False]])
def test_selections_agree_with_lenstronomy(k):
    """Brightness and components of all, one or some models, in the order of the list."""
    ours, theirs = LightModel(MODELS), Reference(MODELS)
    np.testing.assert_allclose(
        ours.surface_brightness(X, Y, KWARGS, k=k), theirs.surface_brightness(X, Y, KWARGS, k=k), rtol=1e-12, atol=0
    )
    (responses, n), (expected, n_expected) = (m.functions_split(X, Y, KWARGS, k=k) for m in (ours, theirs))
    assert n == n_expected == len(responses)
    np.testing.assert_allclose(responses, expected, rtol=1e-12, atol=1e-14)


def test_components_add_up_to_the_brightness():
    """The amplitudes times the components, for a model long enough that equal profiles are stacked."""
    models = ["SERSIC", "GAUSSIAN"] * 10
    kwargs = [
        {"amp": 1 + i, "R_sersic": 0.5 + 0.1 * i, "n_sersic": 1.5} if i % 2 == 0 else {"amp": 1 + i, "sigma": 0.1 * i}
        for i in range(20)
    ]
    light = LightModel(models)
    responses, n = light.functions_split(X, Y, kwargs)
    assert n == 20
    total = np.tensordot(light.linear_param_from_kwargs(kwargs), np.array(responses), 1)
    np.testing.assert_allclose(total, light.surface_brightness(X, Y, kwargs), rtol=1e-12, atol=0)
    for i in (0, 7, 12):
        np.testing.assert_allclose(responses[i], light.functions_split(X, Y, kwargs, k=i)[0][0], rtol=1e-13, atol=0)


def test_amplitudes_are_written_and_read():
    """``update_linear`` writes in place what ``linear_param_from_kwargs`` reads; numbers as in lenstronomy."""
    ours, theirs = LightModel(MODELS), Reference(MODELS)
    assert ours.num_param_linear(KWARGS) == theirs.num_param_linear(KWARGS) == 10
    assert ours.num_param_linear(KWARGS, list_return=True) == theirs.num_param_linear(KWARGS, list_return=True)
    values = np.arange(20.0)
    kwargs, expected = copies(), copies()
    result, i = ours.update_linear(values, 3, kwargs)
    assert result is kwargs
    assert i == theirs.update_linear(values, 3, expected)[1] == 13
    for mine, reference in zip(kwargs, expected):
        np.testing.assert_array_equal(mine["amp"], reference["amp"])
    np.testing.assert_array_equal(ours.linear_param_from_kwargs(kwargs), values[3:13])


def test_every_linear_function_can_be_traced():
    """Amplitudes written inside a program, and their signs looked at."""
    light = LightModel(MODELS)

    @jax.jit
    def brightness(param):
        kwargs, _ = light.update_linear(param, 0, copies())
        return light.surface_brightness(X, Y, kwargs), light.check_positive_flux_profile(kwargs)

    responses, n = light.functions_split(X, Y, KWARGS)
    param = np.linspace(0.5, 2, n)
    image, positive = brightness(param)
    np.testing.assert_allclose(image, param @ np.array(responses), rtol=1e-12, atol=0)
    assert positive and not brightness(-param)[1]


def test_positive_flux():
    """Negative amplitudes count where they are fluxes, not in a basis."""
    light = LightModel(MODELS)
    kwargs = copies()
    assert light.check_positive_flux_profile(kwargs) is True
    kwargs[4]["amp"] = [1.0, -1e-3]
    assert light.check_positive_flux_profile(kwargs) is False
    assert LightModel(["UNIFORM"]).check_positive_flux_profile([{"amp": -1}]) is True


def test_fixed_amplitudes():
    """``add_fixed_linear`` fixes at one, in place, what is not fixed."""
    fixed = [{}, {"amp": 3.0}]
    assert LinearBasis(light_model_list=["SERSIC", "GAUSSIAN"]).add_fixed_linear(fixed) is fixed
    assert fixed == [{"amp": 1}, {"amp": 3.0}]


def test_lists_scalars_and_jax_arrays():
    """A list gives a NumPy array, a number a NumPy scalar, a JAX array a JAX array."""
    light = LightModel(["SERSIC"])
    value = light.surface_brightness(0.5, 0.2, [SERSIC])
    assert isinstance(value, np.float64)
    np.testing.assert_allclose(light.surface_brightness([0.5], [0.2], [SERSIC]), [value], rtol=1e-15, atol=0)
    out = light.surface_brightness(jnp.array([0.5]), jnp.array([0.2]), [SERSIC])
    assert isinstance(out, jax.Array)
    assert isinstance(light.functions_split(jnp.array([0.5]), jnp.array([0.2]), [SERSIC])[0][0], jax.Array)


def test_density_and_flux_of_several_models():
    """Sums and lists over the selected models; the flux of a set for amplitudes that add up to one."""
    models = ["GAUSSIAN", "HERNQUIST_ELLIPSE", "MULTI_GAUSSIAN"]
    kwargs = [KWARGS[2], {"amp": 1.0, "Rs": 0.5, "e1": 0.1, "e2": 0.0, "center_x": 0, "center_y": 0}, KWARGS[4]]
    ours, theirs = LightModel(models), Reference(models)
    r = np.array([0.1, 0.5, 2.0])
    for k in (None, 1, [0, 2]):
        np.testing.assert_allclose(ours.light_3d(r, kwargs, k=k), theirs.light_3d(r, kwargs, k=k), rtol=1e-13, atol=0)
        for norm in (False, True):
            mine, reference = (m.total_flux(kwargs, norm=norm, k=k) for m in (ours, theirs))
            np.testing.assert_allclose(mine, reference, rtol=1e-13, atol=0)
    assert isinstance(ours.light_3d(jnp.asarray(r), kwargs), jax.Array)
    flux = jax.grad(lambda s: LightModel(["SERSIC"]).total_flux([SERSIC | {"R_sersic": s}])[0])(0.7)
    np.testing.assert_allclose(flux, 2 / 0.7 * LightModel(["SERSIC"]).total_flux([SERSIC])[0], rtol=1e-12, atol=0)


def test_flux_is_that_of_the_image():
    """Sum over a fine grid of profiles with a known flux."""
    axis = np.arange(-10, 10, 0.05) + 0.013
    x, y = (c.ravel() for c in np.meshgrid(axis, axis))
    for model, kwargs in (
        ("SERSIC", {"amp": 1.0, "R_sersic": 0.8, "n_sersic": 1.0}),
        ("GAUSSIAN_ELLIPSE", {"amp": 2.0, "sigma": 0.5, "e1": 0.2, "e2": 0.1}),
        ("MULTI_GAUSSIAN", {"amp": [1.0, 2.0], "sigma": [0.3, 0.9]}),
        ("LINEAR_ELLIPSE", {"amp": 1.5, "k": -0.5, "e1": 0.1, "e2": 0.2}),
        ("PL_SERSIC", {"amp": 1.0, "R_sersic": 1.0, "n_sersic": 1.0, "alpha_c": 0.5, "r_c": 0.3, "e1": 0.1, "e2": 0.0}),
        ("LINE_PROFILE", {"amp": 1.5, "angle": 0.0, "length": 4.0, "width": 2.0}),
    ):
        light = LightModel([model])
        total = np.sum(light.surface_brightness(x, y, [kwargs])) * 0.05**2
        rough = model in ("LINE_PROFILE", "PL_SERSIC")  # by its edges; the outer PL-Sersic profile is approximate
        np.testing.assert_allclose(total, light.total_flux([kwargs])[0], rtol=2e-2 if rough else 1e-3)


def test_many_profiles_are_one_small_program():
    """Two hundred equal profiles agree with the sum one by one, and another set needs no new program."""
    rng = np.random.default_rng(1)
    kwargs = [{"amp": a, "sigma": s, "center_x": c} for a, s, c in rng.uniform(0.2, 1, (200, 3))]
    light = LightModel(["GAUSSIAN"] * 200)
    image = light.surface_brightness(X, Y, kwargs)
    traces = trace_count()
    np.testing.assert_allclose(light.surface_brightness(X, Y, kwargs[::-1]), image, rtol=1e-12, atol=0)
    assert trace_count() == traces
    one = LightModel(["GAUSSIAN"])
    total = sum(one.surface_brightness(X, Y, [kw]) for kw in kwargs)
    np.testing.assert_allclose(image, total, rtol=1e-12, atol=0)


def test_named_errors():
    """What is wrong is named, before anything is compiled."""
    with pytest.raises(ValueError, match="Did you mean 'SERSIC'"):
        LightModel(["SERSICC"])
    light = LightModel(["SERSIC", "GAUSSIAN"])
    with pytest.raises(ValueError, match="1 sets of light model parameters given for 2"):
        light.surface_brightness(X, Y, [SERSIC])
    with pytest.raises(TypeError, match=r"light model 1 \(Gaussian\): missing parameter 'sigma'"):
        light.surface_brightness(X, Y, [SERSIC, {"amp": 1.0}])
    with pytest.raises(TypeError, match="unexpected parameter 'width'"):
        light.functions_split(X, Y, [SERSIC, {"amp": 1.0, "sigma": 1.0, "width": 2}])
    with pytest.raises(ValueError, match="Sersic has no light_3d"):
        light.light_3d(1.0, [SERSIC, KWARGS[2]])
    with pytest.raises(ValueError, match="CoreSersic has no closed form"):
        LightModel(["CORE_SERSIC"]).total_flux([SERSIC | {"Rb": 0.1, "gamma": 0.1, "e1": 0.0, "e2": 0.0}])
    with pytest.raises(ValueError, match="Uniform has no total_flux"):
        LightModel(["UNIFORM"]).total_flux([{"amp": 1}])
    with pytest.raises(ValueError, match="options of 2 profiles given for 1"):
        LightModel(["SERSIC"], profile_kwargs_list=[None, None])
    with pytest.raises(ValueError, match="n_comp is 1"):
        LightModel(["MGE_SET"], profile_kwargs_list=[{"n_comp": 1}])
    with pytest.raises(ValueError, match="2 amplitudes given for 3 components"):
        LightModel(["SHAPELETS"]).surface_brightness(X, Y, [{"amp": [1.0, 2.0], "n_max": 1, "beta": 1.0}])
    with pytest.raises(ValueError, match="two-dimensional image"):
        LightModel(["INTERPOL"]).surface_brightness(X, Y, [{"image": np.ones(3)}])


def test_other_names_replace_the_models():
    """Names that are set anew are looked up at once, and the functions follow them."""
    light = LightModel(["UNIFORM"])
    light.profile_type_list = ["GAUSSIAN", "UNIFORM"]
    assert light.num_param_linear([KWARGS[2], KWARGS[5]]) == 2
    expected = Reference(["GAUSSIAN", "UNIFORM"]).surface_brightness(X, Y, [KWARGS[2], KWARGS[5]])
    np.testing.assert_allclose(light.surface_brightness(X, Y, [KWARGS[2], KWARGS[5]]), expected, rtol=1e-12, atol=0)
    with pytest.raises(ValueError, match="WRONG"):
        light.profile_type_list = ["WRONG"]
    assert light.profile_type_list == ["GAUSSIAN", "UNIFORM"]


def test_check_parameters():
    """Every parameter, and no other."""
    light = LightModel(["GAUSSIAN"])
    light.check_parameters([KWARGS[2]])
    with pytest.raises(ValueError, match="no parameter 'bad'"):
        light.check_parameters([KWARGS[2] | {"bad": 1}])
    with pytest.raises(ValueError, match="missing the parameter 'center_x'"):
        light.check_parameters([{"amp": 1.0, "sigma": 1.0}])
    with pytest.raises(ValueError, match="2 sets of parameters given for 1"):
        light.check_parameters([KWARGS[2]] * 2)


class TestLightParam:
    """Between dictionaries and the sampled vector."""

    fixed = [{}, {"n_max": 1}, {"center_x": 0.0}, {}, {"sigma": [0.2, 0.9]}, {"amp": 0.1}, {"R_sersic": 0.7}]

    def params(self, linear_solver):
        """Ours and lenstronomy's."""
        return tuple(
            cls(MODELS, [dict(f) for f in self.fixed], param_type="lens_light", linear_solver=linear_solver)
            for cls in (LightParam, ReferenceParam)
        )

    @pytest.mark.parametrize("linear_solver", [True, False])
    def test_agrees_with_lenstronomy(self, linear_solver):
        """Names, order, limits, both directions."""
        ours, theirs = self.params(linear_solver)
        assert ours.num_param() == theirs.num_param()
        assert ours.num_param_linear() == theirs.num_param_linear()
        args = ours.set_params(KWARGS)
        np.testing.assert_array_equal(args, theirs.set_params(KWARGS))
        kwargs, i = ours.get_params([0.0, *args], 1)
        expected, i_expected = theirs.get_params([0.0, *args], 1)
        assert i == i_expected == len(args) + 1
        for mine, reference in zip(kwargs, expected):
            assert list(mine) == list(reference)
            for name, value in reference.items():
                np.testing.assert_array_equal(mine[name], value)
        assert [d.keys() for d in ours.lower_limit] == [d.keys() for d in theirs.lower_limit]

    def test_traced(self):
        """The sampled vector may be traced."""
        ours, _ = self.params(False)
        light = LightModel(MODELS)
        args = np.array(ours.set_params(KWARGS))
        image = jax.jit(lambda a: light.surface_brightness(X, Y, ours.get_params(a, 0)[0]))(args)
        np.testing.assert_allclose(image, light.surface_brightness(X, Y, KWARGS), rtol=1e-12, atol=0)

    def test_sampled_amplitudes_of_a_gaussian_expansion(self):
        """As many as there are Gaussians."""
        param = LightParam(["MGE_SET"], [{}], linear_solver=False, profile_kwargs_list=[{"n_comp": 3}])
        kwargs = {"amp": [1.0, 2.0, 3.0], "sigma_min": 0.1, "sigma_width": 1.0, "center_x": 0.0, "center_y": 0.0}
        args = param.set_params([kwargs])
        assert args == [1.0, 2.0, 3.0, 0.1, 1.0, 0.0, 0.0]
        assert param.get_params(args, 0) == ([kwargs], 7)
        assert param.num_param()[0] == 7

    def test_the_fixed_parameters_of_the_caller_stay(self):
        """Fixing amplitudes does not write to the dictionaries that were given."""
        fixed = [{}]
        assert LightParam(["SERSIC"], fixed).kwargs_fixed == [{"amp": 1}]
        assert fixed == [{}]

    def test_errors_name_what_has_to_be_fixed(self):
        """The number of amplitudes has to be known."""
        for model, missing in (("SHAPELETS", "n_max"), ("MULTI_GAUSSIAN", "sigma"), ("SLIT_STARLETS", "n_scales")):
            param = LightParam([model], [{}], linear_solver=False)
            with pytest.raises(ValueError, match=rf"light model 0 \({model}\): '{missing}' has to be fixed"):
                param.get_params([1.0], 0)
            with pytest.raises(ValueError, match=missing):
                param.num_param()
        with pytest.raises(ValueError, match="'sigma' has to be fixed"):
            LightParam(["MULTI_GAUSSIAN"], [{}]).set_params([{"amp": 1, "sigma": 1}])
