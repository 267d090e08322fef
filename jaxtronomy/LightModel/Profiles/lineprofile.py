"""Constant surface brightness on a line segment of finite width."""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import rotate
from jaxtronomy.core.parameters import Parameter

from .profile_base import AMP, LightProfileBase

__all__ = ["LineProfile"]


class LineProfile(LightProfileBase):
    """A segment that starts at (start_x, start_y) and runs ``length`` at ``angle`` degrees clockwise from the x-axis.

    Its ``width`` extends symmetrically to both sides; ``amp`` is the surface brightness.
    """

    parameters = (
        AMP(upper=10),
        Parameter("angle", -180, 180, unit="deg"),
        Parameter("length", 0.01, 10, unit="arcsec"),
        Parameter("width", 0.01, 5, unit="arcsec"),
        Parameter("start_x", -100, 100, default=0, unit="arcsec"),
        Parameter("start_y", -100, 100, default=0, unit="arcsec"),
    )
    positive = False

    def kernel(self, x, y, angle, length, width, start_x, start_y):
        """Surface brightness for unit amplitude, pure."""
        along, across = rotate(x - start_x, y - start_y, -math.pi / 180 * angle)
        inside = (along >= 0) & (along <= length) & (jnp.abs(across) <= width / 2)
        return jnp.where(inside, jnp.ones_like(x), 0.0)

    @method
    def total_flux(amp, angle, length, width, start_x=0, start_y=0):
        """Flux."""
        return amp * length * width
