"""The linear inversion of an image: functions on NumPy arrays."""

import numpy as np

from jaxtronomy.core.compile import to_numpy
from jaxtronomy.core.linear import log_marginal

__all__ = [
    "_cond_inv",
    "_solve_stable",
    "_stable_inv",
    "get_param_WLS",
    "get_param_WLS_interferometry",
    "marginalisation_const",
    "marginalization_new",
]


def get_param_WLS(A, C_D_inv, d, inv_bool=True):
    """Amplitudes by weighted least squares.

    :param A: response, (pixels, components)
    :param C_D_inv: inverse variance of the pixels
    :param d: data, (pixels)
    :param inv_bool: whether the covariance is wanted
    :return: amplitudes, covariance (or None), image of the solution (pixels); zeros for a singular problem
    """
    weighted = A.T * C_D_inv
    amplitudes, covariance = get_param_WLS_interferometry(weighted @ A, weighted @ d, inv_bool)
    return amplitudes, covariance, A @ amplitudes


def get_param_WLS_interferometry(M, b, inv_bool=True):
    """Amplitudes from normal equations.

    :param M: inverse covariance of the amplitudes
    :param b: response times data
    :param inv_bool: whether the covariance is wanted
    :return: amplitudes, covariance (or None); zeros for a singular problem
    """
    regular = _cond_inv(M)
    if inv_bool:
        covariance = _stable_inv(M) if regular else np.zeros_like(M)
        return covariance @ b, covariance
    return _solve_stable(M, b) if regular else np.zeros(len(b)), None


def marginalisation_const(M_inv):
    """Logarithm of the marginal likelihood of amplitudes with flat priors, relative to its maximum.

    :param M_inv: covariance of the amplitudes
    """
    return to_numpy(log_marginal(np.asarray(M_inv, dtype=float)))


def marginalization_new(M_inv, d_prior=None):
    """The same with a prior that limits the eigenvalues of the covariance.

    :param M_inv: covariance of the amplitudes
    :param d_prior: width of the prior, None for a flat one
    """
    return to_numpy(log_marginal(np.asarray(M_inv, dtype=float), d_prior))


def _cond_inv(M):
    """Whether a matrix can be inverted in double precision."""
    try:
        return bool(np.linalg.cond(M) < 5 / np.finfo(float).eps)
    except np.linalg.LinAlgError:
        return False


def _stable_inv(m):
    """The inverse of a matrix, zeros where it has none."""
    try:
        return np.linalg.inv(m)
    except np.linalg.LinAlgError:
        return np.zeros_like(m)


def _solve_stable(m, r):
    """The solution of a linear system, zeros where it has none."""
    try:
        return np.linalg.solve(m, r)
    except np.linalg.LinAlgError:
        return np.zeros(len(m))
