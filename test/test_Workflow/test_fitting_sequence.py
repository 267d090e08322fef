"""Fits, step by step."""

import copy
import pickle
import subprocess
import sys

import fits
import numpy as np
import pytest

from jaxtronomy.core.jit import trace_count

PSO = ["PSO", {"n_particles": 20, "n_iterations": 15}]
OPTAX = ["optax", {"num_chains": 3, "maxiter": 60, "progress": False}]
EMCEE = ["emcee", {"n_burn": 3, "n_run": 4, "n_walkers": 16, "progress": False}]


def test_import_is_light():
    """Neither lenstronomy nor a sampler nor matplotlib is imported along."""
    code = "import sys, jaxtronomy.Workflow.fitting_sequence; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "jaxtronomy" in loaded
    assert not {"lenstronomy", "emcee", "nautilus", "dynesty", "h5py", "matplotlib", "schwimmbad"} & set(loaded)


def test_same_likelihood_as_lenstronomy():
    ours, theirs = fits.fit(), fits.fit("lenstronomy")
    np.testing.assert_allclose(ours.best_fit_likelihood(), theirs.best_fit_likelihood(), rtol=1e-10)
    np.testing.assert_allclose(ours.bic, theirs.bic, rtol=1e-10)
    assert ours.param_class.num_param() == theirs.param_class.num_param()
    assert ours.kwargs_fixed == theirs.kwargs_fixed


@pytest.fixture(scope="module")
def fitted():
    """A fit, and the chains of its steps."""
    np.random.seed(1)
    sequence = fits.fit()
    return sequence, sequence.fit_sequence([PSO, EMCEE, OPTAX])


def test_pso_chain(fitted):
    """The particles climb, from no worse than the start; the chain is lenstronomy's."""
    name, (values, positions, velocities), names = fitted[1][0]
    sequence = fits.fit()
    assert name == "PSO" and names == sequence.param_class.num_param()[1]
    assert len(values) == len(positions) == len(velocities) == 15
    assert np.all(np.diff(values) >= 0) and values[0] >= sequence.best_fit_likelihood()
    assert values[-1] > sequence.best_fit_likelihood() + 10
    np.testing.assert_allclose(sequence.likelihood_class.logL_batch(np.array(positions)), values, rtol=1e-10)


def test_pso_is_reproducible():
    sequence = fits.fit()
    results = []
    for _ in range(2):
        np.random.seed(5)
        results.append(sequence.pso(n_particles=20, n_iterations=12)[1][0])
    assert len(results[0]) == 12  # not a multiple of the steps of one call of the program
    np.testing.assert_array_equal(*results)


def test_emcee_chain(fitted):
    name, samples, names, values = fitted[1][1]
    likelihood = fitted[0].likelihood_class
    assert name == "emcee" and samples.shape == (4 * 16, len(names))
    np.testing.assert_allclose(likelihood.logL_batch(samples), values, rtol=1e-10)
    assert np.std(samples, axis=0).min() > 0


def test_optax_finds_the_maximum(fitted):
    """All chains end in one place, with a gradient of zero, and the best of them is the state."""
    sequence = fitted[0]
    name, history, ends, values, names = fitted[1][2]
    assert name == "optax" and ends.shape == (3, len(names)) and values.shape == (3,)
    assert np.all(np.diff(history) >= 0)
    lower, upper = sequence.param_class.param_limits()
    assert np.all((ends >= lower) & (ends <= upper))
    np.testing.assert_allclose(values, values.max(), atol=0.1)
    assert sequence.best_fit_likelihood() == pytest.approx(values.max(), rel=1e-10)
    best = ends[np.argmax(values)]
    _, gradient = sequence.likelihood_class.value_and_grad(best)
    step = gradient / 3000**2  # against the curvature of a parameter known to 1/3000
    assert np.max(np.abs(step)) < 1e-3
    for parameter, truth in fits.LENS.items():
        assert sequence.best_fit()["kwargs_lens"][0][parameter] == pytest.approx(truth, abs=0.02)


def test_optax_keeps_a_better_state():
    """Nothing is lost by a gradient that is not followed far."""
    sequence = fits.fit()
    before = sequence.best_fit_likelihood()
    sequence.fit_sequence([["optax", {**OPTAX[1], "sigma_scale": 1e-3}]])
    reached = sequence.best_fit_likelihood()
    assert reached > before
    sequence.fit_sequence([["optax", {**OPTAX[1], "maxiter": 1}]])
    assert sequence.best_fit_likelihood() >= reached


def test_simplex(capsys):
    sequence = fits.fit()
    before = sequence.best_fit_likelihood()
    ((name, result),) = sequence.fit_sequence([["SIMPLEX", {"n_iterations": 40}]])
    assert name == "SIMPLEX" and result["kwargs_lens"][0].keys() == fits.LENS.keys()
    assert sequence.best_fit_likelihood() > before
    assert "log likelihood" in capsys.readouterr().out


def test_walkers_start_from_the_last_samples(fitted, capsys):
    sequence = copy.deepcopy(fitted[0])
    sequence._mcmc_init_samples = samples = fitted[1][1][1]
    output = sequence.mcmc(n_burn=0, n_run=1, n_walkers=16, init_samples=samples, progress=False)
    assert "re-using" in capsys.readouterr().out and len(output[1]) == 16
    with pytest.raises(ValueError, match="2 parameters, now 6"):
        sequence.mcmc(n_burn=0, n_run=1, n_walkers=16, init_samples=samples[:, :2])
    with pytest.raises(ValueError, match="n_walkers or walkerRatio"):
        sequence.mcmc(n_burn=1, n_run=1)


def test_chain_goes_on_from_a_file(tmp_path):
    pytest.importorskip("h5py")
    sequence = fits.fit()
    options = {**EMCEE[1], "backend_filename": str(tmp_path / "chain.h5"), "re_use_samples": False}
    with pytest.raises(ValueError, match="no samples"):
        sequence.fit_sequence([["emcee", {**options, "start_from_backend": True}]])
    ((_, first, _, _),) = sequence.fit_sequence([["emcee", options]])
    ((_, both, _, _),) = sequence.fit_sequence([["emcee", {**options, "start_from_backend": True}]])
    np.testing.assert_array_equal(both[: len(first)], first)
    assert len(both) == 2 * len(first)


def test_file_without_h5py(monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ImportError, match=r"backend_filename needs h5py.*jaxtronomy\[samplers\]"):
        fits.fit().fit_sequence([["emcee", {**EMCEE[1], "backend_filename": "chain.h5"}]])


def test_nothing_is_compiled_twice(fitted):
    """Neither for a second step, nor another lens and start, nor an updated PSF, other limits and fixed values."""
    fitted[0].best_fit_likelihood()
    before = trace_count()
    sequence = fits.fit()
    sequence.fit_sequence([PSO, EMCEE, OPTAX, PSO])
    other = fits.fit(seed=3, start={"theta_E": 0.9}, lens={**fits.LENS, "theta_E": 0.9})
    other.fit_sequence([PSO, OPTAX])
    other.multi_band_list[0][1] = {"psf_type": "PIXEL", "kernel_point_source": fits.gaussian(sigma=1.2)}
    other.fit_sequence(
        [
            ["update_settings", {"source_add_fixed": [[0, ["n_sersic"], [1.7]]]}],
            ["update_settings", {"change_lens_lower_limit": [[0, ["theta_E"], [0.6]]]}],
            EMCEE,
        ]
    )
    other.best_fit_likelihood()
    assert trace_count() == before


def test_likelihood_is_kept_until_something_changes():
    sequence = fits.fit()
    first = sequence.likelihood_class
    value = sequence.best_fit_likelihood()
    assert sequence.likelihood_class is first and sequence.param_class is first.param
    sequence.set_param_value(lens=[[0, ["theta_E"], [0.85]]])
    assert sequence.likelihood_class is first
    sequence.multi_band_list[0][0]["image_data"] *= 1.1  # in place, as a user may do
    second = sequence.likelihood_class
    assert second is not first and sequence.best_fit_likelihood() != value
    sequence.multi_band_list[0][1]["kernel_point_source"] = fits.gaussian(sigma=1.3)
    third = sequence.likelihood_class
    assert third is not second
    sequence.update_settings(kwargs_likelihood={"check_positive_flux": True})
    fourth = sequence.likelihood_class
    assert fourth is not third and fourth.param is third.param
    sequence.update_settings(lens_add_fixed=[[0, ["e1"]]])
    assert sequence.likelihood_class.param is not fourth.param
    assert sequence.param_class.num_param()[0] == 5


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda item: pickle.loads(pickle.dumps(item))])
def test_copies(fitted, copied):
    """Before and after use, a copy goes on by itself."""
    for sequence in (fits.fit(), fitted[0]):
        value, before = sequence.best_fit_likelihood(), trace_count()
        other = copied(sequence)
        assert other.best_fit_likelihood() == value
        other.fit_sequence([["set_param_value", {"lens": [[0, ["theta_E"], [0.95]]]}]])
        assert other.best_fit_likelihood() < value and sequence.best_fit_likelihood() == value
        other.fit_sequence([PSO])
        assert trace_count() == before


def test_arguments_stay_as_they_are():
    arguments = fits.settings()
    before = copy.deepcopy(arguments)
    sequence = fits.fit(arguments=arguments)
    sequence.fit_sequence(
        [
            ["set_param_value", {"lens": [[0, ["theta_E"], [0.9]]]}],
            [
                "update_settings",
                {
                    "kwargs_model": {"z_lens": 0.5},
                    "kwargs_likelihood": {"check_bounds": False},
                    "lens_add_fixed": [[0, ["e1"], [0.2]]],
                    "lens_remove_fixed": [[0, ["center_x"]]],
                    "change_lens_upper_limit": [[0, ["e2"], [0.3]]],
                },
            ],
        ]
    )
    options = {**EMCEE[1]}
    sequence.fit_sequence([["emcee", options]])
    assert options == EMCEE[1]
    np.testing.assert_equal(arguments, before)
    # the data are shared: a step that changes the PSF changes it for everyone
    assert sequence.multi_band_list is arguments[0]["multi_band_list"]


def test_state():
    sequence = fits.fit()
    sequence.fit_sequence(
        [["set_param_value", {"lens": [[0, ["theta_E"], [0.9]]], "source": [[0, ["n_sersic"], [2]]]}]]
    )
    best = sequence.best_fit(bijective=True)
    assert best["kwargs_lens"][0]["theta_E"] == 0.9 and best["kwargs_source"][0]["n_sersic"] == 2
    best["kwargs_lens"][0]["theta_E"] = 7  # a copy
    assert sequence.best_fit()["kwargs_lens"][0]["theta_E"] == 0.9
    sequence.fit_sequence([["restart", None]])
    assert sequence.best_fit()["kwargs_lens"][0]["theta_E"] == 0.83
    sequence.update_state({"kwargs_lens": [{**fits.LENS}], "kwargs_source": [{**fits.SOURCE}]})
    assert sequence.best_fit(bijective=True)["kwargs_lens"][0] == fits.LENS


def test_steps_are_checked_first():
    sequence = fits.fit()
    with pytest.raises(ValueError, match=r"'POS' is not supported; available are PSO, SIMPLEX, optax"):
        sequence.fit_sequence([["set_param_value", {"lens": [[0, ["theta_E"], [0.9]]]}], ["POS", {}]])
    assert sequence.best_fit()["kwargs_lens"][0]["theta_E"] == 0.83


def untraceable(kwargs_lens, **kwargs):
    """A log likelihood that JAX cannot trace."""
    return -0.5 * ((float(kwargs_lens[0]["theta_E"]) - 0.8) / 0.001) ** 2


def traceable(kwargs_lens, **kwargs):
    """The same, traceable."""
    return -0.5 * ((kwargs_lens[0]["theta_E"] - 0.8) / 0.001) ** 2


def test_without_a_program():
    """A likelihood that is no program is evaluated in a loop, with the same values; there is no gradient."""
    fast = fits.fit(kwargs_likelihood={"custom_logL_addition": traceable})
    slow = fits.fit(kwargs_likelihood={"custom_logL_addition": untraceable})
    assert slow.likelihood_class.traced_function() is None
    assert slow.best_fit_likelihood() == pytest.approx(fast.best_fit_likelihood(), rel=1e-12)
    np.random.seed(2)
    (_, (values, positions, _), _), (_, samples, _, log_l) = slow.fit_sequence(
        [["PSO", {"n_particles": 5, "n_iterations": 3}], ["emcee", {**EMCEE[1], "n_burn": 1, "n_run": 1}]]
    )
    np.testing.assert_allclose(fast.likelihood_class.logL_batch(np.array(positions)), values, rtol=1e-10)
    np.testing.assert_allclose(fast.likelihood_class.logL_batch(samples), log_l, rtol=1e-10)
    with pytest.raises(ValueError, match=r"gradient needs a likelihood that is one program.*custom_logL_addition"):
        slow.fit_sequence([OPTAX])
