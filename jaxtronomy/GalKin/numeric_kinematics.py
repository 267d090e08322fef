"""Re-export of ``lenstronomy.GalKin.numeric_kinematics``."""

from lenstronomy.GalKin.numeric_kinematics import (  # noqa: F401
    NumericKinematics,
    __all__,
)
