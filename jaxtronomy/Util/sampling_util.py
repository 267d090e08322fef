"""Maps between the unit cube and parameters, and balls of walkers."""

import numpy as np
import scipy

__all__ = [
    "unit2uniform",
    "uniform2unit",
    "cube2args_uniform",
    "cube2args_gaussian",
    "scale_limits",
    "sample_ball",
    "sample_ball_truncated",
]


def unit2uniform(x, vmin, vmax):
    """From 0 ... 1 to vmin ... vmax."""
    return vmin + (vmax - vmin) * x


def uniform2unit(theta, vmin, vmax):
    """From vmin ... vmax to 0 ... 1."""
    return (theta - vmin) / (vmax - vmin)


def cube2args_uniform(cube, lowers, uppers, num_dims, copy=False):
    """Parameters of uniform priors from a point of the unit cube.

    :param cube: list or array of numbers between 0 and 1
    :param lowers: lower limits
    :param uppers: upper limits
    :param num_dims: number of parameters
    :param copy: bool, the result is a new array; otherwise ``cube`` itself is overwritten
    :return: parameters
    """
    result = np.zeros_like(cube) if copy else cube
    for i in range(num_dims):  # one by one: a sampler's cube may be a bare pointer
        result[i] = unit2uniform(cube[i], lowers[i], uppers[i])
    return result


def cube2args_gaussian(cube, lowers, uppers, means, sigmas, num_dims, copy=False):
    """Parameters of truncated Gaussian priors from a point of the unit cube.

    :param cube: array of numbers between 0 and 1
    :param lowers: lower limits
    :param uppers: upper limits
    :param means: means
    :param sigmas: standard deviations
    :param num_dims: number of parameters
    :param copy: bool, the result is a new array; otherwise ``cube`` itself is overwritten
    :return: parameters
    """
    means, sigmas = np.asarray(means), np.asarray(sigmas)
    a, b = (np.asarray(lowers) - means) / sigmas, (np.asarray(uppers) - means) / sigmas
    result = np.zeros_like(cube) if copy else cube
    result[:] = scipy.stats.truncnorm.ppf(cube, a=a, b=b, loc=means, scale=sigmas)
    return result


def scale_limits(lowers, uppers, scale):
    """Intervals about the same middles, of other widths.

    :param lowers: lower limits
    :param uppers: upper limits
    :param scale: factor of the widths
    :return: lower limits, upper limits
    """
    lowers, uppers = np.asarray(lowers), np.asarray(uppers)
    middle, half = (lowers + uppers) / 2, (uppers - lowers) * scale / 2
    return middle - half, middle + half


def sample_ball(p0, std, size=1, dist="uniform"):
    """Points around a point.

    :param p0: the point
    :param std: standard deviations, or half widths of the uniform distribution
    :param size: number of points
    :param dist: 'uniform' or 'normal'
    :return: array of shape (size, len(p0))
    :raises ValueError: when the distribution is not known
    """
    if len(p0) != len(std):
        raise AssertionError(f"p0 has {len(p0)} parameters and std {len(std)}; equal numbers are needed.")
    if dist == "uniform":
        draws = np.random.uniform(low=-1, high=1, size=(size, len(p0)))
    elif dist == "normal":
        draws = np.random.normal(size=(size, len(p0)))
    else:
        raise ValueError(f"dist is {dist!r}; allowed are 'uniform' and 'normal'.")
    return p0 + np.asarray(std) * draws


def sample_ball_truncated(mean, sigma, lower_limit, upper_limit, size):
    """Points around a point, of truncated Gaussian distributions.

    :param mean: the point
    :param sigma: standard deviations
    :param lower_limit: lower limits
    :param upper_limit: upper limits
    :param size: number of points
    :return: array of shape (size, len(mean))
    """
    a, b = (lower_limit - mean) / sigma, (upper_limit - mean) / sigma
    return mean + sigma * scipy.stats.truncnorm.ppf(np.random.uniform(size=(size, len(a))), a, b)
