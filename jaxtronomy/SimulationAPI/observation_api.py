"""Re-export of ``lenstronomy.SimulationAPI.observation_api``."""

from lenstronomy.SimulationAPI.observation_api import (  # noqa: F401
    Instrument,
    Observation,
    SingleBand,
    __all__,
)
