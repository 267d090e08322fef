"""Nested sampling with MultiNest (Feroz & Hobson 2008; Feroz, Hobson & Bridges 2009; Feroz et al. 2019)."""

import json
import os
import shutil

from jaxtronomy.core.extras import require
from jaxtronomy.Sampling.Samplers.base_nested_sampler import NestedSampler

__all__ = ["MultiNestSampler"]


class MultiNestSampler(NestedSampler):
    """Wrapper of pymultinest."""

    def __init__(
        self,
        likelihood_module,
        prior_type="uniform",
        prior_means=None,
        prior_sigmas=None,
        width_scale=1,
        sigma_scale=1,
        output_dir=None,
        output_basename="-",
        remove_output_dir=False,
        use_mpi=False,
    ):
        """
        :param likelihood_module: Likelihood
        :param prior_type: 'uniform' or 'gaussian'
        :param prior_means: means of Gaussian priors
        :param prior_sigmas: standard deviations of Gaussian priors
        :param width_scale: factor of the widths of uniform priors
        :param sigma_scale: factor of the widths of Gaussian priors
        :param output_dir: folder of the output, which is made anew; None: multinest_out_default
        :param output_basename: what its files start with
        :param remove_output_dir: whether the folder is removed after the run
        :param use_mpi: whether MultiNest runs with MPI
        """
        super().__init__(likelihood_module, prior_type, prior_means, prior_sigmas, width_scale, sigma_scale)
        self.n_params = self.n_dims
        self._output_dir = "multinest_out_default" if output_dir is None else output_dir
        self._use_mpi, self._rm_output = use_mpi, remove_output_dir
        self._is_master = True
        if use_mpi:
            self._comm = require("mpi4py.MPI", "MultiNest with MPI").COMM_WORLD
            self._is_master = self._comm.Get_rank() == 0
        self.files_basename = os.path.join(self._output_dir, output_basename)
        if self._is_master:
            shutil.rmtree(self._output_dir, ignore_errors=True)
            os.mkdir(self._output_dir)
            with open(self.files_basename + "params.json", "w") as file:  # pymultinest's analyser reads it
                json.dump(self.param_names, file, indent=2)

    def run(self, kwargs_run):
        """Run the sampler.

        :param kwargs_run: options of ``pymultinest.run``
        :return: samples of equal weight (n, parameters), means, log evidence, its error, log likelihoods, statistics
        :raises ImportError: when pymultinest is not installed
        """
        self._announce()
        pymultinest = require("pymultinest", "The MultiNest sampler")
        analyse = require("pymultinest.analyse", "The MultiNest sampler")
        pymultinest.run(
            self.log_likelihood,
            self.prior,
            self.n_dims,
            outputfiles_basename=self.files_basename,
            resume=False,
            verbose=True,
            init_MPI=self._use_mpi,
            **kwargs_run,
        )
        analyzer = analyse.Analyzer(self.n_dims, outputfiles_basename=self.files_basename)
        samples = analyzer.get_equal_weighted_posterior()[:, :-1]
        log_l = -0.5 * analyzer.get_data()[:, 1]
        stats = analyzer.get_stats()
        print(f"MultiNest output files have been saved to {self.files_basename}*")
        if self._rm_output and self._is_master:
            shutil.rmtree(self._output_dir, ignore_errors=True)
            print("MultiNest output directory removed")
        means = stats["modes"][0]["mean"]
        return samples, means, stats["global evidence"], stats["global evidence error"], log_l, stats
