"""Re-export of ``lenstronomy.ImSim.tracer_model``."""

from lenstronomy.ImSim.tracer_model import (  # noqa: F401
    TracerModelSource,
)
