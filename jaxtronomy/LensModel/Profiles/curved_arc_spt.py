"""Curved arc and a reduced shear of the source plane: a source position transform (Birrer 2021, arXiv:2104.09522).

The arc of :mod:`~jaxtronomy.LensModel.Profiles.curved_arc_sis_mst`, then a shear about its position on the source that
it maps to.  The field is not a gradient, and there is no potential.
"""

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel

from .base_profile import CENTRE, LensProfileBase
from .curved_arc_sis_mst import sis_mst
from .curved_arc_spp import CURVATURE, DIRECTION, STRETCH
from .shear import GAMMA1, GAMMA2, reduced_shear

__all__ = ["CurvedArcSPT"]


def deflection(x, y, tangential_stretch, radial_stretch, curvature, direction, gamma1, gamma2):
    """Position less the sheared position in the source plane."""
    f_x, f_y = sis_mst.deflection(x, y, tangential_stretch, radial_stretch, curvature, direction)
    shear_x, shear_y = reduced_shear.deflection(x - f_x, y - f_y, gamma1, gamma2)
    return f_x + shear_x, f_y + shear_y


class CurvedArcSPT(LensProfileBase):
    __doc__ = __doc__

    parameters = (*STRETCH, CURVATURE, DIRECTION, GAMMA1, GAMMA2, *CENTRE)
    kernel = centred(Kernel(None, deflection))
