"""Re-export of ``lenstronomy.LensModel.LightConeSim.light_cone``."""

from lenstronomy.LensModel.LightConeSim.light_cone import (  # noqa: F401
    LightCone,
    MassSlice,
    __all__,
)
