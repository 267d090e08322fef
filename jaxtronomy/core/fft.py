"""Convolution of images with a kernel, by real Fourier transforms of the smallest sufficient size."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from .threads import on_cpu
from .tree import Model

__all__ = ["Blur", "FFTKernel", "bin_down", "convolve", "fast_length", "kernel_transform"]

MANY = 1 << 17  # numbers from which on images are transformed one by one, on a CPU


def fast_length(n: int) -> int:
    """The smallest 2^a 3^b 5^c that is even and not below ``n``."""
    best = 1 << max(1, (n - 1).bit_length())
    five = 1
    while five < best:
        three = five
        while three < best:
            two = three * 2
            while two < n:
                two *= 2
            best = min(best, two)
            three *= 3
        five *= 5
    return best


def transform_shape(shape: tuple[int, int], kernel_shape: tuple[int, int]) -> tuple[int, int]:
    """Size of the transforms: whatever wraps around falls outside the image."""
    return tuple(fast_length(n + k // 2) for n, k in zip(shape, kernel_shape))


def kernel_transform(kernel: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Transform of a kernel, its centre at the origin, for images of ``shape``."""
    kernel = np.asarray(kernel, dtype=float)
    size = transform_shape(shape, kernel.shape)
    padded = np.zeros([max(s, k) for s, k in zip(size, kernel.shape)])
    padded[: kernel.shape[0], : kernel.shape[1]] = kernel
    padded = np.roll(padded, [-((k - 1) // 2) for k in kernel.shape], (0, 1))
    if (
        padded.shape != size
    ):  # a kernel larger than the image: what is further away than the image is wide plays no part
        padded = _fold(padded, size)
    return np.fft.rfft2(padded)


def _fold(padded: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The centre of a kernel that is larger than the transform."""
    for axis, n in enumerate(size):
        if padded.shape[axis] > n:
            half = n // 2
            keep = np.r_[0:half, padded.shape[axis] - (n - half) : padded.shape[axis]]
            padded = np.take(padded, keep, axis)
    return padded


def convolve(images: jax.Array | list, transform: jax.Array, size: tuple[int, int], corner: jax.Array = 0) -> jax.Array:
    """Images (..., ny, nx) convolved with a kernel, in their own shape.

    :param images: images, zero outside, or a list of such arrays (n, ny, nx)
    :param transform: :func:`kernel_transform` of the kernel
    :param size: the shape of the transform in real space
    :param corner: 0, as an argument of the program where speed matters: an image that is written to a place not known
        to XLA is computed in vectors, one that is padded (as is the derivative of one that is cut out) element by
        element
    """
    parts = images if isinstance(images, list) else [images]
    first, (ny, nx) = 0, parts[0].shape[-2:]
    lead = (sum(map(len, parts)),) if isinstance(images, list) else images.shape[:-2]
    frame = jnp.zeros((*lead, *size), parts[0].dtype)
    for part in parts:
        frame = lax.dynamic_update_slice(frame, part, (first + corner, *(corner,) * (part.ndim - 1)))
        first += len(part)

    def blurred(frame):
        image = jnp.fft.irfft2(jnp.fft.rfft2(frame) * _batched(transform, frame), s=size)
        return lax.dynamic_slice(image, (corner,) * image.ndim, (*image.shape[:-2], ny, nx))

    if len(lead) == 1 and frame.size > MANY and on_cpu():
        return lax.map(blurred, frame)  # each stays in the cache from one transform to the other
    return blurred(frame)


def _batched(plane, images):
    """A plane with the leading axes of images."""
    return jnp.asarray(plane)[(None,) * (images.ndim - 2)]


class FFTKernel(Model):
    """A convolution kernel, transformed for images of one shape.

    :param kernel: 2d kernel, of odd size
    :param shape: shape (ny, nx) of the images
    :param extend: True to continue an image beyond its edge by its outermost pixels, False to take it as zero there
    """

    _arrays = ("transform", "corner")

    def __init__(self, kernel: np.ndarray, shape: tuple[int, int], extend: bool = False):
        kernel = np.asarray(kernel, dtype=float)
        self.margin = tuple((k - 1) // 2 for k in kernel.shape) if extend else (0, 0)
        padded = tuple(n + 2 * m for n, m in zip(shape, self.margin))
        self.size = transform_shape(padded, kernel.shape)
        self.transform, self.corner = kernel_transform(kernel, padded), np.zeros((), np.int32)

    def _structure(self):
        return self.size, self.margin

    def apply(self, images: jax.Array | list) -> jax.Array:
        """Images (..., ny, nx), or a list of arrays of them (n, ny, nx), convolved; pure."""
        my, mx = self.margin
        if not (my or mx):
            return convolve(images, self.transform, self.size, self.corner)
        images = jnp.concatenate(images) if isinstance(images, list) else images
        ny, nx = images.shape[-2:]
        padded = jnp.pad(images, [(0, 0)] * (images.ndim - 2) + [(my, my), (mx, mx)], mode="edge")
        return convolve(padded, self.transform, self.size, self.corner)[..., my : my + ny, mx : mx + nx]


class Blur(Model):
    """The convolution of an image that is known on the pixels, or finer.

    :param factor: how much finer, per axis
    :param low: kernel for the image on the pixels
    :param high: kernel for the finer image, which is then averaged onto the pixels
    :param twice: kernel of what ``high`` has done already and ``low`` does again
    :param sources: pixels whose light ``high`` spreads, None for all
    :param targets: pixels on which ``high`` is evaluated, None for all
    """

    _arrays = ("low", "high", "twice", "sources", "targets")

    def __init__(self, factor=1, low=None, high=None, twice=None, sources=None, targets=None):
        self.factor, self.low, self.high, self.twice = factor, low, high, twice
        self.sources = None if sources is None else np.asarray(sources, dtype=float)
        self.targets = None if targets is None else np.asarray(targets, dtype=float)

    def _structure(self):
        return self.factor

    def apply(self, low: jax.Array | list, high: jax.Array | None = None) -> jax.Array:
        """The convolved image on the pixels; pure.

        :param low: images (..., ny, nx), or a list of arrays of them (n, ny, nx) where there is no finer grid
        :param high: the same images on the finer grid
        """
        result = 0.0 if self.low is None else self.low.apply(low)
        if self.high is None:
            return result
        if self.sources is not None:
            low = low * _batched(self.sources, low)
            high = high * _batched(jnp.repeat(jnp.repeat(self.sources, self.factor, 0), self.factor, 1), high)
        fine = bin_down(self.high.apply(high), self.factor)
        if self.twice is not None:
            fine = fine - self.twice.apply(low)
        return result + (fine if self.targets is None else fine * _batched(self.targets, fine))


def bin_down(images: jax.Array, factor: int) -> jax.Array:
    """Means over blocks of ``factor`` x ``factor`` pixels of images (..., ny, nx)."""
    if factor == 1:
        return images
    *lead, ny, nx = images.shape
    return images.reshape(*lead, ny // factor, factor, nx // factor, factor).mean((-3, -1))
