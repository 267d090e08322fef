"""Re-export of ``lenstronomy.LensModel.LineOfSight.LOSModels.los``."""

from lenstronomy.LensModel.LineOfSight.LOSModels.los import (  # noqa: F401
    LOS,
    __all__,
)
