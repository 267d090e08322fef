"""The linear amplitudes of a model: weighted least squares, covariance, marginalisation."""

import jax
import jax.numpy as jnp

__all__ = ["inverse", "log_marginal", "normal_equations", "solve"]

SINGULAR = -(10.0**15)  # logarithm that stands for a covariance that cannot be normalised


def normal_equations(response: jax.Array, weight: jax.Array, data: jax.Array) -> tuple[jax.Array, jax.Array]:
    """``M = A W A^T`` and ``b = A W d`` of the amplitudes.

    :param response: A, (components, pixels)
    :param weight: inverse variance of each pixel, 0 where masked
    :param data: d, (pixels)
    """
    weighted = response * weight[None, :]
    return weighted @ response.T, weighted @ data


def solve(matrix: jax.Array, vector: jax.Array) -> jax.Array:
    """Amplitudes ``M^-1 b``; zeros where M is singular to working precision.

    By Cholesky factors of the matrix scaled to unit diagonal, so that amplitudes of very different size do no harm.
    """
    scale, factor, regular = _factor(matrix)
    amplitudes = jax.scipy.linalg.cho_solve((factor, True), vector * scale) * scale
    return jnp.where(regular, amplitudes, 0.0)


def inverse(matrix: jax.Array) -> jax.Array:
    """Covariance ``M^-1`` of the amplitudes; zeros where M is singular to working precision."""
    scale, factor, regular = _factor(matrix)
    eye = jnp.eye(matrix.shape[0], dtype=matrix.dtype)
    covariance = jax.scipy.linalg.cho_solve((factor, True), eye) * scale[:, None] * scale[None, :]
    return jnp.where(regular, covariance, 0.0)


def _factor(matrix):
    """Scaling to unit diagonal, Cholesky factor of the scaled matrix, and whether M can be solved."""
    n = matrix.shape[0]
    diagonal = jnp.diagonal(matrix)
    eye = jnp.eye(n, dtype=matrix.dtype)
    finite = jnp.all(jnp.isfinite(matrix)) & jnp.all(diagonal > 0)
    scale = jnp.where(finite, 1 / jnp.sqrt(jnp.where(finite, diagonal, 1.0)), 1.0)
    scaled = jnp.where(finite, matrix * scale[:, None] * scale[None, :], eye)
    pivots = jnp.diagonal(_cholesky(jax.lax.stop_gradient(scaled))) ** 2
    regular = finite & (jnp.min(pivots) > n * jnp.finfo(matrix.dtype).eps)  # False for the NaN of a failed factor
    return scale, _cholesky(jnp.where(regular, scaled, eye)), regular


def _cholesky(matrix):
    """Cholesky factor of a symmetric matrix.

    Transposed for LAPACK, which wants columns: otherwise XLA has the product that makes the matrix write columns, which
    takes three times as long.
    """
    return jax.lax.linalg.cholesky(matrix.T, symmetrize_input=False)


def log_marginal(
    covariance: jax.Array, prior_width: jax.Array | None = None, present: jax.Array | None = None
) -> jax.Array:
    """Logarithm of the marginal likelihood of the amplitudes relative to its maximum.

    :param covariance: covariance of the amplitudes
    :param prior_width: width of a prior that limits the eigenvalues, None for a flat one
    :param present: which amplitudes count (uncorrelated with the others), None: all
    """
    if present is not None:
        nothing = 1.0 if prior_width is None else 2 / jnp.pi * prior_width**2  # the variance that adds 0 below
        both = present[:, None] & present[None, :]
        covariance = jnp.where(both, covariance, nothing * jnp.eye(len(present), dtype=covariance.dtype))
    sign, log_det = jnp.linalg.slogdet(covariance)
    if prior_width is None:
        return jnp.where(sign == 0, SINGULAR, sign * log_det / 2)
    eigenvalues = jnp.linalg.eigvalsh(covariance)
    n = covariance.shape[0]
    size = jnp.minimum(jnp.abs(eigenvalues), prior_width**2)
    log_det = jnp.sum(jnp.log(size)) * jnp.prod(jnp.sign(eigenvalues))
    value = log_det / 2 + n / 2 * jnp.log(jnp.pi / 2) - n * jnp.log(prior_width)
    return jnp.where((sign == 0) | jnp.isnan(log_det), SINGULAR, value)
