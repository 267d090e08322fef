"""Re-export of ``lenstronomy.SimulationAPI.sim_api``."""

from lenstronomy.SimulationAPI.sim_api import (  # noqa: F401
    SimAPI,
    __all__,
)
