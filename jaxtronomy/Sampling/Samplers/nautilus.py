"""Importance nested sampling with nautilus (Lange 2023, arXiv:2306.16923), the plain interface."""

import time

import numpy as np

from jaxtronomy.Sampling.Pool.pool import choose_pool

__all__ = ["Nautilus"]


class Nautilus:
    """Nautilus with uniform priors between the limits."""

    def __init__(self, likelihood_module):
        """
        :param likelihood_module: Likelihood
        """
        self._likelihood_module = likelihood_module
        self._num_param, _ = likelihood_module.param.num_param()
        self._lower_limit, self._upper_limit = likelihood_module.param.param_limits()

    def nautilus_sampling(
        self, prior_type="uniform", mpi=False, thread_count=1, verbose=True, one_step=False, **kwargs_nautilus
    ):
        """Run the sampler.

        :param prior_type: 'uniform'; further priors are those of the likelihood
        :param mpi: True for an MPI pool
        :param thread_count: number of processes, for a likelihood that is not one program
        :param verbose: whether progress is printed
        :param one_step: True to stop after the first bound
        :param kwargs_nautilus: further options of ``nautilus.Sampler``
        :return: points (n, parameters), log weights, log likelihoods, log evidence
        :raises ValueError: when the prior is not uniform
        """
        from nautilus import Prior, Sampler

        if prior_type != "uniform":
            raise ValueError(f"prior_type is {prior_type!r}; allowed is 'uniform'.")
        prior = Prior()
        for limits in zip(self._lower_limit, self._upper_limit):
            prior.add_parameter(dist=limits)
        traced = getattr(self._likelihood_module, "traced_function", lambda: None)() is not None
        if traced and not mpi:
            pool, function, vectorized = None, self._likelihood_module.logL_batch, {"vectorized": True}
        else:
            pool = choose_pool(mpi=mpi, processes=thread_count) if mpi or thread_count != 1 else None
            function, vectorized = self.likelihood, {}
        options = {**vectorized, **kwargs_nautilus}
        sampler = Sampler(prior, likelihood=function, pool=pool, pass_dict=False, **options)
        begin = time.time()
        if one_step:
            sampler.add_bound()
            # fill_bound and evidence are the names in nautilus 0.x
            sampler.fill_bound() if hasattr(sampler, "fill_bound") else sampler.add_samples(-1)
        else:
            sampler.run(verbose=verbose)
        points, log_w, log_l = sampler.posterior(return_as_dict=False)
        log_z = sampler.log_z if hasattr(sampler, "log_z") else sampler.evidence()
        if pool is None or pool.is_master():
            print(time.time() - begin, "time taken for nested sampling")
        return points, log_w, log_l, log_z

    def likelihood(self, args):
        """Log likelihood of a vector.

        :param args: vector, may be a bare pointer
        :return: log likelihood
        """
        return self._likelihood_module.likelihood(a=np.array([args[i] for i in range(self._num_param)]))
