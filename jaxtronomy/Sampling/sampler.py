"""Optimisers and samplers of a likelihood.

A likelihood that is one program is climbed on the device (swarm, gradient) or handed to the samplers in batches; any
other one vector at a time, in a pool of processes if one is asked for.
"""

import time

import numpy as np
import scipy
from tqdm import tqdm

from jaxtronomy.core.ascent import ascend
from jaxtronomy.core.extras import require
from jaxtronomy.Sampling.Pool.parallelization_util import sampler_logl_worker, set_sampler_likelihood_module
from jaxtronomy.Sampling.Pool.pool import choose_pool
from jaxtronomy.Sampling.Samplers.pso import ParticleSwarmOptimizer
from jaxtronomy.Util import sampling_util

__all__ = ["Sampler"]

# what zeus.EnsembleSampler is given, unless the user says otherwise
ZEUS_OPTIONS = {
    "moves": None,
    "tune": True,
    "tolerance": 0.05,
    "patience": 5,
    "maxsteps": 10000,
    "mu": 1.0,
    "maxiter": 10000,
    "blobs_dtype": None,
    "verbose": True,
    "check_walkers": True,
    "shuffle_ensemble": True,
    "light_mode": False,
}
# callbacks of zeus: the switch, the class, its options
ZEUS_CALLBACKS = (
    (
        "autocorrelation_callback",
        "AutocorrelationCallback",
        {"ncheck": 1, "dact": 0.01, "nact": 50, "discard": 0.5, "trigger": True, "method": "mk"},
    ),
    (
        "splitr_callback",
        "SplitRCallback",
        {"ncheck": 1, "epsilon": 0.01, "nsplits": 2, "discard": 0.5, "trigger": True},
    ),
    ("miniter_callback", "MinIterCallback", {"nmin": 1000}),
)


class Sampler:
    """Optimisers and samplers of one likelihood."""

    def __init__(self, likelihood_class):
        """
        :param likelihood_class: instance of :class:`~jaxtronomy.Sampling.likelihood.Likelihood`
        """
        self.chain = likelihood_class
        self.lower_limit, self.upper_limit = self.chain.param_limits
        set_sampler_likelihood_module(self.chain)  # every process of an MPI run comes past here

    def _traced(self):
        """The pure function and the model that stand behind the likelihood, or None."""
        traced = getattr(self.chain, "traced_function", None)
        return None if traced is None else traced()

    def _pool_and_logl(self, mpi, threadCount):
        """A pool, and the log likelihood of one vector as its workers know it."""
        if mpi:
            return choose_pool(mpi=mpi, processes=threadCount), sampler_logl_worker
        if threadCount != 1:
            pool = choose_pool(
                mpi=mpi,
                processes=threadCount,
                initializer=set_sampler_likelihood_module,
                initargs=(self.chain,),
            )
            return pool, sampler_logl_worker
        return choose_pool(mpi=mpi, processes=threadCount), self.chain.logL

    def _evaluation(self, mpi, threadCount):
        """How samplers evaluate vectors: a pool or None, a function, whether it takes many vectors at once."""
        if not mpi and self._traced() is not None:
            return None, self.chain.logL_batch, True
        return *self._pool_and_logl(mpi=mpi, threadCount=threadCount), False

    def _initial(self, initpos, mean_start, sigma_start, n_walkers):
        """Where walkers start: where they are told to, or in a ball within the limits."""
        if initpos is not None:
            return initpos
        return sampling_util.sample_ball_truncated(
            np.asarray(mean_start, dtype=float),
            np.asarray(sigma_start, dtype=float),
            self.lower_limit,
            self.upper_limit,
            size=n_walkers,
        )

    def simplex(self, init_pos, n_iterations, method, print_key="SIMPLEX"):
        """Climb with a method of ``scipy.optimize.minimize``.

        :param init_pos: where to start
        :param n_iterations: largest number of iterations
        :param method: name of the method, for example 'Nelder-Mead' or 'Powell'
        :param print_key: what it is called when it is announced
        :return: best position
        """
        print("Performing the optimization using algorithm:", method)
        begin = time.time()
        options = {"maxiter": n_iterations, "disp": False}
        result = scipy.optimize.minimize(self.chain.negativelogL, x0=init_pos, method=method, options=options)
        print(f"{result.message} ({result.nit} iterations, {result.nfev} evaluations)")
        self._report(result.x, self.chain.logL(result.x), time.time() - begin, print_key)
        return result.x

    def pso(
        self,
        n_particles,
        n_iterations,
        lower_start=None,
        upper_start=None,
        threadCount=1,
        init_pos=None,
        mpi=False,
        print_key="PSO",
        verbose=True,
    ):
        """Climb with a swarm of particles.

        :param n_particles: number of particles
        :param n_iterations: largest number of steps
        :param lower_start: lower limits of the first positions, None: those of the parameters
        :param upper_start: upper limits of the first positions, None: those of the parameters
        :param threadCount: number of processes, for a likelihood that is not one program
        :param init_pos: best position known, None: the middle of the first positions
        :param mpi: True for an MPI pool
        :param print_key: what it is called when it is announced
        :param verbose: whether progress and result are printed
        :return: best position; lists of the best log likelihood, position and velocity after each step
        """
        if lower_start is None or upper_start is None:
            lower_start, upper_start = np.array(self.lower_limit), np.array(self.upper_limit)
            if verbose:
                print("PSO initialises its particles with default values")
        else:
            lower_start = np.maximum(lower_start, self.lower_limit)
            upper_start = np.minimum(upper_start, self.upper_limit)
        if init_pos is None:
            init_pos = (upper_start + lower_start) / 2
        pool, function, batched = self._evaluation(mpi, threadCount)
        swarm = ParticleSwarmOptimizer(
            self.chain.logL if batched else function, lower_start, upper_start, n_particles, pool=pool
        )
        swarm.set_global_best(init_pos, [0] * len(init_pos), self.chain.logL(init_pos))
        verbose = verbose and swarm.is_master()
        if verbose:
            print(f"Computing the {print_key} ...")
        begin = time.time()
        result, history = swarm.optimize(n_iterations, verbose=verbose)
        if verbose:
            self._report(result, swarm.global_best.fitness, time.time() - begin, print_key)
        return result, history

    def gradient(self, mean_start, sigma_start, num_chains, maxiter, tolerance, rng_seed=42, progress=False):
        """Follow the gradient from several starts at once, within the limits (multi-start L-BFGS).

        :param mean_start: first start, and middle of the others
        :param sigma_start: standard deviations of the others
        :param num_chains: number of starts
        :param maxiter: largest number of iterations
        :param tolerance: change of the log likelihood between iterations below which a start has converged
        :param rng_seed: seed of the starts
        :param progress: whether a progress bar is shown
        :return: best position; the best log likelihood so far after each iteration (iterations), the ends (num_chains,
            parameters), their log likelihoods (num_chains)
        :raises ValueError: when the likelihood is not one program
        """
        traced = self._traced()
        if traced is None:
            self.chain._require_program("a gradient")
        lower, upper = np.asarray(self.lower_limit), np.asarray(self.upper_limit)
        first = np.clip(mean_start, lower, upper)
        uniform = np.random.default_rng(rng_seed).uniform(size=(num_chains - 1, len(first)))
        a, b = (lower - first) / sigma_start, (upper - first) / sigma_start
        others = scipy.stats.truncnorm.ppf(uniform, a, b, loc=first, scale=sigma_start)
        starts = np.concatenate([first[None, :], others])
        with tqdm(total=maxiter, disable=not progress) as bar:

            def report(made, values):
                bar.update(made - bar.n)
                bar.set_postfix_str(f"log likelihood {np.max(values):.6g}")

            ends, history = ascend(*traced, starts, lower, upper, maxiter, tolerance, report=report)
        values = self.chain.logL_batch(ends)
        best = ends[np.argmax(values)]
        if self.chain.logL(mean_start) > np.max(values):
            best = np.asarray(mean_start)
        return best, [np.maximum.accumulate(np.max(history, axis=1)), ends, values]

    def mcmc_emcee(
        self,
        n_walkers,
        n_run,
        n_burn,
        mean_start,
        sigma_start,
        mpi=False,
        progress=False,
        threadCount=1,
        initpos=None,
        backend_filename=None,
        start_from_backend=False,
    ):
        """Sample with the affine-invariant ensemble of emcee (Foreman-Mackey et al. 2013).

        :param n_walkers: number of walkers
        :param n_run: number of steps that are kept
        :param n_burn: number of steps before, which are not returned
        :param mean_start: middle of the first positions
        :param sigma_start: their standard deviations
        :param mpi: True for an MPI pool
        :param progress: whether a progress bar is shown
        :param threadCount: number of processes, for a likelihood that is not one program
        :param initpos: first positions, (n_walkers, parameters); None: drawn
        :param backend_filename: HDF5 file in which all steps are kept, or None
        :param start_from_backend: True to go on from the steps in that file, False to overwrite it
        :return: samples (n, parameters), their log likelihoods (n)
        :raises ImportError: when a file is asked for and h5py is not installed
        """
        import emcee

        num_param, _ = self.chain.param.num_param()
        pool, function, vectorize = self._evaluation(mpi, threadCount)
        master = pool is None or pool.is_master()
        steps, backend = n_burn + n_run, None
        if backend_filename is not None:
            require("h5py", "backend_filename")
            backend = emcee.backends.HDFBackend(backend_filename, name="lenstronomy_mcmc_emcee")
            if start_from_backend:
                steps = n_run
            else:
                backend.reset(n_walkers, num_param)
            if master:
                print(f"Warning: All samples (including burn-in) will be saved in backup file '{backend_filename}'.")
        resume = backend is not None and start_from_backend
        if resume and not (backend.initialized and backend.iteration):
            raise ValueError(f"start_from_backend: there are no samples in {backend_filename!r} to start from.")
        start = None if resume else self._initial(initpos, mean_start, sigma_start, n_walkers)
        begin = time.time()
        sampler = emcee.EnsembleSampler(n_walkers, num_param, function, pool=pool, backend=backend, vectorize=vectorize)
        sampler.run_mcmc(start, steps, progress=progress)
        samples = sampler.get_chain(discard=n_burn, thin=1, flat=True)
        values = sampler.get_log_prob(discard=n_burn, thin=1, flat=True)
        if master:
            print("Computing the MCMC...")
            print("Number of walkers = ", n_walkers)
            print("Burn-in iterations: ", n_burn)
            print("Sampling iterations (in current run):", steps)
            print(time.time() - begin, "time taken for MCMC sampling")
        return samples, values

    def mcmc_zeus(
        self,
        n_walkers,
        n_run,
        n_burn,
        mean_start,
        sigma_start,
        mpi=False,
        threadCount=1,
        progress=False,
        initpos=None,
        backend_filename=None,
        **kwargs_zeus,
    ):
        """Sample with the ensemble slices of zeus (Karamanis & Beutler 2021; Karamanis, Beutler & Peacock 2021).

        :param n_walkers: number of walkers
        :param n_run: number of steps that are kept
        :param n_burn: number of steps before, which are not returned
        :param mean_start: middle of the first positions
        :param sigma_start: their standard deviations
        :param mpi: True for an MPI pool
        :param threadCount: number of processes, for a likelihood that is not one program
        :param progress: whether a progress bar is shown
        :param initpos: first positions, (n_walkers, parameters); None: drawn
        :param backend_filename: HDF5 file in which the steps are kept, or None
        :param kwargs_zeus: options of ``zeus.EnsembleSampler``; ``autocorrelation_callback``, ``splitr_callback`` and
            ``miniter_callback`` (True or False), and the options of these callbacks
        :return: samples (n, parameters), their log likelihoods (n)
        :raises ImportError: when zeus is not installed, or a file is asked for and h5py is not
        """
        zeus = require("zeus", "The zeus sampler")
        print("Using zeus to perform the MCMC.")
        num_param, _ = self.chain.param.num_param()
        start = self._initial(initpos, mean_start, sigma_start, n_walkers)
        callbacks = []
        if backend_filename is not None:
            require("h5py", "backend_filename")
            ncheck = kwargs_zeus.get("ncheck", 1)
            callbacks.append(zeus.callbacks.SaveProgressCallback(filename=backend_filename, ncheck=ncheck))
        for switch, name, options in ZEUS_CALLBACKS:
            if kwargs_zeus.get(switch, False):
                options = {k: kwargs_zeus.get(k, v) for k, v in options.items()}
                callbacks.append(getattr(zeus.callbacks, name)(**options))
        pool, function, vectorize = self._evaluation(mpi, threadCount)
        sampler = zeus.EnsembleSampler(
            nwalkers=n_walkers,
            ndim=num_param,
            logprob_fn=function,
            pool=pool,
            vectorize=vectorize,
            **{k: kwargs_zeus.get(k, v) for k, v in ZEUS_OPTIONS.items()},
        )
        sampler.run_mcmc(start, n_burn + n_run, progress=progress, callbacks=callbacks)
        samples = sampler.get_chain(flat=True, thin=1, discard=n_burn)
        return samples, sampler.get_log_prob(flat=True, thin=1, discard=n_burn)

    def _report(self, result, value, seconds, print_key):
        """Print how good a position is, and how long it took to find it."""
        freedom = max(self.chain.effective_num_data_points(**self.chain.param.args2kwargs(result)), 1)
        print(-2 * value / freedom, "reduced X^2 of best position")
        print(value, "log likelihood")
        self._print_result(result)
        print(seconds, "time used for ", print_key)
        print("===================")

    def _print_result(self, result):
        """Print the parameter lists of a position."""
        kwargs = self.chain.param.args2kwargs(result)
        print(self.chain.effective_num_data_points(**kwargs), "effective number of data points")
        for key, name in (
            ("kwargs_lens", "lens"),
            ("kwargs_source", "source"),
            ("kwargs_lens_light", "lens light"),
            ("kwargs_ps", "point source"),
            ("kwargs_tracer_source", "tracer source"),
            ("kwargs_special", "special param"),
        ):
            print(kwargs.get(key), name, "result")
