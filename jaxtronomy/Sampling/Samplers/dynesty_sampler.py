"""Dynamic nested sampling with dynesty (Speagle 2020, arXiv:1904.02180)."""

import numpy as np

from jaxtronomy.core.extras import require
from jaxtronomy.Sampling.Pool.parallelization_util import nested_logl_worker, set_nested_likelihood_module
from jaxtronomy.Sampling.Samplers.base_nested_sampler import NestedSampler

__all__ = ["DynestySampler"]


class DynestySampler(NestedSampler):
    """Wrapper of ``dynesty.DynamicNestedSampler``."""

    def __init__(
        self,
        likelihood_module,
        prior_type="uniform",
        prior_means=None,
        prior_sigmas=None,
        width_scale=1,
        sigma_scale=1,
        bound="multi",
        sample="auto",
        use_mpi=False,
        use_pool=None,
    ):
        """
        :param likelihood_module: Likelihood
        :param prior_type: 'uniform' or 'gaussian'
        :param prior_means: means of Gaussian priors
        :param prior_sigmas: standard deviations of Gaussian priors
        :param width_scale: factor of the widths of uniform priors
        :param sigma_scale: factor of the widths of Gaussian priors
        :param bound: ``bound`` of dynesty
        :param sample: ``sample`` of dynesty
        :param use_mpi: True for an MPI pool
        :param use_pool: ``use_pool`` of dynesty, with MPI
        :raises ImportError: when dynesty is not installed
        """
        self._check_install()
        super().__init__(likelihood_module, prior_type, prior_means, prior_sigmas, width_scale, sigma_scale)
        function, options = self.log_likelihood, {}
        if use_mpi:
            set_nested_likelihood_module(self._ll, self.n_dims)
            function, options = nested_logl_worker, {"pool": self._mpi_pool(), "use_pool": use_pool}
        self._sampler = self._dynesty.DynamicNestedSampler(
            loglikelihood=function,
            prior_transform=self.prior,
            ndim=self.n_dims,
            bound=bound,
            sample=sample,
            **options,
        )

    def run(self, kwargs_run):
        """Run the sampler.

        :param kwargs_run: options of ``run_nested``
        :return: samples of equal weight (n, parameters), means, log evidence, its error, log likelihoods of the
            weighted samples, the results of dynesty
        """
        self._announce()
        self._sampler.run_nested(**kwargs_run)
        results = self._sampler.results
        weights = np.exp(results.logwt - results.logz[-1])
        weights = weights / np.sum(weights)
        means, _ = self._dyfunc.mean_and_cov(results.samples, weights)
        samples = self._dyfunc.resample_equal(results.samples, weights)
        return samples, means, results.logz, results.logzerr, results.logl, results

    def _check_install(self):
        """Import dynesty."""
        self._dynesty = require("dynesty", "The dynesty sampler")
        self._dyfunc = require("dynesty.utils", "The dynesty sampler")
