"""Convolutions with a kernel on the pixels, on a finer grid, and with Gaussians."""

import numpy as np
import scipy

from jaxtronomy.core.fft import Blur, FFTKernel, bin_down
from jaxtronomy.core.tree import evaluate_method
from jaxtronomy.Util import kernel_util, util

__all__ = [
    "FWHMGaussianConvolution",
    "MGEConvolution",
    "MultiGaussianConvolution",
    "PixelKernelConvolution",
    "SubgridKernelConvolution",
]


class _Convolution:
    """A convolution as a :class:`~jaxtronomy.core.fft.Blur`, made for the shape of the image it first meets."""

    def blur(self, shape):
        """The convolution of images of ``shape`` (ny, nx), as an argument of programs."""
        shape = tuple(int(n) for n in shape)
        made = self.__dict__.setdefault("_blurs", {})
        if shape not in made:
            made[shape] = self._blur(shape)
        return made[shape]

    def re_size_convolve(self, image_low_res, image_high_res=None):
        """Convolve an image and bring it to the pixel grid.

        :param image_low_res: 2d image on the pixel grid
        :param image_high_res: 2d image on the finer grid, where there is one
        :return: convolved 2d image on the pixel grid
        """
        blur = self.blur(np.shape(image_low_res))
        high = () if image_high_res is None or blur.high is None else (image_high_res,)
        return evaluate_method(Blur.apply, blur, image_low_res, *high)


class PixelKernelConvolution(_Convolution):
    """Convolution with a kernel given on the pixels."""

    def __init__(self, kernel, convolution_type="fft_static"):
        """
        :param kernel: 2d kernel of odd size
        :param convolution_type: "fft", "fft_static" (both: Fourier transforms, the kernel's computed once) or "grid"
            (direct sum, for tests)
        :raises ValueError: other type
        """
        if convolution_type not in ("fft", "grid", "fft_static"):
            raise ValueError(f"convolution_type {convolution_type!r} is not one of 'fft', 'fft_static' and 'grid'.")
        self._kernel = np.asarray(kernel, dtype=float)
        self._type = convolution_type

    def _blur(self, shape):
        return Blur(low=FFTKernel(self._kernel, shape))

    def pixel_kernel(self, num_pix=None):
        """The kernel.

        :param num_pix: size of the kernel returned (odd), None: as it is
        """
        return self._kernel if num_pix is None else kernel_util.cut_psf(self._kernel, num_pix)

    def copy_transpose(self):
        """The convolution with the transposed kernel."""
        return PixelKernelConvolution(self._kernel.T, convolution_type=self._type)

    def convolution2d(self, image):
        """Convolve a 2d image, zero outside its frame.

        :param image: 2d image
        :return: convolved image of the same shape
        """
        if self._type == "grid":
            return scipy.signal.convolve2d(image, self._kernel, mode="same")
        return self.re_size_convolve(image)


class SubgridKernelConvolution(_Convolution):
    """Convolution on a finer grid within the core of the kernel, on the pixels outside of it."""

    def __init__(
        self, kernel_supersampled, supersampling_factor, supersampling_kernel_size=None, convolution_type="fft_static"
    ):
        """
        :param kernel_supersampled: 2d kernel on the finer grid
        :param supersampling_factor: how much finer it is, per axis
        :param supersampling_kernel_size: width of the core in pixels, None: the whole kernel is convolved finely
        :param convolution_type: see :class:`PixelKernelConvolution`
        """
        self._supersampling_factor = supersampling_factor
        if supersampling_kernel_size is None:
            low, high = None, np.asarray(kernel_supersampled, dtype=float)
        else:
            low, high = kernel_util.split_kernel(kernel_supersampled, supersampling_kernel_size, supersampling_factor)
        self._kernel_low, self._kernel_high = low, high

    def _blur(self, shape):
        fine = tuple(n * self._supersampling_factor for n in shape)
        low = None if self._kernel_low is None else FFTKernel(self._kernel_low, shape)
        return Blur(self._supersampling_factor, low, FFTKernel(self._kernel_high, fine))

    def convolution2d(self, image):
        """Convolve a 2d image on the finer grid and bring it to the pixels.

        :param image: 2d image on the finer grid
        :return: convolved 2d image on the pixel grid
        """
        return self.re_size_convolve(np.asarray(bin_down(np.asarray(image), self._supersampling_factor)), image)


class MultiGaussianConvolution(_Convolution):
    """Convolution with a sum of round Gaussians; beyond its edge the image goes on as its outermost pixels are."""

    def __init__(
        self,
        sigma_list,
        fraction_list,
        pixel_scale,
        supersampling_factor=1,
        supersampling_convolution=False,
        truncation=2,
    ):
        """
        :param sigma_list: standard deviations, in the units of ``pixel_scale``
        :param fraction_list: relative weights
        :param pixel_scale: pixel size
        :param supersampling_factor: how much finer the image is, per axis
        :param supersampling_convolution: True to convolve on the finer grid
        :param truncation: where the Gaussians end, in standard deviations
        """
        self._sigmas_scaled = np.asarray(sigma_list, dtype=float) / pixel_scale
        if supersampling_convolution:
            self._sigmas_scaled = self._sigmas_scaled * supersampling_factor
        self._fraction_list = np.asarray(fraction_list, dtype=float) / np.sum(fraction_list)
        if len(self._sigmas_scaled) != len(self._fraction_list):
            raise ValueError(f"{len(self._sigmas_scaled)} widths and {len(self._fraction_list)} weights of Gaussians.")
        self._num_gaussians = len(self._sigmas_scaled)
        self._truncation = truncation
        self._pixel_scale = pixel_scale
        self._supersampling_factor = supersampling_factor
        self._supersampling_convolution = supersampling_convolution

    def _kernel(self):
        """The kernel on its grid, each Gaussian normalised within its own truncation."""
        radii = [int(self._truncation * s + 0.5) for s in self._sigmas_scaled]
        reach = max(radii)
        kernel = np.zeros((2 * reach + 1,) * 2)
        for sigma, fraction, radius in zip(self._sigmas_scaled, self._fraction_list, radii):
            weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
            weights /= weights.sum()
            inner = slice(reach - radius, reach + radius + 1)
            kernel[inner, inner] += fraction * np.outer(weights, weights)
        return kernel

    def _blur(self, shape):
        if self._supersampling_convolution:
            fine = tuple(n * self._supersampling_factor for n in shape)
            return Blur(self._supersampling_factor, high=FFTKernel(self._kernel(), fine, extend=True))
        return Blur(low=FFTKernel(self._kernel(), shape, extend=True))

    def convolution2d(self, image):
        """Convolve a 2d image on its own grid.

        :param image: 2d image
        :return: convolved image of the same shape
        """
        made = self.__dict__.setdefault("_plain", {})
        shape = np.shape(image)
        if shape not in made:
            made[shape] = Blur(low=FFTKernel(self._kernel(), shape, extend=True))
        return evaluate_method(Blur.apply, made[shape], image)

    def pixel_kernel(self, num_pix):
        """The kernel on the pixels.

        :param num_pix: size of the kernel (odd)
        :return: 2d kernel, normalised
        """
        x, y = util.make_grid(num_pix, 1)
        r2 = x**2 + y**2
        parts = [f * np.exp(-r2 / (2 * s**2)) / s**2 for s, f in zip(self._sigmas_scaled, self._fraction_list)]
        kernel = util.array2image(sum(parts))
        return kernel / kernel.sum()


class FWHMGaussianConvolution:
    """Convolution with the Gaussian that has the full width at half maximum of a kernel."""

    def __init__(self, kernel, truncation=4):
        """
        :param kernel: 2d kernel
        :param truncation: where the Gaussian ends, in standard deviations
        """
        sigma = util.fwhm2sigma(kernel_util.fwhm_kernel(kernel))
        self._gaussian = MultiGaussianConvolution([sigma], [1], 1, truncation=truncation)

    def convolution2d(self, image):
        """Convolve a 2d image.

        :param image: 2d image
        :return: convolved image of the same shape
        """
        return self._gaussian.convolution2d(image)


class MGEConvolution:
    """Convolution with the multi-Gaussian expansion of a kernel."""

    def __init__(self, kernel, pixel_scale, order=1):
        """
        :param kernel: 2d kernel, centred, of odd size
        :param pixel_scale: pixel size
        :param order: number of Gaussians
        """
        amplitudes, sigmas, _ = kernel_util.mge_kernel(kernel, order=order)
        widths = np.array(sigmas) * pixel_scale
        self._mge_conv = MultiGaussianConvolution(
            widths, np.array(amplitudes) / np.sum(amplitudes), pixel_scale, truncation=4
        )
        self._kernel = kernel

    def convolution2d(self, image):
        """Convolve a 2d image.

        :param image: 2d image
        :return: convolved image of the same shape
        """
        return self._mge_conv.convolution2d(image)

    def kernel_difference(self):
        """Kernel minus its expansion."""
        return self._kernel - self._mge_conv.pixel_kernel(len(self._kernel))
