"""Convolution that is fine on selected pixels and coarse on the others."""

import numpy as np

from jaxtronomy.core.fft import Blur, FFTKernel, bin_down
from jaxtronomy.ImSim.Numerics.convolution import _Convolution
from jaxtronomy.Util import image_util, kernel_util

__all__ = ["AdaptiveConvolution"]


class AdaptiveConvolution(_Convolution):
    """All pixels are convolved on the pixel grid; for selected pixels the core of the kernel is then replaced by the
    convolution on the finer grid."""

    def __init__(
        self,
        kernel_super,
        supersampling_factor,
        conv_supersample_pixels,
        supersampling_kernel_size=None,
        compute_pixels=None,
        nopython=True,
        cache=True,
        parallel=False,
    ):
        """
        :param kernel_super: 2d kernel on the finer grid
        :param supersampling_factor: how much finer, per axis
        :param conv_supersample_pixels: 2d bool array, the pixels that are convolved finely
        :param supersampling_kernel_size: width of the core in pixels, None: that of the kernel
        :param compute_pixels: 2d bool array, pixels on which the fine part is evaluated, None: all
        :param nopython: accepted for compatibility, as are ``cache`` and ``parallel``
        """
        self._supersampling_factor = supersampling_factor
        self._kernel = kernel_util.degrade_kernel(kernel_super, degrading_factor=supersampling_factor)
        width = (supersampling_kernel_size or len(self._kernel)) * supersampling_factor
        self._core_super = image_util.cut_edges(kernel_super, width + 1 - width % 2)
        self._core = kernel_util.degrade_kernel(self._core_super, degrading_factor=supersampling_factor)
        self._sources, self._targets = conv_supersample_pixels, compute_pixels

    def _blur(self, shape):
        fine = tuple(n * self._supersampling_factor for n in shape)
        return Blur(
            self._supersampling_factor,
            FFTKernel(self._kernel, shape),
            FFTKernel(self._core_super, fine),
            FFTKernel(self._core, shape),
            self._sources,
            self._targets,
        )

    def convolve2d(self, image_high_res):
        """Convolve a 2d image on the finer grid and bring it to the pixels.

        :param image_high_res: 2d image on the finer grid
        :return: convolved 2d image on the pixel grid
        """
        low = np.asarray(bin_down(np.asarray(image_high_res), self._supersampling_factor))
        return self.re_size_convolve(low, image_high_res)
