"""Re-export of ``lenstronomy.LensModel.LineOfSight.single_plane_los``."""

from lenstronomy.LensModel.LineOfSight.single_plane_los import (  # noqa: F401
    SinglePlaneLOS,
    __all__,
)
