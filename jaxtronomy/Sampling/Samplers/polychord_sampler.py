"""Dynamic nested sampling with dyPolyChord (Higson et al. 2019, arXiv:1704.03459; Higson 2018, arXiv:1804.06406)."""

import copy
import os
import shutil
import sys

import numpy as np

from jaxtronomy.core.extras import require
from jaxtronomy.Sampling.Samplers.base_nested_sampler import NestedSampler

__all__ = ["DyPolyChordSampler"]


class DyPolyChordSampler(NestedSampler):
    """Wrapper of dyPolyChord."""

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
        resume_dyn_run=False,
        polychord_settings=None,
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
        :param output_dir: folder of the output, which is made anew; None: polychord_out_default
        :param output_basename: what its files start with
        :param resume_dyn_run: True to leave the folder as it is, so that a run is resumed
        :param polychord_settings: settings of PolyChord
        :param remove_output_dir: whether the folder is removed after the run
        :param use_mpi: whether PolyChord runs with MPI
        """
        super().__init__(likelihood_module, prior_type, prior_means, prior_sigmas, width_scale, sigma_scale)
        self._output_dir = "polychord_out_default" if output_dir is None else output_dir
        self._output_basename, self._rm_output, self._use_mpi = output_basename, remove_output_dir, use_mpi
        self._comm = require("mpi4py.MPI", "dyPolyChord with MPI").COMM_WORLD if use_mpi else None
        self._is_master = not use_mpi or self._comm.Get_rank() == 0
        if self._is_master and not resume_dyn_run:
            shutil.rmtree(self._output_dir, ignore_errors=True)
            os.mkdir(self._output_dir)
        self._settings = copy.deepcopy(dict(polychord_settings or {}))
        self._settings.update(file_root=self._output_basename, base_dir=self._output_dir)

    def run(self, dynamic_goal, kwargs_run):
        """Run the sampler.

        :param dynamic_goal: 0 for the evidence, 1 for the posterior, or in between
        :param kwargs_run: options of ``dyPolyChord.run_dypolychord``
        :return: samples of equal weight (n, parameters), means, log evidence, its error, log likelihoods, the run as
            nestcheck reads it
        :raises ImportError: when dyPolyChord or nestcheck is not installed
        """
        self._announce()
        dypolychord = require("dyPolyChord", "The dyPolyChord sampler")
        utils = require("dyPolyChord.pypolychord_utils", "The dyPolyChord sampler")
        processing = require("nestcheck.data_processing", "The dyPolyChord sampler")
        dypolychord.run_dypolychord(
            utils.RunPyPolyChord(self.log_likelihood, self.prior, self.n_dims),
            dynamic_goal,
            settings_dict_in=self._settings,
            comm=self._comm,
            **kwargs_run,
        )
        if not self._is_master:
            sys.exit(0)
        result = processing.process_polychord_run(self._settings["file_root"], self._settings["base_dir"])
        samples, log_l = self._get_equal_weight_samples()
        output = result["output"]
        print(f"The log evidence estimate using the first run is {output['logZ']}")
        print(f"The estimated mean of the first parameter is {output['param_means'][0]}")
        if self._rm_output:
            shutil.rmtree(self._output_dir, ignore_errors=True)
        return samples, output["param_means"], output["logZ"], output["logZerr"], log_l, result

    def log_likelihood(self, args):
        """Log likelihood of a vector, and what PolyChord calls derived parameters (none).

        :param args: vector
        :return: log likelihood, empty list
        """
        return super().log_likelihood(args), []

    def _get_equal_weight_samples(self):
        """Samples of equal weight and their log likelihoods, from the file that PolyChord writes."""
        data = np.loadtxt(os.path.join(self._output_dir, f"{self._output_basename}_equal_weights.txt"), ndmin=2)
        return data[:, 1:], -0.5 * data[:, 0]
