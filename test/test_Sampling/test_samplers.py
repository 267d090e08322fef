"""Samplers of a likelihood: our wrappers and the packages behind them."""

import operator
import sys
import types
from functools import partial

import fits
import numpy as np
import pytest
from scipy.special import logsumexp

from jaxtronomy.Sampling.Pool import parallelization_util
from jaxtronomy.Sampling.Pool.pool import choose_pool
from jaxtronomy.Sampling.sampler import Sampler
from jaxtronomy.Sampling.Samplers.base_nested_sampler import NestedSampler

FIXED = {
    "fixed_lens": {"e1": 0.1, "e2": -0.05},
    "fixed_source": {"center_x": fits.SOURCE["center_x"], "center_y": fits.SOURCE["center_y"]},
}
WIDTH = 0.02  # of the limits, as a fraction


@pytest.fixture(scope="module")
def likelihood():
    """The likelihood of the Einstein radius and the size of the source, in narrow limits."""
    sequence = fits.fit(**FIXED, start={"theta_E": 0.8})
    sequence.update_settings(
        change_lens_lower_limit=[[0, ["theta_E"], [0.795]]],
        change_lens_upper_limit=[[0, ["theta_E"], [0.805]]],
        change_source_lower_limit=[[0, ["R_sersic"], [0.18]]],
        change_source_upper_limit=[[0, ["R_sersic"], [0.22]]],
    )
    return sequence.likelihood_class


@pytest.fixture(scope="module")
def truth(likelihood):
    """Log evidence, means and standard deviations, from a grid."""
    axes = [np.linspace(low, high, 81) for low, high in zip(*likelihood.param_limits)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    log_l = likelihood.logL_batch(points)
    weights = np.exp(log_l - logsumexp(log_l))
    mean = weights @ points
    return logsumexp(log_l) - np.log(len(points)), mean, np.sqrt(weights @ (points - mean) ** 2)


def test_nautilus(likelihood, truth):
    """Evidence and posterior are those of the grid; likelihoods are evaluated in batches."""
    from jaxtronomy.Sampling.Samplers.nautilus_sampler import NautilusSampler

    sampler = NautilusSampler(likelihood, n_live=150, n_networks=1, seed=1)
    assert sampler._sampler.vectorized
    samples, means, log_z, log_z_err, log_l, results = sampler.run(n_eff=2000, verbose=False, n_live=3)
    assert log_z == pytest.approx(truth[0], abs=0.1) and 0 < log_z_err < 0.05
    np.testing.assert_allclose(means, truth[1], atol=0.2 * truth[2].min())
    np.testing.assert_allclose(samples.std(axis=0), truth[2], rtol=0.15)
    np.testing.assert_allclose(likelihood.logL_batch(samples), log_l, rtol=1e-10)
    np.testing.assert_allclose(likelihood.logL_batch(results["points"][:50]), results["log_l"][:50], rtol=1e-10)
    assert np.sum(NautilusSampler._normalized_weights(results["log_w"])) == pytest.approx(1)


def test_nautilus_by_itself(likelihood):
    from jaxtronomy.Sampling.Samplers.nautilus import Nautilus

    options = {"n_live": 60, "n_networks": 1, "seed": 2, "verbose": False}
    points, log_w, log_l, log_z = Nautilus(likelihood).nautilus_sampling(one_step=True, **options)
    assert len(points) == len(log_w) == len(log_l) and np.isfinite(log_z)
    np.testing.assert_allclose(likelihood.logL_batch(points[:20]), log_l[:20], rtol=1e-10)
    assert Nautilus(likelihood).likelihood(points[0]) == pytest.approx(log_l[0], rel=1e-10)
    with pytest.raises(ValueError, match="'gaussian'; allowed is 'uniform'"):
        Nautilus(likelihood).nautilus_sampling(prior_type="gaussian")


def test_emcee(likelihood, truth):
    """Means and standard deviations are those of the grid."""
    np.random.seed(3)
    samples, values = Sampler(likelihood).mcmc_emcee(20, 300, 50, truth[1], truth[2])
    np.testing.assert_allclose(samples.mean(axis=0), truth[1], atol=0.15 * truth[2].min())
    np.testing.assert_allclose(samples.std(axis=0), truth[2], rtol=0.15)
    np.testing.assert_allclose(likelihood.logL_batch(samples), values, rtol=1e-10)


def test_zeus(likelihood, truth):
    pytest.importorskip("zeus")
    np.random.seed(4)
    samples, values = Sampler(likelihood).mcmc_zeus(
        10, 100, 20, truth[1], truth[2], miniter_callback=True, nmin=1000, verbose=False
    )
    np.testing.assert_allclose(samples.mean(axis=0), truth[1], atol=0.3 * truth[2].min())
    np.testing.assert_allclose(likelihood.logL_batch(samples), values, rtol=1e-10)


def test_dynesty(likelihood, truth):
    pytest.importorskip("dynesty")
    from jaxtronomy.Sampling.Samplers.dynesty_sampler import DynestySampler

    sampler = DynestySampler(likelihood)
    samples, means, log_z, log_z_err, log_l, results = sampler.run(
        {"nlive_init": 100, "maxbatch": 0, "print_progress": False, "dlogz_init": 0.1}
    )
    assert log_z[-1] == pytest.approx(truth[0], abs=5 * log_z_err[-1])
    np.testing.assert_allclose(means, truth[1], atol=0.5 * truth[2].min())
    assert samples.shape == results.samples.shape and len(log_l) == len(samples)


def test_best_of_nested_samples(likelihood, monkeypatch):
    """The state after nested sampling is the best of the samples, whatever their order."""
    from jaxtronomy.Sampling.Samplers import dynesty_sampler

    sequence = fits.fit(**FIXED)
    samples = np.array([[0.85, 0.3], [0.8, 0.2], [0.9, 0.3]])

    class Fake:
        param_names = ["a", "b"]

        def __init__(self, likelihood, **options):
            self.options = options

        def run(self, kwargs_run):
            return samples, samples.mean(0), 1.0, 0.1, np.zeros(3), {**self.options, **kwargs_run}

    monkeypatch.setattr(dynesty_sampler, "DynestySampler", Fake)
    ((name, returned, names, *_, results),) = sequence.fit_sequence(
        [["nested_sampling", {"kwargs_run": {"maxiter": 3}, "prior_type": "gaussian", "sigma_scale": 2}]]
    )
    assert name == "dynesty" and names == ["a", "b"] and returned is samples
    assert results["maxiter"] == 3 and results["sigma_scale"] == 2
    np.testing.assert_allclose(results["prior_means"], [0.83, 0.25])
    assert sequence.best_fit()["kwargs_lens"][0]["theta_E"] == 0.8


@pytest.mark.parametrize("prior_type, scales", [("uniform", (1, 1)), ("uniform", (0.5, 1)), ("gaussian", (0.5, 2))])
def test_priors_as_in_lenstronomy(likelihood, prior_type, scales):
    """From the unit cube to parameters, one by one, in place, and many at once."""
    from lenstronomy.Sampling.Samplers.base_nested_sampler import NestedSampler as Theirs

    prior = (prior_type, np.array([0.8, 0.2]), np.array([0.002, 0.01]), *scales)
    ours, theirs = (cls(likelihood, *prior) for cls in (NestedSampler, Theirs))
    cubes = np.random.default_rng(0).uniform(0.01, 0.99, (5, 2))
    expected = np.array([theirs.prior(cube.copy()) for cube in cubes])
    np.testing.assert_allclose(ours.prior(cubes), expected, rtol=1e-12)
    for cube, point in zip(cubes.copy(), expected):
        frozen = cube.copy()
        frozen.flags.writeable = False
        np.testing.assert_allclose(ours.prior(frozen), point, rtol=1e-12)
        np.testing.assert_allclose(ours.prior(list(cube)), point, rtol=1e-12)
        ours.prior(cube)
        np.testing.assert_allclose(cube, point, rtol=1e-12)
        assert ours.log_likelihood(point) == pytest.approx(theirs.log_likelihood(point), rel=1e-14)


def test_priors_are_checked(likelihood):
    with pytest.raises(ValueError, match="'flat'; allowed are 'uniform' and 'gaussian'"):
        NestedSampler(likelihood, "flat", None, None, 1, 1)
    with pytest.raises(ValueError, match="needs prior_means and prior_sigmas"):
        NestedSampler(likelihood, "gaussian", None, None, 1, 1)
    with pytest.raises(NotImplementedError):
        NestedSampler(likelihood, "uniform", None, None, 1, 1).run({})


class Stand:
    """A likelihood that is no program."""

    def __init__(self, value=None):
        self.param = types.SimpleNamespace(num_param=lambda: (2, ["a", "b"]), args2kwargs=lambda a: {})
        self.param_limits = np.zeros(2), np.ones(2)
        self.value = value

    def logL(self, args):
        return -float(np.sum(np.asarray(args) ** 2)) if self.value is None else self.value

    __call__ = logL


def test_not_finite_is_said_once(capsys):
    sampler = NestedSampler(Stand(np.nan), "uniform", None, None, 1, 1)
    assert sampler.log_likelihood([0.1, 0.2]) == sampler.log_likelihood([0.1, 0.2]) == -1e15
    parallelization_util.set_nested_likelihood_module(Stand(np.inf), 2)
    assert parallelization_util.nested_logl_worker([0.1, 0.2]) == -1e15
    assert parallelization_util.nested_logl_worker([0.1, 0.2]) == -1e15
    assert capsys.readouterr().out.count("not finite") == 2


def test_workers_need_a_likelihood(monkeypatch):
    monkeypatch.setattr(parallelization_util, "_SAMPLER_LIKELIHOOD_MODULE", None)
    monkeypatch.setattr(parallelization_util, "_NESTED_LIKELIHOOD_MODULE", None)
    with pytest.raises(RuntimeError, match="set_sampler_likelihood_module"):
        parallelization_util.sampler_logl_worker([1, 2])
    with pytest.raises(RuntimeError, match="set_nested_likelihood_module"):
        parallelization_util.nested_logl_worker([1, 2])


class Pool:
    """A pool in this process that counts what it evaluates."""

    calls = 0

    def is_master(self):
        return True

    def map(self, function, items):
        self.calls += 1
        return list(map(function, items))


def test_pools_are_for_what_is_no_program(likelihood, monkeypatch):
    """Threads are asked for: a program needs no pool, anything else gets one."""
    made = []

    def choose(**options):
        made.append((Pool(), options))
        return made[-1][0]

    monkeypatch.setattr("jaxtronomy.Sampling.sampler.choose_pool", choose)
    Sampler(likelihood).mcmc_emcee(8, 1, 1, np.array([0.8, 0.2]), np.array([1e-3, 1e-3]), threadCount=4)
    assert not made
    stand = Stand()
    result, _ = Sampler(stand).pso(5, 3, threadCount=4, verbose=False)
    pool, options = made[0]
    assert options["processes"] == 4 and options["initargs"] == (stand,) and pool.calls >= 2
    samples, _ = Sampler(stand).mcmc_emcee(8, 2, 1, result, np.full(2, 0.1), mpi=True)
    assert samples.shape == (16, 2) and made[1][1]["mpi"] and made[1][0].calls > 0


def test_mpi_pool(monkeypatch):
    """The master returns with the pool; it is not there, or broken: a named error."""
    fake = types.SimpleNamespace(enabled=lambda: False)
    monkeypatch.setitem(sys.modules, "schwimmbad", types.SimpleNamespace(MPIPool=fake))
    with pytest.raises(SystemError, match="not enabled"):
        choose_pool(mpi=True)

    class Broken:
        enabled = staticmethod(lambda: True)

        def __init__(self):
            raise RuntimeError("no ranks")

    monkeypatch.setitem(sys.modules, "schwimmbad", types.SimpleNamespace(MPIPool=Broken))
    with pytest.raises(SystemError, match=r"failed to initialize MPIPool.*no ranks"):
        choose_pool(mpi=True)

    class Worker:
        enabled, waited = staticmethod(lambda: True), []
        is_master = staticmethod(lambda: False)

        def wait(self):
            self.waited.append(1)

    monkeypatch.setitem(sys.modules, "schwimmbad", types.SimpleNamespace(MPIPool=Worker))
    with pytest.raises(SystemExit):
        choose_pool(mpi=True)
    assert Worker.waited


def test_pool_of_processes():
    """Results come in order, and are handed to the callback."""
    pytest.importorskip("multiprocess")
    pytest.importorskip("schwimmbad")
    seen = []
    with choose_pool(processes=2, use_dill=True) as pool:
        assert pool.is_master() and not pool.is_worker() and pool.size == 2
        assert pool.map(partial(operator.mul, 3), range(6), callback=seen.append) == [0, 3, 6, 9, 12, 15]
    assert seen == [0, 3, 6, 9, 12, 15]


@pytest.mark.parametrize(
    "package, step, options, message",
    [
        ("zeus", "zeus", {"n_burn": 1, "n_run": 1, "n_walkers": 8}, r"zeus: pip install \"jaxtronomy\[samplers\]\""),
        ("dynesty", "dynesty", {}, r"dynesty: pip install \"jaxtronomy\[samplers\]\""),
        ("nautilus", "Nautilus", {}, r"nautilus: pip install \"jaxtronomy\[samplers\]\""),
        ("cobaya", "Cobaya", {}, r"cobaya: pip install \"jaxtronomy\[samplers\]\""),
        ("pymultinest", "MultiNest", {}, "pymultinest: it has to be compiled"),
        ("dyPolyChord", "dyPolyChord", {}, "dyPolyChord: it has to be compiled"),
    ],
)
def test_missing_packages_are_named(package, step, options, message, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=message):
        fits.fit(**FIXED).fit_sequence([[step, options]])


def test_multinest(likelihood, monkeypatch, tmp_path):
    """What pymultinest is given, and what is made of its results."""
    from jaxtronomy.Sampling.Samplers.multinest_sampler import MultiNestSampler

    given = {}

    class Analyzer:
        def __init__(self, n_dims, outputfiles_basename):
            given.update(files=outputfiles_basename)

        def get_equal_weighted_posterior(self):
            return np.array([[1.0, 2.0, -3.0], [4.0, 5.0, -6.0]])

        def get_data(self):
            return np.array([[0.5, 6.0, 1.0, 2.0], [0.5, 12.0, 4.0, 5.0]])

        def get_stats(self):
            return {"global evidence": 7.0, "global evidence error": 0.1, "modes": [{"mean": [1, 2]}]}

    def run(log_likelihood, prior, n_dims, **options):
        given.update(options, value=log_likelihood(prior(np.full(2, 0.5)), 2, 2), n_dims=n_dims)

    analyse = types.ModuleType("pymultinest.analyse")
    analyse.Analyzer = Analyzer
    fake = types.ModuleType("pymultinest")
    fake.run = run
    monkeypatch.setitem(sys.modules, "pymultinest", fake)
    monkeypatch.setitem(sys.modules, "pymultinest.analyse", analyse)
    folder = tmp_path / "out"
    sampler = MultiNestSampler(likelihood, output_dir=str(folder), output_basename="x", remove_output_dir=True)
    assert (folder / "xparams.json").exists()
    samples, means, log_z, error, log_l, _ = sampler.run({"n_live_points": 9})
    np.testing.assert_array_equal(samples, [[1, 2], [4, 5]])
    np.testing.assert_array_equal(log_l, [-3, -6])
    assert (log_z, error, means) == (7.0, 0.1, [1, 2]) and not folder.exists()
    assert given["n_live_points"] == 9 and given["n_dims"] == 2 and given["files"] == str(folder / "x")
    assert given["value"] == likelihood.logL(np.mean(likelihood.param_limits, axis=0))


def test_dypolychord(likelihood, monkeypatch, tmp_path):
    """What dyPolyChord is given, and what is made of its results."""
    from jaxtronomy.Sampling.Samplers.polychord_sampler import DyPolyChordSampler

    given, folder = {}, tmp_path / "out"

    def run(runner, goal, settings_dict_in, comm, **options):
        given.update(settings_dict_in, goal=goal, **options)
        log_likelihood, prior, _ = runner
        given["value"] = log_likelihood(prior(np.full(2, 0.5)))
        np.savetxt(folder / "x_equal_weights.txt", [[6.0, 1.0, 2.0], [12.0, 4.0, 5.0]])

    modules = {
        "dyPolyChord": {"run_dypolychord": run},
        "dyPolyChord.pypolychord_utils": {"RunPyPolyChord": lambda *arguments: arguments},
        "nestcheck": {},
        "nestcheck.data_processing": {
            "process_polychord_run": lambda *_: {"output": {"logZ": 7.0, "logZerr": 0.1, "param_means": [1, 2]}}
        },
    }
    for name, content in modules.items():
        module = types.ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    settings = {"seed": 1}
    sampler = DyPolyChordSampler(
        likelihood,
        output_dir=str(folder),
        output_basename="x",
        polychord_settings=settings,
        remove_output_dir=True,
    )
    samples, means, log_z, error, log_l, _ = sampler.run(0.8, {"ninit": 5})
    np.testing.assert_array_equal(samples, [[1, 2], [4, 5]])
    np.testing.assert_array_equal(log_l, [-3, -6])
    assert (log_z, error, means) == (7.0, 0.1, [1, 2]) and not folder.exists()
    assert given["seed"] == 1 and given["file_root"] == "x" and given["goal"] == 0.8 and given["ninit"] == 5
    assert given["value"] == (likelihood.logL(np.mean(likelihood.param_limits, axis=0)), [])
    assert settings == {"seed": 1}


def test_cobaya_options(likelihood, monkeypatch):
    """Priors, start, widths and labels as Cobaya wants them; its best sample is returned as a vector."""
    from jaxtronomy.Sampling.Samplers.cobaya_sampler import CobayaSampler

    names = likelihood.param.num_param()[1]
    best = np.mean(likelihood.param_limits, axis=0)

    class Series(dict):
        def __getitem__(self, keys):
            return types.SimpleNamespace(values=np.array([self.get(k) for k in keys]))

    def run(information):
        function = information["likelihood"]["lens"]["external"]
        information["value"] = function(**dict(zip(names, best)))
        return information, types.SimpleNamespace(
            collection=types.SimpleNamespace(bestfit=lambda: Series(zip(names, best)))
        )

    fake, runner = types.ModuleType("cobaya"), types.ModuleType("cobaya.run")
    runner.run = run
    monkeypatch.setitem(sys.modules, "cobaya", fake)
    monkeypatch.setitem(sys.modules, "cobaya.run", runner)
    sampler = CobayaSampler(likelihood, best, np.array([0.01, 0.02]))
    information, _, vector = sampler.run(proposal_widths={n: 0.1 for n in names}, latex=["a", "b"], Rminus1_stop=9)
    assert vector == list(best) and information["value"] == likelihood.logL(best)
    assert information["sampler"]["mcmc"]["Rminus1_stop"] == 9 and information["sampler"]["mcmc"]["max_tries"] == 200
    entry = information["params"][names[1]]
    assert entry["prior"] == {"dist": "uniform", "min": 0.18, "max": 0.22}
    assert entry["ref"] == {"dist": "norm", "loc": best[1], "scale": 0.02}
    assert entry["proposal"] == 0.1 and entry["latex"] == "b"
    with pytest.raises(TypeError, match="a list or a dictionary, not float"):
        sampler.run(proposal_widths=0.1)
    with pytest.raises(ValueError, match="latex: 1 values are given for 2 parameters"):
        sampler.run(latex=["a"])
    with pytest.raises(ValueError, match="drag is not possible"):
        sampler.run(drag=True)
