"""Elliptical Navarro-Frenk-White profile by mass and concentration.

As :class:`~jaxtronomy.LensModel.Profiles.nfw_mass_concentration.NFWMC`, with an elliptical convergence (the name
notwithstanding): it is the sum of cored steep ellipsoids of
:class:`~jaxtronomy.LensModel.Profiles.nfw_ellipse_cse.NFW_ELLIPSE_CSE`.
"""

from .base_profile import CENTRE, ELLIPTICITY
from .nfw_ellipse_cse import NFW_ELLIPSE_CSE
from .nfw_mass_concentration import CONCENTRATION, LOG_M, NFWMC

__all__ = ["NFWMCEllipsePotential"]


class NFWMCEllipsePotential(NFWMC):
    __doc__ = __doc__

    parameters = (LOG_M, CONCENTRATION, *ELLIPTICITY, *CENTRE)
    _in_angles = NFW_ELLIPSE_CSE()
