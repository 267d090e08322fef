"""Convolution of the light of some pixels, evaluated on some pixels."""

import numpy as np

from jaxtronomy.core.fft import Blur, FFTKernel
from jaxtronomy.core.tree import evaluate_method

__all__ = ["NumbaConvolution", "SubgridNumbaConvolution"]


class NumbaConvolution:
    """Spread the light of selected pixels and evaluate it on selected pixels.

    The name is lenstronomy's, where a compiled loop does what is a Fourier transform here.
    """

    def __init__(
        self,
        kernel,
        conv_pixels,
        compute_pixels=None,
        nopython=True,
        cache=True,
        parallel=False,
        memory_raise=True,
    ):
        """
        :param kernel: 2d kernel of odd size
        :param conv_pixels: 2d bool array, pixels whose light is spread
        :param compute_pixels: 2d bool array, pixels on which the result is wanted, None: all
        :param nopython: accepted for compatibility, as are ``cache``, ``parallel`` and ``memory_raise``
        """
        self._blur = _partial_blur(kernel, conv_pixels, compute_pixels, 1)

    def convolve2d(self, image):
        """Convolve a 2d image.

        :param image: 2d image
        :return: 2d image, zero where it was not to be computed
        """
        return evaluate_method(Blur.apply, self._blur, image, image)


class SubgridNumbaConvolution:
    """As :class:`NumbaConvolution` for an image on a finer grid, averaged onto the pixels."""

    def __init__(
        self,
        kernel_super,
        supersampling_factor,
        conv_pixels,
        compute_pixels=None,
        kernel_size=None,
        nopython=True,
        cache=True,
        parallel=False,
    ):
        """
        :param kernel_super: 2d kernel on the finer grid
        :param supersampling_factor: how much finer, per axis
        :param conv_pixels: 2d bool array, pixels whose light is spread
        :param compute_pixels: 2d bool array, pixels on which the result is wanted, None: all
        :param kernel_size: width in pixels to which the kernel is cut, None: as it is
        :param nopython: accepted for compatibility, as are ``cache`` and ``parallel``
        """
        self._factor = supersampling_factor
        if kernel_size is not None:
            width = min(kernel_size * supersampling_factor // 2 * 2 + 1, len(kernel_super))
            edge = (len(kernel_super) - width) // 2
            kernel_super = np.asarray(kernel_super)[edge : edge + width, edge : edge + width]
        self._blur = _partial_blur(kernel_super, conv_pixels, compute_pixels, supersampling_factor)

    def convolve2d(self, image_high_res):
        """Convolve a 2d image on the finer grid.

        :param image_high_res: 2d image on the finer grid
        :return: 2d image on the pixels, zero where it was not to be computed
        """
        low = np.zeros([n // self._factor for n in np.shape(image_high_res)])
        return evaluate_method(Blur.apply, self._blur, low, image_high_res)


def _partial_blur(kernel, conv_pixels, compute_pixels, factor):
    """The convolution from some pixels to some pixels."""
    fine = tuple(n * factor for n in np.shape(conv_pixels))
    return Blur(factor, high=FFTKernel(kernel, fine), sources=conv_pixels, targets=compute_pixels)
