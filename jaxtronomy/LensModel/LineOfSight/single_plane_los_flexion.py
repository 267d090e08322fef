"""Re-export of ``lenstronomy.LensModel.LineOfSight.single_plane_los_flexion``."""

from lenstronomy.LensModel.LineOfSight.single_plane_los_flexion import (  # noqa: F401
    SinglePlaneLOSFlexion,
    __all__,
)
