"""Likelihood of distances given samples of their posterior."""

import numpy as np
import scipy

__all__ = ["KDELikelihood"]


class KDELikelihood:
    """Kernel density of samples of the angular diameter distance to the lens and of the time-delay distance.

    :param D_d_sample: angular diameter distances [Mpc]
    :param D_delta_t_sample: time-delay distances [Mpc], as many
    :param kde_type: 'scipy_gaussian', or one of scikit-learn's kernels ('gaussian', 'tophat', 'epanechnikov',
        'exponential', 'linear', 'cosine')
    :param bandwidth: width of scikit-learn's kernels [Mpc]
    """

    def __init__(self, D_d_sample, D_delta_t_sample, kde_type="scipy_gaussian", bandwidth=1):
        samples = np.vstack([D_d_sample, D_delta_t_sample])
        self._kde_type = kde_type
        if kde_type == "scipy_gaussian":
            self._kernel = scipy.stats.gaussian_kde(samples)
        else:
            from sklearn.neighbors import KernelDensity

            self._kernel = KernelDensity(bandwidth=bandwidth, kernel=kde_type).fit(samples.T)

    def log_likelihood(self, D_d, D_delta_t):
        """Log of the density.

        :param D_d: angular diameter distance [Mpc]
        :param D_delta_t: time-delay distance [Mpc]
        :return: log likelihood, an array of one element
        """
        if self._kde_type == "scipy_gaussian":
            return self._kernel.logpdf([D_d, D_delta_t])
        return self._kernel.score_samples([[D_d, D_delta_t]])
