"""Skewed and sampled probability densities."""

import numpy as np
import scipy

__all__ = ["SkewGaussian", "KDE1D", "compute_lower_upper_errors"]

#: fractions of a normal distribution below 1, 2 and 3 standard deviations
FRACTIONS = (0.841345, 0.977249868, 0.998650102)


class SkewGaussian:
    """The skew normal distribution (Azzalini 1985)."""

    def pdf(self, x, e=0.0, w=1.0, a=0.0):
        """Density.

        :param x: where
        :param e: location
        :param w: scale
        :param a: shape; 0 is a Gaussian
        :return: density
        """
        t = (x - e) / w
        return 2.0 / w * scipy.stats.norm.pdf(t) * scipy.stats.norm.cdf(a * t)

    def pdf_skew(self, x, mu, sigma, skw):
        """Density of given moments.

        :param x: where
        :param mu: mean
        :param sigma: standard deviation
        :param skw: skewness, between -1 and 1
        :return: density
        :raises ValueError: when the skewness is not between -1 and 1
        """
        if not -1 < skw < 1:
            raise ValueError(f"skewness is {skw}; between -1 and 1 is allowed.")
        return self.pdf(x, *self.map_mu_sigma_skw(mu, sigma, skw))

    def map_mu_sigma_skw(self, mu, sigma, skw):
        """Parameters of given moments.

        :param mu: mean
        :param sigma: standard deviation
        :param skw: skewness
        :return: location, scale, shape
        """
        power = np.abs(skw) ** (2.0 / 3)
        delta = np.sign(skw) * np.sqrt(power * np.pi / 2 / (power + ((4 - np.pi) / 2) ** (2.0 / 3)))
        w = np.sqrt(sigma**2 / (1 - 2 * delta**2 / np.pi))
        return mu - w * delta * np.sqrt(2 / np.pi), w, delta / np.sqrt(1 - delta**2)


class KDE1D:
    """Kernel density of a sample.

    :param values: sample, a flat array
    """

    def __init__(self, values):
        self._points = values
        self._kernel = scipy.stats.gaussian_kde(values)

    def likelihood(self, x):
        """Density.

        :param x: where, a number or an array
        :return: array of densities
        """
        return self._kernel.evaluate(points=x)


def compute_lower_upper_errors(sample, num_sigma=1):
    """Median of a sample, and the distances from it that correspond to 1, 2 and 3 standard deviations on either side.

    :param sample: sample, a flat array
    :param num_sigma: how many pairs to give, at most 3
    :return: median, list of pairs (below, above)
    :raises ValueError: when more than 3 are asked for
    """
    if num_sigma > len(FRACTIONS):
        raise ValueError(f"num_sigma is {num_sigma}; {len(FRACTIONS)} or less is allowed.")
    ordered, median, n = np.sort(sample), np.median(sample), len(sample)
    errors = []
    for fraction in FRACTIONS[: max(int(np.ceil(num_sigma)), 0)]:
        index = round((n - 1) * fraction)
        errors.append([median - ordered[n - index - 1], ordered[index - 1] - median])
    return median, errors or [[]]
