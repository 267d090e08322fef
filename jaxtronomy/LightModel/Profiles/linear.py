r"""Surface brightness that changes linearly with radius.

.. math::
    I(R) = \max(A + k R, 0)

It is not linear in its amplitude where it is cut at zero; as a linear component it counts with A = 1, as in
lenstronomy.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.numerics import safe_sqrt
from jaxtronomy.core.parameters import Parameter

from .profile_base import (
    AMP,
    CENTRE,
    ELLIPTICITY,
    LightProfileBase,
    ellipse_radius_squared,
    round_radius_squared,
)

__all__ = ["Linear", "LinearEllipse"]

SLOPE = Parameter("k", -1000, 1000, unit="flux / arcsec^3")


def total_flux(amp, k):
    """Volume of the cone, infinite where it opens upwards (lenstronomy has the two parameters the wrong way round)."""
    falls = k < 0
    return jnp.where(falls, math.pi / 3 * jnp.maximum(amp, 0.0) ** 3 / jnp.where(falls, k, 1.0) ** 2, jnp.inf)


class Linear(LightProfileBase):
    """Round cone of height ``amp`` and slope ``k``."""

    parameters = (AMP, SLOPE, *CENTRE)
    radius_squared = staticmethod(round_radius_squared)
    positive = False

    def surface_brightness(self, x, y, amp, k, *frame):
        """Surface brightness, pure: for use inside programs."""
        return jnp.maximum(amp + k * safe_sqrt(self.radius_squared(x, y, *frame)), 0.0)

    def kernel(self, x, y, *parameters):
        """Surface brightness for unit amplitude, pure."""
        return self.surface_brightness(x, y, 1.0, *parameters)

    @method
    def total_flux(amp, k, center_x=0, center_y=0):
        """Volume of the cone, infinite for ``k`` not below zero."""
        return total_flux(amp, k)


class LinearEllipse(Linear):
    """Elliptical cone. (The default upper limits of the ellipticity are 0.5; lenstronomy's equal the lower ones.)"""

    parameters = (AMP, SLOPE, *ELLIPTICITY, *CENTRE)
    radius_squared = staticmethod(ellipse_radius_squared)

    @method
    def total_flux(amp, k, e1=None, e2=None, center_x=None, center_y=None):
        """Volume of the cone, infinite for ``k`` not below zero."""
        return total_flux(amp, k)
