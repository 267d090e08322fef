"""Re-export of ``lenstronomy.ImSim.differential_extinction``."""

from lenstronomy.ImSim.differential_extinction import (  # noqa: F401
    DifferentialExtinction,
    __all__,
)
