"""Line-of-sight effects with as few parameters as can be observed (Fleury, Larena & Uzan 2021, arXiv:2104.08883).

See :mod:`~jaxtronomy.LensModel.LineOfSight.LOSModels.los`.
"""

from .los import LOS, tidal

__all__ = ["LOSMinimal"]


class LOSMinimal(LOS):
    __doc__ = __doc__

    parameters = tidal(
        *("kappa_od", "gamma1_od", "gamma2_od", "omega_od"),
        *("kappa_los", "gamma1_los", "gamma2_los", "omega_los"),
    )
