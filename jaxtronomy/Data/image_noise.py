"""Variance of the pixels of an image."""

import jax
import jax.numpy as jnp
import numpy as np

from ..core.compile import elementwise
from ..Util.image_util import gradient_map

__all__ = ["ImageNoise", "covariance_matrix"]

MIN_EXPOSURE = 1e-10


def concrete(value):
    """The value as a NumPy array; None when it is traced, and nothing can be said about it."""
    return None if isinstance(value, jax.core.Tracer) else np.asarray(value)


def native(value):
    """An array as float64 in the machine's byte order (FITS files have another); numbers and JAX arrays as they are."""
    return value if isinstance(value, jax.Array) or np.ndim(value) == 0 else np.asarray(value, dtype=float)


def check_pixels(name, value, wrong, what):
    """Raise a ValueError that names the first pixel for which ``wrong(value)`` holds.

    :param name: what the error calls the value
    :param value: number or image; nothing is checked when it is traced
    :param wrong: function of an array that marks what is not allowed
    :param what: what is allowed
    """
    array = concrete(value)
    if array is None:
        return
    bad = np.asarray(wrong(array))
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        place = f" at pixel {where}, and {bad.sum()} such pixels in all" if where else ""
        raise ValueError(f"{name} is {array[where]}{place}; {what}")


def pixel_variance(data, background_rms, exposure_map, gradient=0.0):
    """Pure function behind :func:`covariance_matrix`; the gradient is given, scaled."""
    return jnp.maximum(data, 0.0) / exposure_map + background_rms**2 + gradient**2


_pixel_variance = elementwise(pixel_variance)


def covariance_matrix(data, background_rms, exposure_map, gradient_boost_factor=None):
    """Variance of each pixel: Poisson noise of positive fluxes, background, and a term for steep gradients.

    :param data: image [counts/s]
    :param background_rms: standard deviation of the background [counts/s]
    :param exposure_map: exposure time [s], a number or an image
    :param gradient_boost_factor: the gradient of the image times this number is added in quadrature; None for none
    :return: image of variances
    """
    if gradient_boost_factor is None:
        return _pixel_variance(data, background_rms, exposure_map)
    return _pixel_variance(data, background_rms, exposure_map, gradient_map(data) * gradient_boost_factor)


class ImageNoise:
    """Noise of the pixels of an image: either a map of it, or a background and an exposure time.

    :param image_data: image
    :param exposure_time: exposure time, a number or an image; not negative (below 1e-10 it counts as that: no
        exposure), infinite for no Poisson noise
    :param background_rms: standard deviation of the background noise, a number or an image
    :param noise_map: image of the total standard deviation; the others play no part then
    :param gradient_boost_factor: the gradient of the image times this number is added in quadrature; None for none
    :param verbose: bool, say so when the background is below one count, so that Poisson noise is not Gaussian
    :param flux_scaling: factor of model fluxes in the units of this image
    :raises ValueError: when pixels of the image are not finite; when the noise map or the exposure times have another
        shape than the image; when the noise is not positive, or the background or the exposure time negative
    """

    def __init__(
        self,
        image_data,
        exposure_time=None,
        background_rms=None,
        noise_map=None,
        gradient_boost_factor=None,
        verbose=True,
        flux_scaling=1,
    ):
        image_data, noise_map = native(image_data), native(noise_map)
        exposure_time, background_rms = native(exposure_time), native(background_rms)
        shape = np.shape(image_data)
        _check_image(image_data)
        if noise_map is not None:
            if np.shape(noise_map) != shape:
                raise ValueError(
                    f"noise_map has shape {np.shape(noise_map)}, and image_data {shape}; they have to agree."
                )
            remedy = "positive noise is needed. Give pixels that are to be ignored a large noise, or mask them."
            check_pixels("noise_map", noise_map, lambda noise: ~(noise > 0), remedy)
        for name, value in (("exposure_time", exposure_time), ("background_rms", background_rms)):
            if value is None:
                continue
            if np.ndim(value) and np.shape(value) != shape:
                raise ValueError(
                    f"{name} has shape {np.shape(value)}, and image_data {shape}; a number or that is allowed."
                )
            check_pixels(name, value, lambda v: ~(v >= 0), "0 or more is allowed.")
        exposure = exposure_time if exposure_time is None else concrete(exposure_time)
        if exposure is not None and np.any(exposure < MIN_EXPOSURE):
            exposure_time = np.maximum(exposure, MIN_EXPOSURE)
        if verbose and noise_map is None and exposure_time is not None and background_rms is not None:
            if np.any(background_rms * exposure_time < 1):
                print(
                    "WARNING: the background noise is below one count in some pixels "
                    f"({np.min(background_rms * exposure_time):.3g}); Poisson noise is taken for Gaussian."
                )
        self._exp_map = exposure_time
        self._background_rms = background_rms
        self._noise_map = noise_map
        self.flux_scaling = flux_scaling
        self._data = image_data
        self._gradient_boost_factor = gradient_boost_factor

    @property
    def background_rms(self):
        """Standard deviation of the background; the median of the noise map where it is not given.

        :raises ValueError: when neither is given
        """
        if self._background_rms is None:
            if self._noise_map is None:
                raise ValueError("the noise of the image is not known: background_rms or noise_map has to be given.")
            self._background_rms = np.median(self._noise_map)
        return self._background_rms

    @property
    def exposure_map(self):
        """Exposure time, a number or an image: data times exposure time are counts. None with a noise map alone.

        :raises ValueError: when neither exposure time nor noise map is given
        """
        if self._exp_map is None and self._noise_map is None:
            raise ValueError("the noise of the image is not known: exposure_time or noise_map has to be given.")
        return self._exp_map

    @property
    def C_D(self):
        """Variance of the pixels, estimated from the data (biased where counts are low), shape of the image.

        :raises ValueError: when the noise is not given, or a pixel has none
        """
        if not hasattr(self, "_C_D"):
            variance = self.C_D_model(self._data)
            remedy = "the background_rms has to be positive where no light is."
            check_pixels("the variance", variance, lambda v: ~(v > 0), remedy)
            self._C_D = variance
        return self._C_D

    def C_D_model(self, model):
        """Variance of the pixels for the fluxes of a model.

        :param model: image without noise
        :return: image of variances
        :raises ValueError: when the noise is not given
        """
        if self._noise_map is not None:
            return self._noise_map**2
        return covariance_matrix(model, self.background_rms, self.exposure_map, self._gradient_boost_factor)


def _check_image(image_data):
    """Raise a ValueError when a pixel is not finite."""
    remedy = "finite values are needed. Set pixels that are to be ignored to zero, and mask them."
    check_pixels("image_data", image_data, lambda image: ~np.isfinite(image), remedy)
