"""An image as a light profile, interpolated between its pixels."""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.frames import rotate
from jaxtronomy.core.interpolate import bilinear
from jaxtronomy.core.parameters import Parameter

from .profile_base import AMP, LightProfileBase

__all__ = ["Interpol"]

CENTRE = (
    Parameter("center_x", -1000, 1000, default=0, unit="arcsec"),
    Parameter("center_y", -1000, 1000, default=0, unit="arcsec"),
)
SCALE = Parameter("scale", 0.000000001, 10000000000, default=1, unit="arcsec")


def to_pixels(ra, dec, center_x, center_y, phi_G, scale):
    """Position in the axes of the image, in pixels from its middle."""
    return rotate((ra - center_x) / scale, (dec - center_y) / scale, phi_G)


def interpolate(x, y, image):
    """Surface brightness of an image at positions in pixels from its middle."""
    n, m = image.shape
    return bilinear(image, y + (n - 1) / 2, x + (m - 1) / 2)


class Interpol(LightProfileBase):
    """Surface brightness per square arcsecond on a regular grid, interpolated bilinearly.

    ``image`` is an array parameter like any other: it may be traced, and a new one needs no new program. Outside of the
    image the surface brightness falls to zero within a pixel.
    """

    parameters = (
        Parameter("image", unit="flux / arcsec^2"),
        AMP(0, 1000000, default=1, unit=""),
        *CENTRE,
        Parameter("phi_G", -math.pi, math.pi, default=0, unit="rad"),
        SCALE,
    )
    positive = False

    def kernel(self, x, y, image, center_x, center_y, phi_G, scale):
        """Surface brightness for unit amplitude, pure.

        :raises ValueError: where the image is not two-dimensional
        """
        if jnp.ndim(image) != 2:
            raise ValueError(
                f"the light profile Interpol needs a two-dimensional image, not one of shape {image.shape}."
            )
        return interpolate(*to_pixels(x, y, center_x, center_y, phi_G, scale), image)

    def image_interp(self, x, y, image):
        """Surface brightness of the image.

        :param x: position along the second axis of the image, in pixels from its middle
        :param y: position along the first axis
        :param image: surface brightness of each pixel
        :return: interpolated surface brightness
        """
        return _interpolate(x, y, image)

    @staticmethod
    def total_flux(image, scale, amp=1, center_x=0, center_y=0, phi_G=0):
        """Flux: the sum of the pixels times their area.

        :param image: surface brightness of each pixel
        :param scale: pixel size [arcsec]
        :param amp: amplitude
        :param center_x: plays no part
        :param center_y: plays no part
        :param phi_G: plays no part
        :return: flux
        """
        return _total_flux(image, scale, amp)

    coord2image_pixel = staticmethod(elementwise(to_pixels))

    def delete_cache(self):
        """Accepted for compatibility: nothing is cached."""


_interpolate = elementwise(interpolate)


@elementwise
def _total_flux(image, scale, amp):
    return jnp.sum(image) * scale**2 * amp
