"""Point mass by the decimal logarithm of its Einstein radius, see :mod:`~jaxtronomy.LensModel.Profiles.point_mass`."""

import math

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred, reparametrised
from jaxtronomy.core.numerics import exp
from jaxtronomy.core.parameters import Parameter

from . import point_mass
from .base_profile import CENTRE, LensProfileBase

__all__ = ["PointMassLogScaled"]


def einstein_radius(log10_theta_E):
    """Einstein radius [arcsec]."""
    return exp(math.log(10) * log10_theta_E)


def mass_3d_lens(r, log10_theta_E):
    """Mass inside the sphere of radius r: that of the point."""
    return point_mass.mass_3d_lens(r, einstein_radius(log10_theta_E))


class PointMassLogScaled(LensProfileBase):
    __doc__ = __doc__

    parameters = (Parameter("log10_theta_E", -6, 2), *CENTRE)
    kernel = centred(reparametrised(point_mass.point_mass.kernel(), lambda p: (einstein_radius(p),)))
    mass_3d_lens = method(mass_3d_lens)
