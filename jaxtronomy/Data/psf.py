"""Point spread functions."""

import warnings

import numpy as np

from ..Util import kernel_util, util

__all__ = ["PSF"]

PSF_TYPES = ("NONE", "GAUSSIAN", "PIXEL")
MAX_PIXELS = 221  # of a Gaussian kernel, per side
MAX_PIXELS_SUPERSAMPLED = 10000


class PSF:
    """The kernel with which light is convolved, and which is the image of a point source.

    :param psf_type: 'NONE', 'GAUSSIAN' or 'PIXEL'
    :param fwhm: full width at half maximum of the Gaussian [arcsec]
    :param truncation: radius of the Gaussian's kernel [sigma]
    :param pixel_size: pixel size [arcsec], needed by the Gaussian; an ImageModel sets it
    :param kernel_point_source: image of a point source in the middle of the middle pixel, a square of odd size
    :param psf_variance_map: variance of the kernel's pixels (of the image, not supersampled) for a source of amplitude
        1, cut or filled up to the size of the kernel. Around a point source, its square amplitude times this map is
        added to the variance of the image.
    :param point_source_supersampling_factor: subpixels per pixel and axis in ``kernel_point_source``
    :param kernel_point_source_init: the kernel with which an iterative reconstruction of the PSF has begun; kept only
    :param kernel_point_source_normalisation: bool, the kernel is divided by its sum. With False it is taken as it is,
        and one of even size is interpolated to odd size, with a warning
    :raises ValueError: when the type is not known, what it needs is missing or not positive, or the kernel is not a
        square of odd size, finite, and with a sum that it can be divided by
    """

    def __init__(
        self,
        psf_type="NONE",
        fwhm=None,
        truncation=5,
        pixel_size=None,
        kernel_point_source=None,
        psf_variance_map=None,
        point_source_supersampling_factor=1,
        kernel_point_source_init=None,
        kernel_point_source_normalisation=True,
    ):
        if psf_type not in PSF_TYPES:
            raise ValueError(f"psf_type is {psf_type!r}; allowed are {', '.join(PSF_TYPES)}.")
        self.psf_type = psf_type
        self._pixel_size = pixel_size
        self.kernel_point_source_init = kernel_point_source_init
        self._kernel_norm, self._variance_norm, self._factor = 1, 1, 1
        self._kernels = {}  # by supersampling factor

        if psf_type == "GAUSSIAN":
            if fwhm is None or not fwhm > 0:
                raise ValueError(f"fwhm of the GAUSSIAN PSF is {fwhm}; a positive number is needed.")
            self._fwhm = fwhm
            self.truncation = truncation
        elif psf_type == "PIXEL":
            self._set_kernel(kernel_point_source, point_source_supersampling_factor, kernel_point_source_normalisation)
        else:
            self._kernels[1] = np.pad([[1.0]], 1)

        # a map of zeros, as PSF iterations return, is none: the model stays the same program
        self.psf_variance_map_bool = psf_variance_map is not None and bool(np.any(psf_variance_map))
        if self.psf_variance_map_bool:
            self._raw_variance = np.array(psf_variance_map, dtype=float)
            if self._factor > 1 and len(self._raw_variance) == len(self._kernels[self._factor]):
                warnings.warn(
                    "psf_variance_map, of the size of the supersampled kernel, is taken for pixels.", stacklevel=2
                )
            if kernel_point_source_normalisation is True:
                self._raw_variance /= self._variance_norm**2

    def _set_kernel(self, kernel, factor, normalise):
        """Check the kernel of a PIXEL PSF and keep it, on subpixels and on pixels."""
        if kernel is None:
            raise ValueError("kernel_point_source is missing: the PIXEL PSF needs it.")
        kernel = np.array(kernel, dtype=float)
        if kernel.ndim != 2 or kernel.shape[0] != kernel.shape[1]:
            raise ValueError(f"kernel_point_source has shape {kernel.shape}; a square is needed.")
        if not np.all(np.isfinite(kernel)):
            raise ValueError(f"kernel_point_source has {np.sum(~np.isfinite(kernel))} pixels that are not finite.")
        if factor != int(factor) or factor < 1:
            raise ValueError(f"point_source_supersampling_factor is {factor}; a positive integer is needed.")
        total = np.sum(kernel)
        if len(kernel) % 2 == 0:
            if normalise is not False:
                raise ValueError(
                    f"kernel_point_source has shape {kernel.shape}; an odd number of pixels is needed, so that one "
                    "is in the middle. kernel_util.kernel_make_odd interpolates to one pixel more."
                )
            warnings.warn(f"kernel_point_source of shape {kernel.shape} is interpolated to odd size.", stacklevel=3)
            kernel = kernel_util.kernel_make_odd(kernel)
        if np.min(kernel) < 0:
            warnings.warn(
                "kernel_point_source has negative pixels, which only the PSF of an interferometer should have.",
                stacklevel=3,
            )
        if normalise is True:
            if not total != 0:
                raise ValueError("kernel_point_source has the sum 0, by which it cannot be divided.")
            kernel = kernel_util.kernel_norm(kernel)
        else:
            self._kernel_norm = total
        self._variance_norm = total
        self._factor = int(factor)
        self._kernels[self._factor] = kernel
        if self._factor > 1:
            pixels = kernel_util.degrade_kernel(kernel, self._factor)
            self._kernels[1] = pixels if normalise is True else kernel_util.kernel_norm(pixels) * total

    def _gaussian_kernel(self, factor, limit=None):
        """Gaussian kernel on pixels ``factor`` times smaller, cut at the truncation radius."""
        if self._pixel_size is None or not self._pixel_size > 0:
            raise ValueError(f"pixel_size of the GAUSSIAN PSF is {self._pixel_size}; a positive number is needed.")
        size = self._pixel_size / factor
        radius = max(round(self.truncation * util.fwhm2sigma(self._fwhm) / size), 1)
        pixels = 2 * radius + 1
        if limit is not None:
            pixels = min(pixels, limit)
        if pixels > MAX_PIXELS_SUPERSAMPLED:
            raise ValueError(
                f"the Gaussian kernel of fwhm {self._fwhm} has {pixels} pixels of {size} per side when it is cut at "
                f"{self.truncation} sigma; {MAX_PIXELS_SUPERSAMPLED} are allowed."
            )
        return kernel_util.kernel_gaussian(pixels, size, self._fwhm)

    @property
    def kernel_point_source(self):
        """Image of a point source in the middle of a pixel, on the pixels of the image."""
        if 1 not in self._kernels:
            self._kernels[1] = self._gaussian_kernel(1, limit=MAX_PIXELS)
        return self._kernels[1]

    @property
    def kernel_pixel(self):
        """Kernel of light that is uniform over a pixel."""
        kernel = kernel_util.pixel_kernel(self.kernel_point_source, subgrid_res=1)
        return kernel_util.kernel_norm(kernel) * self._kernel_norm

    def kernel_point_source_supersampled(self, supersampling_factor, updata_cache=True):
        """Image of a point source in the middle of a pixel, on smaller pixels.

        :param supersampling_factor: subpixels per pixel and axis
        :param updata_cache: bool, the kernel is kept for the next call
        :return: kernel of odd size; 'NONE' has one of 3 x 3 pixels at any resolution
        """
        factor = supersampling_factor
        if self.psf_type not in PSF_TYPES:
            raise ValueError(f"psf_type is {self.psf_type!r}; allowed are {', '.join(PSF_TYPES)}.")
        if factor == 1 or self.psf_type == "NONE":
            return self.kernel_point_source
        if factor in self._kernels:
            return self._kernels[factor]
        if self.psf_type == "GAUSSIAN":
            kernel = self._gaussian_kernel(factor)
        else:
            kernel = kernel_util.subgrid_kernel(self.kernel_point_source, factor, odd=True, num_iter=5)
            kernel = kernel_util.kernel_norm(kernel) * self._kernel_norm
        if updata_cache is True:
            self._kernels[factor] = kernel
        return kernel

    def set_pixel_size(self, delta_pix):
        """Set the pixel size; the kernels of a Gaussian change with it.

        :param delta_pix: pixel size [arcsec]
        """
        self._pixel_size = delta_pix
        if self.psf_type == "GAUSSIAN":
            self._kernels = {}

    @property
    def psf_variance_map(self):
        """Variance of the pixels of the normalised kernel (not supersampled), zero where none is given."""
        kernel = self.kernel_point_source
        if not self.psf_variance_map_bool:
            return np.zeros_like(kernel)
        return kernel_util.match_kernel_size(self._raw_variance, len(kernel))

    @property
    def fwhm(self):
        """Full width at half maximum [arcsec]; measured on the kernel unless the PSF is a Gaussian."""
        if self.psf_type == "GAUSSIAN":
            return self._fwhm
        if self._pixel_size is None:
            raise ValueError("pixel_size is not set: the width of the PSF in arcsec is not known.")
        return kernel_util.fwhm_kernel(self.kernel_point_source) * self._pixel_size

    @property
    def point_source_supersampling_factor(self):
        """Supersampling factor of the kernel that was given; 1 for other types than 'PIXEL'."""
        return self._factor
