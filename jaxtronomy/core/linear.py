"""The linear amplitudes of a model: weighted least squares, covariance, marginalisation."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from .numerics import along
from .threads import on_cpu

__all__ = ["Band", "Blurred", "Window", "best_fit", "inverse", "log_marginal", "normal_equations", "solve"]

SINGULAR = -(10.0**15)  # logarithm that stands for a covariance that cannot be normalised
FEW = 8  # components up to which their products are taken one by one


class Band(NamedTuple):
    """The part of one image in the equations of the amplitudes a: ``left @ (data - right.T @ a) = 0``.

    ``left`` and ``right`` are (components, pixels), ``data`` is (pixels); the product of the first two is symmetric. In
    weighted least squares both are the images of the components at unit amplitude times the root of the inverse
    variance, and ``data`` is the image times that root.
    """

    left: jax.Array
    right: jax.Array
    data: jax.Array

    def image(self, amplitudes: jax.Array) -> jax.Array:
        """The model, as ``right`` and ``data`` are weighted."""
        return jnp.tensordot(amplitudes, self.right, 1)

    def projection(self, image: jax.Array) -> jax.Array:
        """``left @ image``."""
        return self.left @ image


class Blurred(NamedTuple):
    """A :class:`Band` of weighted least squares, the first components of which come from others by a linear map.

    Derivatives of the amplitudes and of the model apply that map (and its transpose) to one image, however many
    components there are.

    :param right: weighted responses (components, pixels)
    :param data: weighted image (pixels)
    :param sky: what the map is applied to, (components, ...)
    :param blur: the map to weighted images, a pytree: of (n, ...) to (n, pixels)
    :param others: weighted responses of the further components, (components, pixels)
    """

    right: jax.Array
    data: jax.Array
    sky: jax.Array
    blur: Callable
    others: jax.Array

    @property
    def left(self) -> jax.Array:
        """The same as ``right``."""
        return self.right

    def image(self, amplitudes: jax.Array) -> jax.Array:
        """The weighted model."""
        n = len(self.sky)
        image = self.blur(jnp.tensordot(amplitudes[:n], self.sky, 1)[None])[0]
        return image + jnp.tensordot(amplitudes[n:], self.others, 1) if len(self.others) else image

    def projection(self, image: jax.Array) -> jax.Array:
        """``left @ image``."""
        return jax.linear_transpose(self.image, jnp.zeros(len(self.right), image.dtype))(image)[0]


class Window(NamedTuple):
    """The part of an image, from a corner on, outside which a component is zero."""

    corner: jax.Array
    size: tuple[int, int]
    shape: tuple[int, int]

    def of(self, images: jax.Array) -> jax.Array:
        """That part of images (n, pixels)."""
        images = images.reshape(len(images), *self.shape)
        part = lax.dynamic_slice(images, (0, *self.corner), (len(images), *self.size))
        return part.reshape(len(images), -1)


def normal_equations(
    bands: Sequence[Band], present: jax.Array, windows: Sequence[Sequence[Window | None]] | None = None
) -> tuple[jax.Array, jax.Array]:
    """Matrix and right-hand side of the amplitudes, which all images share.

    :param bands: the part of each image
    :param present: which components are there; the amplitudes of the others are 0
    :param windows: for each image and each component where it is not zero (None: everywhere)
    """
    windows = windows or [(None,) * len(band.right) for band in bands]
    matrix = sum(_products(band.left, band.right, where) for band, where in zip(bands, windows))
    return matrix + jnp.diag(1.0 - present), sum(band.left @ band.data for band in bands)


def _products(left, right, windows):
    """``right @ left.T``; on a CPU, few rows are multiplied fastest one after the other."""
    if len(right) > FEW or not on_cpu():
        return right @ left.T
    if not any(windows):
        return lax.map(lambda row: left @ row, right)
    rows = []
    for i, window in enumerate(windows):
        row = right[i : i + 1]
        rows.append(left @ row[0] if window is None else window.of(left) @ window.of(row)[0])
    return jnp.stack(rows)


@jax.custom_jvp
def best_fit(
    bands: Sequence[Band | Blurred], matrix: jax.Array, vector: jax.Array
) -> tuple[jax.Array, list[jax.Array]]:
    """The amplitudes that solve the normal equations of the bands, zeros where those are singular; with them the model
    of each band, as it is weighted.

    Their derivatives take one solution of the same equations, and no derivative of a matrix or of its factors.

    :param bands: the part of each image
    :param matrix: that of :func:`normal_equations` of the bands
    :param vector: the right-hand side
    """
    best = solve(matrix, vector)
    return best, _models(best, bands)


def _models(amplitudes, bands):
    """For each band the sum of its responses."""
    return [jnp.tensordot(amplitudes, band.right, 1) for band in bands]


@partial(best_fit.defjvp, symbolic_zeros=True)
def _best_fit_jvp(primals, tangents):
    """M da = d(sum of L (d - R^T a)) and dm = d(R^T a) + R^T da, with d(...) at fixed amplitudes."""
    bands, matrix, vector = primals
    solution = _solver(matrix)
    best = solution(vector)

    def at_fixed_amplitudes(bands):
        models = [band.image(best) for band in bands]
        return sum(band.projection(band.data - model) for band, model in zip(bands, models)), models

    _, (change, moved) = along(at_fixed_amplitudes, (bands,), (tangents[0],))
    turn = solution(change)
    return (best, _models(best, bands)), (turn, [m + t for m, t in zip(moved, _models(turn, bands))])


def solve(matrix: jax.Array, vector: jax.Array) -> jax.Array:
    """Amplitudes ``M^-1 b``; zeros where M is singular to working precision.

    By Cholesky factors of the matrix scaled to unit diagonal, so that amplitudes of very different size do no harm.
    """
    return _solver(matrix)(vector)


def _solver(matrix):
    """The function that solves for a right-hand side."""
    scale, factor, regular = _factor(matrix)

    def solution(vector):
        return jnp.where(regular, jax.scipy.linalg.cho_solve((factor, True), vector * scale) * scale, 0.0)

    return solution


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
