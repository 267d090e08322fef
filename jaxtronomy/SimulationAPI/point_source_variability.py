"""Re-export of ``lenstronomy.SimulationAPI.point_source_variability``."""

from lenstronomy.SimulationAPI.point_source_variability import (  # noqa: F401
    PointSourceVariability,
    __all__,
)
