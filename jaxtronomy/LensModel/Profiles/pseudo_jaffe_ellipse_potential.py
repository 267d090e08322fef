r"""Dual pseudo-isothermal profile with elliptical iso-potential contours.

The potential is that of :class:`~jaxtronomy.LensModel.Profiles.pseudo_jaffe.PseudoJaffe` at the radius
:math:`r'^2 = (1-\epsilon)x'^2 + (1+\epsilon)y'^2`, :math:`\epsilon = (1-q^2)/(1+q^2)`. The Hessian is exact, where
lenstronomy takes differences of the deflection.
"""

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred

from . import pseudo_jaffe
from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase

__all__ = ["PseudoJaffeEllipsePotential"]


def mass_3d_lens(r, sigma0, Ra, Rs, e1=0, e2=0):
    """Mass inside the sphere of radius r [arcsec] of the round profile."""
    return pseudo_jaffe.mass_3d_lens(r, sigma0, Ra, Rs)


class PseudoJaffeEllipsePotential(LensProfileBase):
    __doc__ = __doc__

    parameters = (pseudo_jaffe.SIGMA0, pseudo_jaffe.RA, pseudo_jaffe.RS, *ELLIPTICITY, *CENTRE)
    kernel = centred(pseudo_jaffe.ROUND.elliptical_potential())
    mass_3d_lens = method(mass_3d_lens)
