r"""Sersic profile of convergence, made elliptical in the potential.

The potential is that of :class:`~jaxtronomy.LensModel.Profiles.sersic.Sersic` at the radius
:math:`r'^2 = (1-\epsilon)x'^2 + (1+\epsilon)y'^2`, :math:`\epsilon = (1-q^2)/(1+q^2)`. The Hessian is exact, where
lenstronomy takes differences of the deflection.
"""

from jaxtronomy.core.frames import centred

from . import sersic
from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase

__all__ = ["SersicEllipsePotential"]

PARAMETERS = (sersic.N_SERSIC, sersic.R_SERSIC, sersic.K_EFF, *ELLIPTICITY, *CENTRE)


class SersicEllipsePotential(LensProfileBase):
    __doc__ = __doc__

    parameters = PARAMETERS
    kernel = centred(sersic.ROUND.elliptical_potential())


# the order in which lenstronomy samples the parameters is not that of its arguments
SersicEllipsePotential.param_names = ["k_eff", "R_sersic", "n_sersic", "e1", "e2", "center_x", "center_y"]
