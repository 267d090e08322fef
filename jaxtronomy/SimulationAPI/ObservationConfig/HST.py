"""Re-export of ``lenstronomy.SimulationAPI.ObservationConfig.HST``."""

from lenstronomy.SimulationAPI.ObservationConfig.HST import (  # noqa: F401
    HST,
    TDLMC_F160W_band_obs,
    WFC3_F160W_band_obs,
    __all__,
)
