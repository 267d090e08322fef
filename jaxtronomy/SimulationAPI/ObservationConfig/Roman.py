"""Re-export of ``lenstronomy.SimulationAPI.ObservationConfig.Roman``."""

from lenstronomy.SimulationAPI.ObservationConfig.Roman import (  # noqa: F401
    F062_band_obs,
    F087_band_obs,
    F106_band_obs,
    F129_band_obs,
    F146_band_obs,
    F158_band_obs,
    F184_band_obs,
    Roman,
    __all__,
)
