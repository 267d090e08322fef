"""Magnitudes, counts and noise levels of detectors. NumPy, Python numbers and JAX arrays alike."""

import jax.numpy as jnp

from ..core.compile import elementwise

__all__ = [
    "bkg_noise",
    "flux_noise",
    "magnitude2cps",
    "cps2magnitude",
    "absolute2apparent_magnitude",
    "adu2electrons",
    "electrons2adu",
]


@elementwise
def bkg_noise(readout_noise, exposure_time, sky_brightness, pixel_scale, num_exposures=1):
    """Background noise of a pixel of co-added exposures.

    :param readout_noise: noise of one readout [counts]
    :param exposure_time: time of one exposure [s]
    :param sky_brightness: brightness of the sky [counts/s/arcsec^2]
    :param pixel_scale: pixel size [arcsec]
    :param num_exposures: number of exposures
    :return: standard deviation [counts/s]
    """
    time = num_exposures * exposure_time
    return jnp.sqrt(num_exposures * readout_noise**2 + time * sky_brightness * pixel_scale**2) / time


@elementwise
def flux_noise(cps_pixel, exposure_time):
    """``cps_pixel / sqrt(exposure_time)``, lenstronomy's measure of shot noise.

    :param cps_pixel: brightness of a pixel [counts/s]
    :param exposure_time: exposure time [s]
    :return: noise [counts/s]
    """
    return cps_pixel / jnp.sqrt(exposure_time)


@elementwise
def magnitude2cps(magnitude, magnitude_zero_point):
    """Counts per second of a magnitude.

    :param magnitude: apparent magnitude
    :param magnitude_zero_point: magnitude of one count per second
    :return: counts/s
    """
    return jnp.power(10.0, (magnitude_zero_point - magnitude) / 2.5)


@elementwise
def cps2magnitude(cps, magnitude_zero_point):
    """Magnitude of counts per second.

    :param cps: counts/s
    :param magnitude_zero_point: magnitude of one count per second
    :return: apparent magnitude
    """
    return magnitude_zero_point - 2.5 * jnp.log10(cps)


@elementwise
def absolute2apparent_magnitude(absolute_magnitude, d_parsec):
    """Apparent magnitude of an absolute one, with lenstronomy's factor 5.8 (the distance modulus has 5).

    :param absolute_magnitude: absolute magnitude
    :param d_parsec: distance [pc]
    :return: apparent magnitude
    """
    return 5.8 * (jnp.log10(d_parsec) - 1) + absolute_magnitude


def adu2electrons(adu, ccd_gain):
    """Electrons of data units.

    :param adu: analogue-to-digital units
    :param ccd_gain: electrons per unit
    :return: electrons
    """
    return adu * ccd_gain


def electrons2adu(electrons, ccd_gain):
    """Data units of electrons.

    :param electrons: electrons
    :param ccd_gain: electrons per analogue-to-digital unit
    :return: analogue-to-digital units
    """
    return electrons / ccd_gain


def magnitude2amplitude(light_model_class, kwargs_light_mag, magnitude_zero_point):
    """Amplitudes of light profiles given by magnitudes.

    :param light_model_class: LightModel instance
    :param kwargs_light_mag: list of keyword arguments with 'magnitude' in the place of 'amp', or None
    :param magnitude_zero_point: magnitude of one count per second
    :return: new list of keyword arguments with 'amp'
    """
    if kwargs_light_mag is None:
        return None
    amplitudes = [{k: v for k, v in kwargs.items() if k != "magnitude"} for kwargs in kwargs_light_mag]
    for i, kwargs in enumerate(kwargs_light_mag):
        flux = light_model_class.total_flux(kwargs_list=amplitudes, norm=True, k=i)[0]
        amplitudes[i]["amp"] = magnitude2cps(kwargs["magnitude"], magnitude_zero_point) / flux
    return amplitudes
