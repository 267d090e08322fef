"""Re-export of ``lenstronomy.SimulationAPI.data_api``."""

from lenstronomy.SimulationAPI.data_api import (  # noqa: F401
    DataAPI,
    SingleBand,
    __all__,
)
