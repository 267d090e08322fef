r"""Curved arc of constant curvature and stretch: every image point lies on a circle of the same radius
(Birrer 2021, arXiv:2104.09522).

In the frame of the arc, with radius of curvature :math:`r` and tangential stretch :math:`\lambda`,

.. math::
    \alpha_x = \sqrt{r^2 - y^2} - r, \qquad \alpha_y = y - \frac{r}{\lambda} \arcsin\frac{y}{r}

for :math:`|y| \leq r` and zero beyond.  The field is not a gradient, and there is no potential.  The Hessian is the
exact slope of the deflection, where lenstronomy takes differences.
"""

import jax.numpy as jnp

from jaxtronomy.core.frames import centred, rotate
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import arcsin

from .base_profile import CENTRE, LensProfileBase
from .curved_arc_spp import CURVATURE, DIRECTION, STRETCH

__all__ = ["CurvedArcConst", "CurvedArcConstMST"]


def deflection(x, y, tangential_stretch, curvature, direction):
    """Equation of the module's docstring, turned into the direction of the arc."""
    _, y = rotate(x, y, direction)
    sine = y * curvature
    inside = jnp.abs(sine) < 1
    sine = jnp.where(inside, sine, 0.0)
    f_x = jnp.where(inside, (jnp.sqrt(1 - sine * sine) - 1) / curvature, 0.0)
    f_y = jnp.where(inside, y - arcsin(sine) / curvature / tangential_stretch, 0.0)
    return rotate(f_x, f_y, -direction)


def with_sheet(x, y, tangential_stretch, radial_stretch, curvature, direction):
    """The same with a radial stretch, by a mass sheet."""
    scale = 1 / radial_stretch
    f_x, f_y = deflection(x, y, tangential_stretch * scale, curvature, direction)
    return scale * f_x + (1 - scale) * x, scale * f_y + (1 - scale) * y


class CurvedArcConstMST(LensProfileBase):
    """Curved arc of constant curvature and constant tangential and radial stretch."""

    parameters = (*STRETCH, CURVATURE, DIRECTION, *CENTRE)
    kernel = centred(Kernel(None, with_sheet))


class CurvedArcConst(LensProfileBase):
    __doc__ = __doc__

    parameters = (STRETCH[0], CURVATURE, DIRECTION, *CENTRE)
    kernel = centred(Kernel(None, deflection))
