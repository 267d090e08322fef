"""Re-export of ``lenstronomy.GalKin.analytic_kinematics``."""

from lenstronomy.GalKin.analytic_kinematics import (  # noqa: F401
    AnalyticKinematics,
    __all__,
)
