"""What wrappers of nested samplers have in common: priors on the unit cube, and the likelihood as they want it."""

import sys

import numpy as np

from jaxtronomy.core.extras import require
from jaxtronomy.Util import sampling_util

__all__ = ["NestedSampler"]

NOT_FINITE = -1e15


class NestedSampler:
    """Base class of nested samplers."""

    def __init__(self, likelihood_module, prior_type, prior_means, prior_sigmas, width_scale, sigma_scale):
        """
        :param likelihood_module: Likelihood
        :param prior_type: 'uniform', or 'gaussian' (truncated at the limits)
        :param prior_means: means of Gaussian priors
        :param prior_sigmas: standard deviations of Gaussian priors
        :param width_scale: factor of the widths of uniform priors, where it is below 1
        :param sigma_scale: factor of the widths of Gaussian priors
        :raises ValueError: when the prior is not known or not complete
        """
        if prior_type not in ("uniform", "gaussian"):
            raise ValueError(f"prior_type is {prior_type!r}; allowed are 'uniform' and 'gaussian'.")
        self._ll = likelihood_module
        self.n_dims, self.param_names = self._ll.param.num_param()
        self.lowers, self.uppers = self._ll.param_limits
        if prior_type == "gaussian":
            if prior_means is None or prior_sigmas is None:
                raise ValueError("prior_type 'gaussian' needs prior_means and prior_sigmas.")
            self.means, self.sigmas = np.asarray(prior_means), np.asarray(prior_sigmas) * sigma_scale
        elif width_scale < 1:
            self.lowers, self.uppers = sampling_util.scale_limits(self.lowers, self.uppers, width_scale)
        self.prior_type = prior_type
        self._has_warned = False

    def prior(self, u, *args):
        """From the unit cube to parameters.

        :param u: point of the unit cube, which is overwritten where that is possible, or an array of points
            (n, parameters), which is not
        :param args: not used
        :return: parameters
        """
        if isinstance(u, np.ndarray) and u.ndim == 2:
            return self._transform(u)
        result = self._transform(np.array([u[i] for i in range(self.n_dims)]))  # u may be a bare pointer
        try:
            for i in range(self.n_dims):
                u[i] = result[i]
        except ValueError:  # read-only
            pass
        return result

    def _transform(self, cube):
        """Parameters of points of the unit cube, (..., parameters)."""
        if self.prior_type == "gaussian":
            return sampling_util.cube2args_gaussian(
                cube, self.lowers, self.uppers, self.means, self.sigmas, self.n_dims, copy=True
            )
        return sampling_util.cube2args_uniform(cube.T, self.lowers, self.uppers, self.n_dims, copy=True).T

    def log_likelihood(self, p, *args):
        """Log likelihood of a vector.

        :param p: vector, may be a bare pointer
        :param args: not used
        :return: log likelihood, -1e15 where it is not finite (said once)
        """
        value = self._ll(np.array([p[i] for i in range(self.n_dims)]))
        if np.isfinite(value):
            return float(value)
        if not self._has_warned:
            print("WARNING : logL is not finite : return very low value instead")
            self._has_warned = True
        return NOT_FINITE

    def run(self, kwargs_run):
        """Run the sampler.

        :param kwargs_run: options of the run
        """
        raise NotImplementedError(f"{type(self).__name__} has no method run.")

    def _announce(self):
        """Print what is sampled."""
        print("prior type :", self.prior_type)
        print("parameter names :", self.param_names)

    @staticmethod
    def _mpi_pool():
        """The MPI pool of the master; the other processes work until it is closed, and stop."""
        pool = require("schwimmbad", "A nested sampler with MPI").MPIPool()
        if not pool.is_master():
            pool.wait()
            sys.exit(0)
        return pool

    def _traced(self):
        """Whether the likelihood is one program."""
        return getattr(self._ll, "traced_function", lambda: None)() is not None
