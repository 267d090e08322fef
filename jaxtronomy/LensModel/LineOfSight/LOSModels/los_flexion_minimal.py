"""Line-of-sight effects up to flexion with as few parameters as can be observed.

Duboscq et al. 2024, arXiv:2405.12091.
See :mod:`~jaxtronomy.LensModel.LineOfSight.LOSModels.los_flexion`.
"""

from .los import tidal
from .los_flexion import LOSFlexion, flexion

__all__ = ["LOSFlexionMinimal"]


class LOSFlexionMinimal(LOSFlexion):
    __doc__ = __doc__

    parameters = tidal(
        *("kappa_od", "gamma1_od", "gamma2_od", *flexion("od")),
        *("kappa_los", "gamma1_los", "gamma2_los", *flexion("los", "1los")),
        "omega_los",
    )
