"""A fit as a list of steps: optimisers, samplers, changes of settings, PSF and alignment of the images."""

import copy

import numpy as np

from jaxtronomy.core.tree import freeze
from jaxtronomy.Sampling.likelihood import Likelihood
from jaxtronomy.Sampling.sampler import Sampler
from jaxtronomy.Util import analysis_util
from jaxtronomy.Workflow.multi_band_manager import MultiBandUpdateManager

__all__ = ["FittingSequence"]

# steps by name: the method that makes them; it returns an entry of the chain list, or None
SETTINGS = {
    "restart": "_restart",
    "update_settings": "update_settings",
    "set_param_value": "set_param_value",
    "fix_not_computed": "fix_not_computed",
    "psf_iteration": "psf_iteration",
    "align_images": "align_images",
    "calibrate_images": "flux_calibration",
}
FITS = {
    "PSO": "_step_pso",
    "SIMPLEX": "_step_simplex",
    "optax": "_step_optax",
    "MCMC": "_step_mcmc",
    "emcee": "_step_mcmc",
    "zeus": "_step_mcmc",
    "Nautilus": "_step_nautilus",
    "Cobaya": "_step_cobaya",
    "dynesty": "_step_nested",
    "dyPolyChord": "_step_nested",
    "MultiNest": "_step_nested",
    "nested_sampling": "_step_nested",
}


class FittingSequence:
    """A fit, step by step: each one starts where the last one ended."""

    def __init__(
        self,
        kwargs_data_joint,
        kwargs_model,
        kwargs_constraints,
        kwargs_likelihood,
        kwargs_params,
        mpi=False,
        verbose=True,
    ):
        """
        :param kwargs_data_joint: the data, see :class:`~jaxtronomy.Sampling.likelihood.Likelihood`; steps that change
            the PSF or the coordinates of an image change them here
        :param kwargs_model: arguments of :func:`~jaxtronomy.Util.class_creator.create_class_instances`
        :param kwargs_constraints: arguments of :class:`~jaxtronomy.Sampling.parameters.Param`, limits and fixed
            parameters aside
        :param kwargs_likelihood: arguments of :class:`~jaxtronomy.Sampling.likelihood.Likelihood`
        :param kwargs_params: for 'lens_model', 'source_model', 'lens_light_model', 'point_source_model',
            'extinction_model', 'tracer_source_model' and 'special': ``[start, width, fixed, lower, upper]``
        :param mpi: whether the steps that can run in an MPI pool do so
        :param verbose: whether progress and results are printed
        """
        self.kwargs_data_joint = kwargs_data_joint
        self.multi_band_list = kwargs_data_joint.get("multi_band_list", [])
        self.multi_band_type = kwargs_data_joint.get("multi_band_type", "single-band")
        self._verbose, self._mpi = verbose, mpi
        self._updateManager = MultiBandUpdateManager(
            kwargs_model, kwargs_constraints, kwargs_likelihood, kwargs_params, num_bands=len(self.multi_band_list)
        )
        self._mcmc_init_samples = None
        self._psf_iteration_memory, self._psf_iteration_index = [], 0
        self._likelihood_cache = None

    def __getstate__(self):
        return {**self.__dict__, "_likelihood_cache": None}

    @property
    def kwargs_fixed(self):
        """Fixed parameters: lens, source, lens light, point sources, special, dust, tracer."""
        return self._updateManager.fixed_kwargs

    def fit_sequence(self, fitting_list):
        """Make the steps of a list.

        :param fitting_list: ``[[name, options], ...]``. Fits: 'PSO', 'SIMPLEX', 'optax', 'MCMC' or 'emcee', 'zeus',
            'Nautilus', 'dynesty' or 'nested_sampling', 'dyPolyChord', 'MultiNest', 'Cobaya'. Others: 'restart',
            'update_settings', 'set_param_value', 'fix_not_computed', 'psf_iteration', 'align_images',
            'calibrate_images'. Options are the arguments of the method of that step
        :return: one entry for each fit, a list that starts with the name of the method
        :raises ValueError: when a step is not known, before any of them is made
        """
        steps = [(step[0], dict(step[1] or {})) for step in fitting_list]
        for name, _ in steps:
            if name not in FITS and name not in SETTINGS:
                raise ValueError(
                    f"fitting_sequence {name!r} is not supported; available are {', '.join([*FITS, *SETTINGS])}."
                )
        chain_list = []
        for name, options in steps:
            if name in SETTINGS:
                getattr(self, SETTINGS[name])(**options)
            else:
                self._updateManager.check_initial_state()
                chain_list.append(getattr(self, FITS[name])(name, **options))
        return chain_list

    # the state --------------------------------------------------------------------------------------------------------

    def best_fit(self, bijective=False):
        """The best parameters so far.

        :param bijective: True for the parameters as they are sampled (image-plane centres, unscaled lenses)
        :return: dictionary of parameter lists
        """
        return self._updateManager.best_fit(bijective=bijective)

    def update_state(self, kwargs_update):
        """Replace the parameters of the state.

        :param kwargs_update: dictionary of parameter lists
        """
        self._updateManager.update_param_state(**kwargs_update)

    def best_fit_likelihood(self, verbose=False):
        """Log likelihood of the best parameters so far.

        :param verbose: whether each term is printed
        :return: log likelihood
        """
        args = self.param_class.kwargs2args(**self.best_fit(bijective=True))
        return self.likelihood_class.logL(args, verbose=verbose)

    @property
    def bic(self):
        """Bayesian information criterion of the best parameters so far."""
        number = self.param_class.num_param()[0] + self.param_class.num_param_linear()
        return analysis_util.bic_model(self.best_fit_likelihood(verbose=False), self.likelihood_class.num_data, number)

    @property
    def param_class(self):
        """The Param as it is now."""
        return self._updateManager.param_class

    @property
    def likelihood_class(self):
        """The Likelihood as it is now: the same object until settings or data change."""
        manager, param = self._updateManager, self.param_class
        settings = freeze((self.kwargs_data_joint, manager.kwargs_model, manager.kwargs_likelihood))
        cache = self._likelihood_cache
        if cache is None or cache[0] is not param or cache[1] != settings:
            likelihood = Likelihood(self.kwargs_data_joint, manager.kwargs_model, param, **manager.kwargs_likelihood)
            cache = self._likelihood_cache = param, settings, likelihood
        return cache[2]

    @property
    def psf_iteration_memory(self):
        """All changes of PSFs: dictionaries with 'sequence' (which step), 'band', 'psf_before' and 'psf_after'."""
        return self._psf_iteration_memory

    def _restart(self):
        """Go back to the start."""
        self._updateManager.set_init_state()
        self._updateManager.check_initial_state()

    def _start_and_width(self, sigma_scale=1):
        """The state, and typical widths, as vectors that are sampled."""
        param, manager = self.param_class, self._updateManager
        start = np.asarray(param.kwargs2args(**manager.parameter_state), dtype=float)
        return start, np.asarray(param.kwargs2args(**manager.sigma_kwargs), dtype=float) * sigma_scale

    def _update_state(self, result):
        """Take a vector that is sampled as the state."""
        self._updateManager.update_param_state(**self.param_class.args2kwargs(result, bijective=True))

    # fits -------------------------------------------------------------------------------------------------------------

    def _step_pso(self, name, **options):
        kwargs_result, chain, names = self.pso(**options)
        self.update_state(kwargs_result)
        return [name, chain, names]

    def pso(self, n_particles, n_iterations, sigma_scale=1, print_key="PSO", threadCount=1):
        """Particle swarm optimisation.

        :param n_particles: number of particles
        :param n_iterations: largest number of steps
        :param sigma_scale: factor of the widths within which the particles start
        :param print_key: what it is called when it is announced
        :param threadCount: number of processes, for a likelihood that is not one program
        :return: best parameters; lists of the best log likelihood, position and velocity after each step; names of the
            parameters
        """
        param = self.param_class
        start, width = self._start_and_width(sigma_scale)
        middle = np.clip(start, *param.param_limits())
        result, chain = Sampler(likelihood_class=self.likelihood_class).pso(
            n_particles,
            n_iterations,
            middle - width,
            middle + width,
            init_pos=start,
            threadCount=threadCount,
            mpi=self._mpi,
            print_key=print_key,
            verbose=self._verbose,
        )
        return param.args2kwargs(result, bijective=True), chain, param.num_param()[1]

    def _step_simplex(self, name, **options):
        kwargs_result = self.simplex(**options)
        self.update_state(kwargs_result)
        return [name, kwargs_result]

    def simplex(self, n_iterations, method="Nelder-Mead"):
        """A method of ``scipy.optimize.minimize``.

        :param n_iterations: largest number of iterations
        :param method: its name
        :return: best parameters
        """
        start, _ = self._start_and_width()
        result = Sampler(likelihood_class=self.likelihood_class).simplex(start, n_iterations, method)
        return self.param_class.args2kwargs(result, bijective=True)

    def _step_optax(self, name, **options):
        result, (history, ends, values), names = self.optax(**options)
        self._update_state(result)
        return [name, history, ends, values, names]

    def optax(self, num_chains=8, maxiter=300, tolerance=1e-3, sigma_scale=1, rng_seed=42, progress=True):
        """Gradient ascent (L-BFGS) from several starts at once, within the limits.

        The first start is the state; the others are drawn around it, normally within the limits.

        :param num_chains: number of starts
        :param maxiter: largest number of iterations
        :param tolerance: change of the log likelihood between iterations below which a start has converged
        :param sigma_scale: factor of the widths within which the starts are drawn
        :param rng_seed: seed of the draws
        :param progress: whether a progress bar is shown
        :return: best vector; the best log likelihood so far after each iteration, the ends (num_chains, parameters),
            their log likelihoods; names of the parameters
        :raises ValueError: when the likelihood is not one program
        """
        names = self.param_class.num_param()[1]
        start, width = self._start_and_width(sigma_scale)
        sampler = Sampler(likelihood_class=self.likelihood_class)
        return *sampler.gradient(start, width, num_chains, maxiter, tolerance, rng_seed, progress), names

    def _step_mcmc(self, name, **options):
        if name == "MCMC":
            print("MCMC selected. Sampling with default option emcee.")
            name = "emcee"
        if options.get("init_samples") is None:
            options["init_samples"] = self._mcmc_init_samples
        output = self.mcmc(**options, sampler_type=name)
        self.update_state(self._result_from_mcmc(output))
        return output

    def mcmc(
        self,
        n_burn,
        n_run,
        walkerRatio=None,
        n_walkers=None,
        sigma_scale=1,
        threadCount=1,
        init_samples=None,
        re_use_samples=True,
        sampler_type="emcee",
        progress=True,
        backend_filename=None,
        start_from_backend=False,
        **kwargs_zeus,
    ):
        """Markov chains of an ensemble of walkers.

        :param n_burn: number of steps before those that are kept
        :param n_run: number of steps that are kept
        :param walkerRatio: number of walkers for each parameter
        :param n_walkers: number of walkers, instead of ``walkerRatio``
        :param sigma_scale: factor of the widths within which the walkers start
        :param threadCount: number of processes, for a likelihood that is not one program
        :param init_samples: samples (n, parameters) from which the walkers start
        :param re_use_samples: whether ``init_samples`` are used
        :param sampler_type: 'emcee' or 'zeus'
        :param progress: whether a progress bar is shown
        :param backend_filename: HDF5 file in which all steps are kept, or None
        :param start_from_backend: True to go on from the steps in that file (emcee)
        :param kwargs_zeus: options of zeus
        :return: ``[sampler_type, samples, names of the parameters, log likelihoods]``
        :raises ValueError: when the number of walkers is not given, or samples have other parameters
        """
        if n_walkers is None and walkerRatio is None:
            raise ValueError("MCMC sampler needs either n_walkers or walkerRatio as input argument")
        number, names = self.param_class.num_param()
        n_walkers = number * walkerRatio if n_walkers is None else n_walkers
        start, width = self._start_and_width(sigma_scale)
        first = None
        if init_samples is not None and re_use_samples:
            if np.shape(init_samples)[1] != number:
                raise ValueError(
                    f"previous samples have {np.shape(init_samples)[1]} parameters, now {number} are sampled; "
                    "re_use_samples=False starts afresh."
                )
            print("re-using previous samples to initialize the next MCMC run.")
            # distinct walkers wherever there are samples enough: an ensemble moves along their differences
            replace = len(init_samples) < n_walkers
            first = np.asarray(init_samples)[np.random.choice(len(init_samples), n_walkers, replace=replace)]
        common = {"mpi": self._mpi, "threadCount": threadCount, "progress": progress, "initpos": first}
        sampler = Sampler(likelihood_class=self.likelihood_class)
        if sampler_type == "zeus":
            run, options = sampler.mcmc_zeus, kwargs_zeus
        else:
            run, options = sampler.mcmc_emcee, {"start_from_backend": start_from_backend}
        samples, values = run(
            n_walkers, n_run, n_burn, start, width, backend_filename=backend_filename, **common, **options
        )
        self._mcmc_init_samples = samples
        return [sampler_type, samples, names, values]

    def _result_from_mcmc(self, mcmc_output):
        """The parameters of the best sample."""
        _, samples, _, values = mcmc_output
        return self.best_fit_from_samples(samples, values)

    def best_fit_from_samples(self, samples, logl):
        """The parameters of the best sample.

        :param samples: samples, (n, parameters)
        :param logl: their log likelihoods, (n)
        :return: dictionary of parameter lists, as they are sampled
        """
        return self.param_class.args2kwargs(np.array(samples[np.argmax(logl)]), bijective=True)

    def _step_nautilus(self, name, **options):
        from jaxtronomy.Sampling.Samplers.nautilus_sampler import NautilusSampler

        sampler = NautilusSampler(likelihood_module=self.likelihood_class, mpi=self._mpi, **options)
        samples, _, log_z, log_z_err, log_l, results = sampler.run(**options)
        if options.get("verbose", False):
            print(len(samples), "number of points sampled")
        self.update_state(self.best_fit_from_samples(results["points"], results["log_l"]))
        return [name, samples, sampler.param_names, log_l, log_z, log_z_err, results]

    def _step_cobaya(self, name, **options):
        from jaxtronomy.Sampling.Samplers.cobaya_sampler import CobayaSampler

        print("Using the Metropolis--Hastings MCMC sampler in Cobaya.")
        info, sampler_type, best = CobayaSampler(self.likelihood_class, *self._start_and_width()).run(**options)
        return [info, sampler_type, self.param_class.args2kwargs(np.asarray(best, dtype=float), bijective=True)]

    def _step_nested(self, name, **options):
        if name == "nested_sampling":
            print("Nested sampling selected. Sampling with default option dynesty.")
            name = "dynesty"
        return self.nested_sampling(**options, sampler_type=name)

    def nested_sampling(
        self,
        sampler_type="dynesty",
        kwargs_run={},  # noqa: B006
        prior_type="uniform",
        width_scale=1,
        sigma_scale=1,
        output_basename="chain",
        remove_output_dir=True,
        dypolychord_dynamic_goal=0.8,
        polychord_settings={},  # noqa: B006
        dypolychord_seed_increment=200,
        output_dir="nested_sampling_chains",
        dynesty_bound="multi",
        dynesty_sample="auto",
    ):
        """(Dynamic) nested sampling.

        :param sampler_type: 'dynesty', 'dyPolyChord' or 'MultiNest'
        :param kwargs_run: options of the run of that sampler
        :param prior_type: 'uniform' or 'gaussian' (around the state, truncated at the limits)
        :param width_scale: factor of the widths between the limits
        :param sigma_scale: factor of the widths of Gaussian priors
        :param output_basename: what the files of MultiNest and PolyChord start with
        :param remove_output_dir: whether their folder is removed in the end
        :param dypolychord_dynamic_goal: 0 for the evidence, 1 for the posterior, or in between
        :param polychord_settings: settings of PolyChord
        :param dypolychord_seed_increment: increment of the seed between processes
        :param output_dir: folder of the files of MultiNest and PolyChord
        :param dynesty_bound: ``bound`` of dynesty
        :param dynesty_sample: ``sample`` of dynesty
        :return: ``[sampler_type, samples, names of the parameters, log likelihoods, log evidence, its error, what the
            sampler returned]``
        """
        mean, sigma = self._prepare_sampling(prior_type)
        prior = {
            "prior_type": prior_type,
            "prior_means": mean,
            "prior_sigmas": sigma,
            "width_scale": width_scale,
            "sigma_scale": sigma_scale,
            "use_mpi": self._mpi,
        }
        files = {
            "output_dir": output_dir,
            "output_basename": output_basename,
            "remove_output_dir": remove_output_dir,
        }
        arguments = (kwargs_run,)
        if sampler_type == "dyPolyChord":
            from jaxtronomy.Sampling.Samplers.polychord_sampler import DyPolyChordSampler

            sampler = DyPolyChordSampler(
                self.likelihood_class,
                polychord_settings=polychord_settings,
                resume_dyn_run=kwargs_run.get("resume_dyn_run", False) is True,
                **prior,
                **files,
            )
            arguments = (dypolychord_dynamic_goal, kwargs_run)
        elif sampler_type == "MultiNest":
            from jaxtronomy.Sampling.Samplers.multinest_sampler import MultiNestSampler

            sampler = MultiNestSampler(self.likelihood_class, **prior, **files)
        else:
            from jaxtronomy.Sampling.Samplers.dynesty_sampler import DynestySampler

            sampler = DynestySampler(self.likelihood_class, bound=dynesty_bound, sample=dynesty_sample, **prior)
        samples, _, log_z, log_z_err, log_l, results = sampler.run(*arguments)
        candidates = np.unique(np.asarray(samples, dtype=float), axis=0)
        self.update_state(self.best_fit_from_samples(candidates, self.likelihood_class.logL_batch(candidates)))
        return [sampler_type, samples, sampler.param_names, log_l, log_z, log_z_err, results]

    def _prepare_sampling(self, prior_type):
        """Means and widths of Gaussian priors, None and None for others."""
        return self._start_and_width() if prior_type == "gaussian" else (None, None)

    # changes of the data ----------------------------------------------------------------------------------------------

    def _bands(self, compute_bands):
        """Indices of the bands that a step is for."""
        if compute_bands is None:
            return list(range(len(self.multi_band_list)))
        return [i for i, compute in zip(range(len(self.multi_band_list)), compute_bands) if compute]

    def psf_iteration(self, compute_bands=None, **kwargs_psf_iter):
        """Estimate the PSF from the point sources, in turn with the image.

        :param compute_bands: for each band, whether it takes part
        :param kwargs_psf_iter: options of
            :meth:`~jaxtronomy.Workflow.psf_fitting.PsfFitting.update_iterative`
        :return: 0; the PSF is changed in ``multi_band_list``
        """
        from jaxtronomy.ImSim.MultiBand.single_band_multi_model import SingleBandMultiModel
        from jaxtronomy.Workflow.psf_fitting import PsfFitting

        likelihood = self._updateManager.kwargs_likelihood
        kwargs_params = self.best_fit(bijective=False)
        for i in self._bands(compute_bands):
            before = copy.deepcopy(self.multi_band_list[i][1])
            model = SingleBandMultiModel(
                self.multi_band_list,
                self._updateManager.kwargs_model,
                likelihood_mask_list=likelihood.get("image_likelihood_mask_list"),
                band_index=i,
                kwargs_pixelbased=likelihood.get("kwargs_pixelbased"),
            )
            after = PsfFitting(image_model_class=model).update_iterative(
                self.multi_band_list[i][1], kwargs_params=kwargs_params, **kwargs_psf_iter
            )
            self.multi_band_list[i][1] = after
            self._psf_iteration_memory.append(
                {"sequence": self._psf_iteration_index, "band": i, "psf_before": before, "psf_after": after}
            )
        self._psf_iteration_index += 1
        return 0

    def align_images(
        self,
        n_particles=10,
        n_iterations=10,
        align_offset=True,
        align_rotation=False,
        threadCount=1,
        compute_bands=None,
        delta_shift=0.2,
        delta_rot=0.1,
    ):
        """Shift and rotate the coordinates of each image so that the model, as it is, fits best.

        :param n_particles: number of particles of the swarm
        :param n_iterations: largest number of its steps
        :param align_offset: whether images are shifted
        :param align_rotation: whether images are rotated
        :param threadCount: number of processes
        :param compute_bands: for each band, whether it takes part
        :param delta_shift: largest shift [arcsec]
        :param delta_rot: largest rotation [radian]
        :return: 0; the coordinates are changed in ``multi_band_list``
        """
        from jaxtronomy.Workflow.alignment_matching import AlignmentFitting

        masks = self._updateManager.kwargs_likelihood.get("image_likelihood_mask_list")
        kwargs_params = self.best_fit(bijective=False)
        for i in self._bands(compute_bands):
            alignment = AlignmentFitting(
                self.multi_band_list,
                self._updateManager.kwargs_model,
                kwargs_params,
                band_index=i,
                likelihood_mask_list=masks,
                align_offset=align_offset,
                align_rotation=align_rotation,
            )
            kwargs_data, _ = alignment.pso(
                n_particles=n_particles,
                n_iterations=n_iterations,
                delta_shift=delta_shift,
                delta_rot=delta_rot,
                threadCount=threadCount,
                mpi=self._mpi,
                print_key=f"Alignment fitting for band {i} ...",
                verbose=self._verbose,
            )
            if self._verbose:
                found = ", ".join(f"{key}: {kwargs_data.get(key, 0)}" for key in ("ra_shift", "dec_shift", "phi_rot"))
                print(f"Align completed for band {i}.\n{found}")
            self.multi_band_list[i][0] = kwargs_data
        return 0

    def flux_calibration(
        self,
        n_particles=10,
        n_iterations=10,
        threadCount=1,
        calibrate_bands=None,
        scaling_lower_limit=0,
        scaling_upper_limit=1000,
    ):
        """Scale the fluxes of images against each other, for a joint-linear model.

        :param n_particles: number of particles of the swarm
        :param n_iterations: largest number of its steps
        :param threadCount: number of processes
        :param calibrate_bands: for each band, whether it is scaled
        :param scaling_lower_limit: lower limit of the scaling
        :param scaling_upper_limit: upper limit of the scaling
        :return: 0; the scalings are changed in ``multi_band_list``
        """
        from jaxtronomy.Workflow.flux_calibration import FluxCalibration

        calibration = FluxCalibration(
            kwargs_imaging=self.likelihood_class.kwargs_imaging,
            kwargs_model=self._updateManager.kwargs_model,
            kwargs_params=self.best_fit(bijective=False),
            calibrate_bands=calibrate_bands,
        )
        bands, _ = calibration.pso(
            n_particles=n_particles,
            n_iterations=n_iterations,
            threadCount=threadCount,
            mpi=self._mpi,
            scaling_lower_limit=scaling_lower_limit,
            scaling_upper_limit=scaling_upper_limit,
        )
        for band, calibrated in zip(self.multi_band_list, bands):
            band[0] = calibrated[0]
        return 0

    # changes of settings ----------------------------------------------------------------------------------------------

    def update_settings(
        self,
        kwargs_model=None,
        kwargs_constraints=None,
        kwargs_likelihood=None,
        lens_add_fixed=None,
        source_add_fixed=None,
        lens_light_add_fixed=None,
        ps_add_fixed=None,
        special_add_fixed=None,
        tracer_source_add_fixed=None,
        lens_remove_fixed=None,
        source_remove_fixed=None,
        lens_light_remove_fixed=None,
        ps_remove_fixed=None,
        special_remove_fixed=None,
        tracer_source_remove_fixed=None,
        change_source_lower_limit=None,
        change_source_upper_limit=None,
        change_lens_lower_limit=None,
        change_lens_upper_limit=None,
        change_sigma_lens=None,
        change_sigma_source=None,
        change_sigma_lens_light=None,
    ):
        """Change options, what is fixed, limits and widths for the steps to come; what is not named stays.

        :param kwargs_model: options of the models
        :param kwargs_constraints: options of Param
        :param kwargs_likelihood: options of Likelihood
        :param lens_add_fixed: ``[[i_model, [name, ...], [value, ...]], ...]``, without values: as they are now;
            likewise for the other groups
        :param special_add_fixed: ``[name, ...]``
        :param lens_remove_fixed: ``[[i_model, [name, ...]], ...]``; likewise for the other groups
        :param special_remove_fixed: ``[name, ...]``
        :param change_source_lower_limit: ``[[i_model, [name, ...], [value, ...]], ...]``; likewise the other limits
        :param change_sigma_lens: ``[[i_model, [name, ...], [value, ...]], ...]``; likewise the other widths
        :return: 0
        """
        manager = self._updateManager
        manager.update_options(kwargs_model, kwargs_constraints, kwargs_likelihood)
        manager.update_fixed(
            lens_add_fixed,
            source_add_fixed,
            lens_light_add_fixed,
            ps_add_fixed,
            special_add_fixed,
            tracer_source_add_fixed,
            lens_remove_fixed,
            source_remove_fixed,
            lens_light_remove_fixed,
            ps_remove_fixed,
            special_remove_fixed,
            tracer_source_remove_fixed,
        )
        manager.update_limits(
            change_source_lower_limit,
            change_source_upper_limit,
            change_lens_lower_limit,
            change_lens_upper_limit,
        )
        manager.update_sigmas(change_sigma_lens, change_sigma_source, change_sigma_lens_light)
        return 0

    def set_param_value(self, **kwargs):
        """Set parameters of the state.

        :param kwargs: ``lens``, ``source``, ``lens_light``, ``ps``: ``[[i_model, [name, ...], [value, ...]], ...]``
        """
        self._updateManager.update_param_value(**kwargs)

    def fix_not_computed(self, free_bands):
        """Free the lens models of the images that are fitted, fix those of the others.

        :param free_bands: for each image, whether it is fitted
        """
        self._updateManager.fix_not_computed(free_bands=free_bands)
