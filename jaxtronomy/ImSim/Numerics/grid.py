"""Re-export of ``lenstronomy.ImSim.Numerics.grid``."""

from lenstronomy.ImSim.Numerics.grid import (  # noqa: F401
    AdaptiveGrid,
    RegularGrid,
    __all__,
)
