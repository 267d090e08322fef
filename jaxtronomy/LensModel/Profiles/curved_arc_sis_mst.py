"""Curved arc: an isothermal sphere and a mass sheet (Birrer 2021, arXiv:2104.09522).

See :mod:`~jaxtronomy.LensModel.Profiles.curved_arc_spp`."""

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.frames import centred
from jaxtronomy.core.numerics import arctan2, safe_hypot

from .base_profile import CENTRE, LensProfileBase
from .curved_arc_spp import CURVATURE, DIRECTION, STRETCH, arc, center_deflector, center_of_deflector
from .sis import sis

__all__ = ["CurvedArcSISMST", "center_deflector"]


def stretch2sis_mst(tangential_stretch, radial_stretch, curvature, direction, center_x, center_y):
    """Einstein radius, convergence of the sheet and centre of the sphere of an arc."""
    theta_E = (1 - radial_stretch / tangential_stretch) / curvature
    return theta_E, 1 - 1 / radial_stretch, *center_of_deflector(curvature, direction, center_x, center_y)


def sis_mst2stretch(theta_E, kappa_ext, center_x_sis, center_y_sis, center_x, center_y):
    """Stretches, curvature and direction [rad] of the arc of a sphere and a sheet."""
    dx, dy = center_x - center_x_sis, center_y - center_y_sis
    radius = safe_hypot(dx, dy)
    radial_stretch = 1 / (1 - kappa_ext)
    return radial_stretch / (1 - theta_E / radius), radial_stretch, 1 / radius, arctan2(dy, dx)


def isothermal(tangential_stretch, radial_stretch, curvature, direction):
    """Einstein radius, and the factor of the mass."""
    return ((1 - radial_stretch / tangential_stretch) / curvature,), 1 / radial_stretch


sis_mst = arc(sis, isothermal)


class CurvedArcSISMST(LensProfileBase):
    __doc__ = __doc__

    parameters = (*STRETCH, CURVATURE, DIRECTION, *CENTRE)
    kernel = centred(sis_mst)
    stretch2sis_mst = staticmethod(elementwise(stretch2sis_mst))
    sis_mst2stretch = staticmethod(elementwise(sis_mst2stretch))
