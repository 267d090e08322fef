"""Re-export of ``lenstronomy.SimulationAPI.mag_amp_conversion``."""

from lenstronomy.SimulationAPI.mag_amp_conversion import (  # noqa: F401
    MagAmpConversion,
)
