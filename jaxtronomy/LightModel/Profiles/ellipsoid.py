"""Constant surface brightness inside an ellipse."""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.parameters import Parameter

from .profile_base import AMP, CENTRE, ELLIPTICITY, LightProfileBase, elliptical_profile

__all__ = ["Ellipsoid"]


def disc(r2, radius):
    """Unit flux spread over a disc, at the squared radius r2."""
    return jnp.where(r2 <= radius**2, 1 / (math.pi * radius**2), 0.0)


class Ellipsoid(LightProfileBase):
    """Flux ``amp`` spread evenly over an ellipse; ``radius`` is the geometric mean of its semi-axes."""

    parameters = (AMP(upper=1000, unit="flux"), Parameter("radius", 0, 100, unit="arcsec"), *ELLIPTICITY, *CENTRE)
    kernel = staticmethod(elliptical_profile(disc))
    positive = False


@elementwise
def function(x, y, amp, sigma, center_x, center_y):
    """Flux ``amp`` spread evenly over a disc.

    :param x: position [arcsec]
    :param y: position [arcsec]
    :param amp: flux
    :param sigma: radius of the disc [arcsec]
    :param center_x: centre [arcsec]
    :param center_y: centre [arcsec]
    :return: surface brightness
    """
    return amp * disc((x - center_x) ** 2 + (y - center_y) ** 2, sigma)
