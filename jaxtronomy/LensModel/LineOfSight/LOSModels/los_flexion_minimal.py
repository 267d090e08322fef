"""Re-export of ``lenstronomy.LensModel.LineOfSight.LOSModels.los_flexion_minimal``."""

from lenstronomy.LensModel.LineOfSight.LOSModels.los_flexion_minimal import (  # noqa: F401
    LOSFlexionMinimal,
    __all__,
)
