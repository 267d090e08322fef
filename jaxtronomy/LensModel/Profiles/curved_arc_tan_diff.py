"""Curved arc whose tangential stretch changes along it: an isothermal ellipsoid and a mass sheet
(Birrer 2021, arXiv:2104.09522).

See :mod:`~jaxtronomy.LensModel.Profiles.curved_arc_spp`; the axes of the ellipsoid lie diagonal to the arc.
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.frames import centred
from jaxtronomy.core.numerics import sincos
from jaxtronomy.core.parameters import Parameter

from .base_profile import CENTRE, LensProfileBase
from .curved_arc_spp import CURVATURE, DIRECTION, STRETCH, arc, center_deflector, center_of_deflector
from .nie import nie
from .sie import S_SCALE

__all__ = ["CurvedArcTanDiff", "center_deflector"]


def ellipsoid(tangential_stretch, radial_stretch, curvature, dtan_dtan, direction):
    """Einstein radius and ellipticity."""
    slope = tangential_stretch * curvature * (1 - tangential_stretch / radial_stretch)
    epsilon = jnp.clip(dtan_dtan * tangential_stretch / jnp.abs(slope), -0.99999, 0.99999)
    e = epsilon / (1 + jnp.sqrt(1 - epsilon**2))
    sine, cosine = sincos(2 * direction)
    theta_E = (1 - radial_stretch / tangential_stretch) / curvature * jnp.sqrt((1 + e * e) / (1 - e * e))
    return theta_E, -e * sine, e * cosine


def stretch2sie_mst(tangential_stretch, radial_stretch, curvature, dtan_dtan, direction, center_x, center_y):
    """Einstein radius and ellipticity, convergence of the sheet, and centre of the ellipsoid of an arc."""
    theta_E, e1, e2 = ellipsoid(tangential_stretch, radial_stretch, curvature, dtan_dtan, direction)
    centre = center_of_deflector(curvature, direction, center_x, center_y)
    return theta_E, e1, e2, 1 - 1 / radial_stretch, *centre


def isothermal(tangential_stretch, radial_stretch, curvature, dtan_dtan, direction):
    """Parameters of the ellipsoid, and the factor of the mass."""
    shape = ellipsoid(tangential_stretch, radial_stretch, curvature, dtan_dtan, direction)
    return (*shape, S_SCALE), 1 / radial_stretch


class CurvedArcTanDiff(LensProfileBase):
    __doc__ = __doc__

    parameters = (*STRETCH, CURVATURE, Parameter("dtan_dtan", -10, 10), DIRECTION, *CENTRE)
    kernel = centred(arc(nie, isothermal))
    stretch2sie_mst = staticmethod(elementwise(stretch2sie_mst))
