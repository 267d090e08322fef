"""Re-export of ``lenstronomy.LensModel.LineOfSight.LOSModels.los_minimal``."""

from lenstronomy.LensModel.LineOfSight.LOSModels.los_minimal import (  # noqa: F401
    LOSMinimal,
    __all__,
)
