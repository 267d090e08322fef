"""Re-export of ``lenstronomy.LensModel.LineOfSight.LOSModels.los_flexion``."""

from lenstronomy.LensModel.LineOfSight.LOSModels.los_flexion import (  # noqa: F401
    LOSFlexion,
    __all__,
)
