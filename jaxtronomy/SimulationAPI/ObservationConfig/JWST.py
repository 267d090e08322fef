"""Re-export of ``lenstronomy.SimulationAPI.ObservationConfig.JWST``."""

from lenstronomy.SimulationAPI.ObservationConfig.JWST import (  # noqa: F401
    JWST,
    NIRCAM_F115W_band_obs,
    NIRCAM_F150W_band_obs,
    NIRCAM_F200W_band_obs,
    NIRCAM_F277W_band_obs,
    NIRCAM_F356W_band_obs,
    NIRCAM_F444W_band_obs,
    __all__,
)
