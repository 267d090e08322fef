"""The state of a fit against lenstronomy's."""

import copy
import importlib

import fits
import numpy as np
import pytest

STEPS = [
    (
        "update_options",
        {"kwargs_model": {"z_lens": 0.5}, "kwargs_constraints": {"log_sampling_lens": [[0, ["theta_E"]]]}},
    ),
    ("update_options", {"kwargs_likelihood": {"check_bounds": False}}),
    (
        "update_limits",
        {"change_source_lower_limit": [[0, ["R_sersic"], [0.01]]], "change_lens_upper_limit": [[0, ["e1"], [0.2]]]},
    ),
    (
        "update_limits",
        {"change_source_upper_limit": [[0, ["R_sersic"], [2]]], "change_lens_lower_limit": [[0, ["e1"], [-0.2]]]},
    ),
    (
        "update_sigmas",
        {"change_sigma_lens": [[0, ["e1", "e2"], [0.2, 0.3]]], "change_sigma_source": [[0, ["R_sersic"], [0.1]]]},
    ),
    ("update_fixed", {"lens_add_fixed": [[0, ["e1", "e2"], [0.1, None]]], "source_remove_fixed": [[0, ["n_sersic"]]]}),
    (
        "update_fixed",
        {"lens_remove_fixed": [[0, ["e1", "center_x", "theta_E"]]], "source_add_fixed": [[0, ["center_x"]]]},
    ),
    ("update_fixed", {"special_add_fixed": ["D_dt"]}),
    ("update_fixed", {"special_remove_fixed": ["D_dt"]}),
    ("update_param_value", {"lens": [[0, ["theta_E"], [0.95]]], "source": [[0, ["R_sersic", "n_sersic"], [0.3, 1.0]]]}),
    ("keep_frame_fixed", {"frame_list_fixed": [0]}),
    ("undo_frame_fixed", {"frame_list": [0]}),
    ("fix_not_computed", {"free_bands": [False]}),
    ("fix_not_computed", {"free_bands": [True]}),
]


def manager(package="jaxtronomy", **changes):
    """The state of the small fit, with a distance among the special parameters."""
    _, model, _, likelihood, params = copy.deepcopy(fits.settings())
    params["special"] = [{"D_dt": 3000.0}, {"D_dt": 100.0}, {}, {"D_dt": 0.0}, {"D_dt": 9000.0}]
    model["index_lens_model_list"] = [[0]]
    module = importlib.import_module(f"{package}.Workflow.multi_band_manager")
    return module.MultiBandUpdateManager(model, {"Ddt_sampling": True}, likelihood, {**params, **changes}, num_bands=1)


def test_follows_lenstronomy():
    """After each change: options, limits, fixed values, state and what is sampled are the same."""
    ours, theirs = manager(), manager("lenstronomy")
    for name, options in STEPS:
        for m in (ours, theirs):
            getattr(m, name)(**copy.deepcopy(options))
        for what in ("kwargs_model", "kwargs_constraints", "kwargs_likelihood", "sigma_kwargs", "lower_kwargs"):
            assert getattr(ours, what) == getattr(theirs, what), (name, what)
        for what in ("upper_kwargs", "fixed_kwargs", "fixed_kwargs_updated_list", "parameter_state"):
            assert getattr(ours, what) == getattr(theirs, what), (name, what)
        assert ours.param_class.num_param() == theirs.param_class.num_param(), name
        for a, b in zip(ours.param_class.param_limits(), theirs.param_class.param_limits()):
            np.testing.assert_allclose(a, b, rtol=1e-14, err_msg=name)
    assert ours.best_fit() == theirs.best_fit()
    ours.set_init_state()  # lenstronomy's start changes along with the state
    assert ours.parameter_state == ours.init_kwargs == manager().init_kwargs


def test_scaled_and_mapped_best_fit():
    """Outside of the sampled convention: masses are scaled, and sources are where the lens maps them to."""
    states = []
    for package in ("jaxtronomy", "lenstronomy"):
        scales = [{"scale_factor": [value]} for value in (1.2, 0.1, 0.0, 2.0)]
        m = manager(package, special=[*scales[:2], {}, *scales[2:]])
        m.update_options(
            kwargs_constraints={"mass_scaling_list": [1], "image_plane_source_list": [True], "Ddt_sampling": False}
        )
        states.append((m.best_fit(), m.best_fit(bijective=True)))
    for ours, theirs in zip(*states):
        for group in ("kwargs_lens", "kwargs_source"):
            assert ours[group][0].keys() == theirs[group][0].keys()
            for name, value in theirs[group][0].items():
                np.testing.assert_allclose(ours[group][0][name], value, rtol=1e-12, err_msg=name)
    assert states[0][0]["kwargs_lens"][0]["theta_E"] == pytest.approx(1.2 * 0.83)


def test_param_is_kept_until_something_changes():
    m = manager()
    param = m.param_class
    m.update_param_value(lens=[[0, ["theta_E"], [0.9]]])
    assert m.param_class is param
    m._lens_fixed[0]["e1"] = 0.1
    assert m.param_class is not param


def test_missing_and_incomplete():
    with pytest.raises(ValueError, match=r"no 'lens_model'.*SIE.*'source_model'"):
        importlib.import_module("jaxtronomy.Workflow.update_manager").UpdateManager(
            {"lens_model_list": ["SIE"]}, {}, {}, {"source_model": [[]] * 5}
        )
    with pytest.raises(ValueError, match=r"'lens_model'.*4 entries"):
        manager(lens_model=[[{}]] * 4)
    with pytest.raises(ValueError, match=r"'gamma' of model 0 cannot be fixed.*theta_E"):
        manager().update_fixed(lens_add_fixed=[[0, ["gamma"]]])


@pytest.mark.parametrize("end, position", [("lower", 3), ("upper", 4)])
def test_start_is_checked(end, position):
    params = fits.settings()[-1]["lens_model"]
    manager().check_initial_state()
    limits = copy.deepcopy(params)
    del limits[position][0]["e1"]
    with pytest.raises(ValueError, match=f"e1 missing in {end} bounds of 0'th model of kwargs_lens"):
        manager(lens_model=limits).check_initial_state()
    limits[position][0]["e1"] = {"lower": 0.3, "upper": -0.3}[end]
    with pytest.warns(UserWarning, match=f"0.07 of e1 of 0'th model of kwargs_lens is beyond its {end} bound"):
        manager(lens_model=limits).check_initial_state()
    limits[position] = []
    with pytest.raises(ValueError, match="a start is given for 1 models"):
        manager(lens_model=limits).check_initial_state()
