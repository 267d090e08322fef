"""Power spectra of images."""

import numpy as np

from .analysis_util import azimuthal_average

__all__ = ["correlation_2D", "power_spectrum_2d", "power_spectrum_1d"]


def correlation_2D(image):
    """Modulus of the Fourier transform of an image, frequency zero in the middle.

    :param image: image
    :return: image of the same shape
    """
    return np.abs(np.fft.fftshift(np.fft.fft2(image)))


def power_spectrum_2d(image):
    """Power per frequency, frequency zero in the middle.

    :param image: image
    :return: image of the same shape
    """
    return (correlation_2D(image) / np.size(image)) ** 2


def power_spectrum_1d(image):
    """Power per frequency, averaged in rings.

    :param image: image
    :return: power, frequency [pixels of the transform]
    """
    return azimuthal_average(power_spectrum_2d(image))
