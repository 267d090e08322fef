"""Radial profiles as sums of Gaussians (Cappellari 2002, MNRAS 333, 400)."""

import warnings

import numpy as np
import scipy

__all__ = ["gaussian", "mge_1d", "_mge_1d", "de_projection_3d"]


def gaussian(R, sigma, amp):
    """Two-dimensional Gaussian.

    :param R: radius
    :param sigma: standard deviation
    :param amp: integral over the plane
    :return: surface density
    """
    return amp / (2 * np.pi * sigma**2) * np.exp(-((R / sigma) ** 2) / 2)


def mge_1d(r_array, flux_r, N=20, linspace=False):
    """Non-negative sum of Gaussians closest to a profile; fewer of them where the fit fails.

    :param r_array: radii, rising
    :param flux_r: profile at the radii
    :param N: number of Gaussians
    :param linspace: bool, widths evenly spaced; evenly in the logarithm otherwise (the first radius is positive then)
    :return: amplitudes, widths, norm of the residuals
    """
    for number in range(N, 0, -1):
        try:
            return _mge_1d(r_array, flux_r, number, linspace=linspace)
        except (RuntimeError, ValueError):
            continue
    warnings.warn(
        "no sum of Gaussians could be fitted to the profile: one of amplitude zero stands for it.", stacklevel=2
    )
    return [0], [1], 0


def _mge_1d(r_array, flux_r, N=20, linspace=False):
    """Non-negative sum of exactly ``N`` Gaussians, see :func:`mge_1d`; errors of the solver are passed on."""
    r_array = np.asarray(r_array)
    if linspace is True:
        sigmas = np.linspace(r_array[0], r_array[-1] / 2, N + 2)[1:-1]
    else:
        sigmas = np.geomspace(r_array[0], (r_array[-1] + 1e-7) / 2, N + 2)[1:-1]
    amplitudes, norm = scipy.optimize.nnls(gaussian(r_array[:, None], sigmas, 1.0), flux_r)
    return amplitudes, sigmas, norm


def de_projection_3d(amplitudes, sigmas):
    """Three-dimensional Gaussians that project to two-dimensional ones.

    :param amplitudes: amplitudes of the projections
    :param sigmas: widths
    :return: amplitudes of the densities, widths
    """
    return amplitudes / sigmas / np.sqrt(2 * np.pi), sigmas
