"""Re-export of ``lenstronomy.SimulationAPI.model_api``."""

from lenstronomy.SimulationAPI.model_api import (  # noqa: F401
    ModelAPI,
    __all__,
)
