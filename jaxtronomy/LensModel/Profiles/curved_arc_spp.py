r"""Curved arc: a spherical power law described by what it does to an image (Birrer 2021, arXiv:2104.09522).

At the position of the arc the image is stretched tangentially and radially by the given factors, and bent with the
given curvature towards the given direction.  The deflection is zero there: the source is where the arc is.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel, Round
from jaxtronomy.core.numerics import arctan2, power, safe_hypot, sincos
from jaxtronomy.core.parameters import Parameter

from . import spp
from .base_profile import CENTRE, LensProfileBase

__all__ = ["CurvedArcSPP", "center_deflector"]

STRETCH = (Parameter("tangential_stretch", -100, 100), Parameter("radial_stretch", -5, 5))
CURVATURE = Parameter("curvature", 1e-6, 100, unit="1/arcsec")
DIRECTION = Parameter("direction", -math.pi, math.pi, unit="rad")


def center_of_deflector(curvature, direction, center_x, center_y):
    """Position of the deflector [arcsec], at the centre of curvature."""
    sine, cosine = sincos(direction)
    return center_x - cosine / curvature, center_y - sine / curvature


def stretch2spp(tangential_stretch, radial_stretch, curvature, direction, center_x, center_y):
    """Einstein radius, slope and centre of the power law of an arc."""
    gamma = (1 / radial_stretch - 1) / (1 - 1 / tangential_stretch) + 2
    theta_E = power(jnp.abs(1 - 1 / tangential_stretch), 1 / (gamma - 1)) / curvature
    return theta_E, gamma, *center_of_deflector(curvature, direction, center_x, center_y)


def spp2stretch(theta_E, gamma, center_x_spp, center_y_spp, center_x, center_y):
    """Stretches, curvature and direction [rad] of the arc of a power law."""
    dx, dy = center_x - center_x_spp, center_y - center_y_spp
    radius = safe_hypot(dx, dy)
    mean = power(theta_E / radius, gamma - 1)
    return 1 / (1 - mean), 1 / (1 + (gamma - 2) * mean), 1 / radius, arctan2(dy, dx)


def arc(deflector, convert):
    """A deflector about the arc: what is linear there, and a mass sheet, taken out.

    :param deflector: kernel
    :param convert: function of tangential stretch, radial stretch, curvature, further parameters and direction that
        returns the deflector's parameters and the factor of its mass (of which the sheet is the rest)
    """

    def parts(curvature, direction):
        sine, cosine = sincos(direction)
        return cosine / curvature, sine / curvature

    def psi(x, y, *p):
        dx, dy = parts(p[2], p[-1])
        q, scale = convert(*p)
        alpha_x, alpha_y = deflector.deflection(dx, dy, *q)
        f = deflector.potential(x + dx, y + dy, *q) - alpha_x * x - alpha_y * y
        return scale * f + (1 - scale) / 2 * (x * x + y * y)

    def alpha(x, y, *p):
        dx, dy = parts(p[2], p[-1])
        q, scale = convert(*p)
        alpha_x, alpha_y = deflector.deflection(dx, dy, *q)
        f_x, f_y = deflector.deflection(x + dx, y + dy, *q)
        return scale * (f_x - alpha_x) + (1 - scale) * x, scale * (f_y - alpha_y) + (1 - scale) * y

    def second(x, y, *p):
        dx, dy = parts(p[2], p[-1])
        q, scale = convert(*p)
        f_xx, f_xy, f_yx, f_yy = deflector.hessian(x + dx, y + dy, *q)
        return scale * f_xx + (1 - scale), scale * f_xy, scale * f_yx, scale * f_yy + (1 - scale)

    return Kernel(psi, alpha, second)


def power_law(tangential_stretch, radial_stretch, curvature, direction):
    """Parameters of the power law, all of the mass."""
    return stretch2spp(tangential_stretch, radial_stretch, curvature, direction, 0.0, 0.0)[:2], 1.0


class CurvedArcSPP(LensProfileBase):
    __doc__ = __doc__

    parameters = (*STRETCH, CURVATURE, DIRECTION, *CENTRE)
    kernel = centred(arc(Round(spp.potential, spp.mean_convergence, spp.convergence).kernel(), power_law))
    stretch2spp = staticmethod(elementwise(stretch2spp))
    spp2stretch = staticmethod(elementwise(spp2stretch))


center_deflector = elementwise(center_of_deflector)
