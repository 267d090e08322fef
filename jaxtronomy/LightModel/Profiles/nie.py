r"""Non-singular isothermal ellipse (Keeton & Kochanek 1998).

.. math::
    I(R) = \frac{A}{2\sqrt{s^2 + R^2}}, \qquad R^2 = q\,x'^2 + y'^2/q
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.parameters import Parameter

from .profile_base import AMP, CENTRE, ELLIPTICITY, LightProfileBase, centred, elliptical_radius_squared

__all__ = ["NIE"]


def nie(x, y, e1, e2, s_scale):
    """Projected profile of unit normalisation."""
    return 0.5 / jnp.sqrt(s_scale * s_scale + elliptical_radius_squared(x, y, e1, e2))


class NIE(LightProfileBase):
    """Non-singular isothermal ellipse, the convergence of the lens model with ``amp`` for the Einstein radius."""

    parameters = (AMP, *ELLIPTICITY, Parameter("s_scale", 0, 100, unit="arcsec"), *CENTRE)
    kernel = staticmethod(centred(nie))

    @method
    def light_3d(r, amp, e1, e2, s_scale, center_x=0, center_y=0):
        """Light density of the round profile at the 3d radius r [arcsec]."""
        return amp / (2 * math.pi) / (r * r + s_scale * s_scale)
