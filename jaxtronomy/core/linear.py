"""The linear amplitudes of a model: weighted least squares, covariance, marginalisation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from .numerics import along
from .threads import on_cpu

__all__ = ["Band", "Blurred", "Patched", "Patches", "best_fit", "inverse", "log_marginal", "normal_equations", "solve"]

SINGULAR = -(10.0**15)  # logarithm that stands for a covariance that cannot be normalised
FEW = 8  # components that are taken one by one
_FORWARD = {"allow_negative_indices": False}


class Band(NamedTuple):
    """The part of one image in the equations of the amplitudes a: ``left @ (data - right.T @ a) = 0``.

    ``left`` and ``right`` are (components, pixels), ``data`` is (pixels); the product of the first two is symmetric. In
    weighted least squares both are the images of the components at unit amplitude times the root of the inverse
    variance, and ``data`` is the image times that root.
    """

    left: jax.Array
    right: jax.Array
    data: jax.Array

    def equations(self) -> tuple[jax.Array, jax.Array]:
        """``left @ right.T`` and ``left @ data``."""
        return _products(self.left, self.right), self.left @ self.data

    def model(self, amplitudes: jax.Array) -> jax.Array:
        """The model, as ``right`` and ``data`` are weighted."""
        return jnp.tensordot(amplitudes, self.right, 1)

    def image(self, amplitudes: jax.Array) -> jax.Array:
        """The model, for its derivatives."""
        return self.model(amplitudes)

    def projection(self, image: jax.Array) -> jax.Array:
        """``left @ image``, for its derivatives."""
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
    def plain(self) -> Band:
        """The same without that map."""
        return Band(self.right, self.right, self.data)

    def equations(self) -> tuple[jax.Array, jax.Array]:
        """Matrix and right-hand side."""
        return self.plain.equations()

    def model(self, amplitudes: jax.Array) -> jax.Array:
        """The weighted model."""
        return self.plain.model(amplitudes)

    def image(self, amplitudes: jax.Array) -> jax.Array:
        """The weighted model, for its derivatives."""
        n = len(self.sky)
        image = self.blur(jnp.tensordot(amplitudes[:n], self.sky, 1)[None])[0]
        return image + jnp.tensordot(amplitudes[n:], self.others, 1) if len(self.others) else image

    def projection(self, image: jax.Array) -> jax.Array:
        """``right @ image``, for its derivatives."""
        return jax.linear_transpose(self.image, jnp.zeros(len(self.right), image.dtype))(image)[0]


@partial(jax.tree_util.register_dataclass, data_fields=["values", "corners"], meta_fields=["size", "shape"])
@dataclass(frozen=True)
class Patches:
    """Images that are zero but for a window each, all windows of one size.

    :param values: what is in the windows, (images, rows, columns)
    :param corners: first row and first column of each window in its image, (images, 2)
    :param size: shape of the windows
    :param shape: shape of the images
    """

    values: jax.Array
    corners: jax.Array
    size: tuple[int, int]
    shape: tuple[int, int]

    def __len__(self):
        return len(self.values)

    @classmethod
    def joined(cls, groups: Sequence["Patches"]) -> "Patches":
        """Those of several groups with windows and images of the same shapes."""
        return jax.tree.map(lambda *arrays: jnp.concatenate(arrays), *groups)

    def scaled(self, amplitudes: jax.Array) -> "Patches":
        """The images times a number each."""
        return replace(self, values=amplitudes[:, None, None] * self.values)

    def weighted(self, image: jax.Array) -> "Patches":
        """The images times an image (ny, nx)."""
        return replace(self, values=self.values * self.of(image[None])[:, 0])

    def of(self, images: jax.Array) -> jax.Array:
        """What images (n, ny, nx) have in each of the windows, (windows, n, rows, columns)."""
        return _cut(images, self.corners, self.size)

    def added(self, image: jax.Array, amplitudes: jax.Array) -> jax.Array:
        """An image (ny, nx) with these, times their amplitudes, added."""
        if len(self) > FEW:
            return image + jnp.tensordot(amplitudes, self.images(), 1)
        for value, corner in zip(self.scaled(amplitudes).values, self.corners):
            part = lax.dynamic_slice(image, corner, self.size, **_FORWARD)
            image = lax.dynamic_update_slice(image, part + value, corner, **_FORWARD)
        return image

    def images(self) -> jax.Array:
        """The images, with their zeros."""
        zero = jnp.zeros(self.shape, self.values.dtype)
        return jax.vmap(partial(lax.dynamic_update_slice, zero))(self.values, self.corners)

    def projection(self, image: jax.Array) -> jax.Array:
        """The products with an image (ny, nx)."""
        return jnp.einsum("nyx,nyx->n", self.values, self.of(image[None])[:, 0])

    def products(self) -> jax.Array:
        """Those of all pairs: each image, moved into the windows of the others."""
        size = jnp.array(self.size)[None, None]
        room = jnp.pad(self.values, [(0, 0), *((n, n) for n in self.size)])
        moved = jnp.clip(self.corners[None] - self.corners[:, None] + size, 0, 2 * size)  # further away there are zeros

        def row(image, corners):
            return jnp.einsum("nyx,nyx->n", self.values, _cut(image[None], corners, self.size)[:, 0])

        return _each(row, room, moved)


@partial(jax.tree_util.register_dataclass, data_fields=["whole", "patches"], meta_fields=["order"])
@dataclass(frozen=True)
class Patched:
    """A band of weighted least squares with components that are zero but for a window each.

    :param whole: the band of the other components
    :param patches: weighted responses of these
    :param order: for each component its number among the others and, behind them, these
    """

    whole: Band | Blurred
    patches: Patches
    order: tuple[int, ...]

    @property
    def data(self) -> jax.Array:
        """Weighted image (pixels)."""
        return self.whole.data

    def equations(self) -> tuple[jax.Array, jax.Array]:
        """Matrix and right-hand side."""
        matrix, vector = self.whole.equations()
        rows = self.whole.right.reshape(-1, *self.patches.shape)
        cross = jnp.einsum("nyx,nmyx->nm", self.patches.values, self.patches.of(rows))
        matrix = jnp.block([[matrix, cross.T], [cross, self.patches.products()]])
        vector = jnp.concatenate([vector, self.patches.projection(self.data.reshape(self.patches.shape))])
        return self._ordered(self._ordered(matrix).T), self._ordered(vector)

    def model(self, amplitudes: jax.Array) -> jax.Array:
        """The weighted model."""
        return self._sum(self.whole.model, amplitudes)

    def image(self, amplitudes: jax.Array) -> jax.Array:
        """The weighted model, for its derivatives."""
        return self._sum(self.whole.image, amplitudes)

    def projection(self, image: jax.Array) -> jax.Array:
        """The products of all responses with an image, for their derivatives."""
        here = self.patches.projection(image.reshape(self.patches.shape))
        return self._ordered(jnp.concatenate([self.whole.projection(image), here]))

    def _sum(self, whole, amplitudes):
        """The image of the others, with the patches added."""
        if not self._in_order:
            amplitudes = amplitudes[np.argsort(self.order)]
        n = len(self.order) - len(self.patches)
        image = whole(amplitudes[:n]).reshape(self.patches.shape)
        return self.patches.added(image, amplitudes[n:]).ravel()

    def _ordered(self, rows):
        """Rows of the others and, behind them, of the patches in the order of the components."""
        return rows if self._in_order else rows[np.array(self.order)]

    @property
    def _in_order(self):
        return self.order == tuple(range(len(self.order)))


def _cut(images, corners, size):
    """The windows (windows, n, rows, columns) of images (n, ny, nx)."""

    def window(corner):
        return lax.dynamic_slice(images, (0, *corner), (len(images), *size), **_FORWARD)

    return _each(window, corners)


def _each(function, *arrays):
    """The results for each row of arrays, stacked; many in a loop."""
    if len(arrays[0]) <= FEW:
        return jnp.stack([function(*rows) for rows in zip(*arrays)])
    return lax.map(lambda rows: function(*rows), arrays)


def normal_equations(bands: Sequence[Band | Blurred | Patched], present: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Matrix and right-hand side of the amplitudes, which all images share.

    :param bands: the part of each image
    :param present: which components are there; the amplitudes of the others are 0
    """
    matrices, vectors = zip(*(band.equations() for band in bands))
    return sum(matrices) + jnp.diag(1.0 - present), sum(vectors)


def _products(left, right):
    """``right @ left.T``; on a CPU, few rows are multiplied fastest one after the other."""
    if 0 < len(right) <= FEW and on_cpu():
        return lax.map(lambda row: left @ row, right)
    return right @ left.T


@jax.custom_jvp
def best_fit(
    bands: Sequence[Band | Blurred | Patched], matrix: jax.Array, vector: jax.Array
) -> tuple[jax.Array, list[jax.Array]]:
    """The amplitudes that solve the normal equations of the bands, zeros where those are singular; with them the model
    of each band, as it is weighted.

    Their derivatives take one solution of the same equations, and no derivative of a matrix or of its factors.

    :param bands: the part of each image
    :param matrix: that of :func:`normal_equations` of the bands
    :param vector: the right-hand side
    """
    best = solve(matrix, vector)
    return best, [band.model(best) for band in bands]


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
    models = [band.model(best) for band in bands]
    return (best, models), (turn, [m + band.model(turn) for m, band in zip(moved, bands)])


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
    eye = jnp.eye(n, dtype=matrix.dtype)
    diagonal = _diagonal(matrix)
    finite = jnp.all(jnp.isfinite(matrix)) & jnp.all(diagonal > 0)
    scale = jnp.where(finite, 1 / jnp.sqrt(jnp.where(finite, diagonal, 1.0)), 1.0)
    scaled = jnp.where(finite, matrix * scale[:, None] * scale[None, :], eye)
    pivots = _diagonal(_cholesky(jax.lax.stop_gradient(scaled))) ** 2
    regular = finite & (jnp.min(pivots) > n * jnp.finfo(matrix.dtype).eps)  # False for the NaN of a failed factor
    return scale, _cholesky(jnp.where(regular, scaled, eye)), regular


def _diagonal(matrix):
    """The diagonal; that of NumPy's name looks up each entry."""
    return jnp.sum(jnp.where(np.eye(len(matrix), dtype=bool), matrix, 0.0), axis=1)


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
