"""Line-of-sight effects up to flexion (Duboscq et al. 2024, arXiv:2405.12091).

Not a deflector: a LensModel whose list holds one is a
:class:`~jaxtronomy.LensModel.LineOfSight.single_plane_los_flexion.SinglePlaneLOSFlexion`.
"""

from .los import LineOfSightEffects, tidal

__all__ = ["LOSFlexion"]


def flexion(*lines):
    """Names of F and G flexion along these lines of sight."""
    return (f"{kind}_{line}" for line in lines for kind in ("F1", "F2", "G1", "G2"))


class LOSFlexion(LineOfSightEffects):
    __doc__ = __doc__

    parameters = tidal(
        *("kappa_od", "kappa_os", "kappa_ds"),
        *("gamma1_od", "gamma2_od", "gamma1_os", "gamma2_os", "gamma1_ds", "gamma2_ds"),
        *flexion("od", "os", "1ds", "2ds"),
        "omega_os",
    )
