"""Re-export of ``lenstronomy.ImSim.Numerics.point_source_rendering``."""

from lenstronomy.ImSim.Numerics.point_source_rendering import (  # noqa: F401
    PointSourceRendering,
    __all__,
)
