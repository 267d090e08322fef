"""Importance nested sampling with nautilus (Lange 2023, arXiv:2306.16923)."""

from inspect import signature

import numpy as np

from jaxtronomy.core.extras import require
from jaxtronomy.Sampling.Pool.parallelization_util import nested_logl_worker, set_nested_likelihood_module
from jaxtronomy.Sampling.Samplers.base_nested_sampler import NestedSampler

__all__ = ["NautilusSampler"]

BATCH = 128  # evaluations at a time of a likelihood that is one program


class NautilusSampler(NestedSampler):
    """Wrapper of nautilus; a likelihood that is one program is evaluated in batches."""

    def __init__(
        self,
        likelihood_module,
        prior_type="uniform",
        prior_means=None,
        prior_sigmas=None,
        width_scale=1,
        sigma_scale=1,
        mpi=False,
        **kwargs,
    ):
        """
        :param likelihood_module: Likelihood
        :param prior_type: 'uniform' or 'gaussian'
        :param prior_means: means of Gaussian priors
        :param prior_sigmas: standard deviations of Gaussian priors
        :param width_scale: factor of the widths of uniform priors
        :param sigma_scale: factor of the widths of Gaussian priors
        :param mpi: True for an MPI pool
        :param kwargs: options of ``nautilus.Sampler``; others are ignored, so that those of :meth:`run` may be here too
        :raises ImportError: when nautilus is not installed
        """
        self._check_install()
        super().__init__(likelihood_module, prior_type, prior_means, prior_sigmas, width_scale, sigma_scale)
        options = _accepted(self._nautilus.Sampler, kwargs)
        if options.get("filepath") is not None:
            require("h5py", "filepath")
        function = self.log_likelihood
        if mpi:
            set_nested_likelihood_module(self._ll, self.n_dims)
            options["pool"], function = self._mpi_pool(), nested_logl_worker
        elif options.get("pool") is None and self._traced():
            function = self._ll.logL_batch
            options = {"vectorized": True, "n_batch": BATCH, **options}
        self._sampler = self._nautilus.Sampler(self.prior, function, self.n_dims, **options)

    def run(self, **kwargs):
        """Run the sampler.

        :param kwargs: options of ``nautilus.Sampler.run``; others are ignored
        :return: samples of equal weight (n, parameters), means, log evidence, its error, log likelihoods of the
            samples; dictionary of weighted samples with ``points``, ``log_w``, ``log_l``
        """
        self._announce()
        self._sampler.run(**_accepted(self._sampler.run, kwargs))
        points, log_w, log_l = self._sampler.posterior()
        means = np.average(points, weights=self._normalized_weights(log_w), axis=0)
        samples, _, log_l_samples = self._sampler.posterior(equal_weight=True)
        results = {"points": points, "log_w": log_w, "log_l": log_l}
        error = 1.0 / np.sqrt(self._sampler.n_eff)
        return samples, means, self._sampler.log_z, error, log_l_samples, results

    @staticmethod
    def _normalized_weights(log_w):
        """Weights of sum 1 from their logarithms."""
        weights = np.exp(np.asarray(log_w) - np.max(log_w))
        return weights / np.sum(weights)

    def _check_install(self):
        """Import nautilus."""
        self._nautilus = require("nautilus", "The Nautilus sampler")


def _accepted(function, options):
    """Those of the options that a function takes."""
    return {name: options[name] for name in signature(function).parameters if name in options}
