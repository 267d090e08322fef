"""Re-export of ``lenstronomy.SimulationAPI.ObservationConfig.Euclid``."""

from lenstronomy.SimulationAPI.ObservationConfig.Euclid import (  # noqa: F401
    Euclid,
    H_band_obs,
    J_band_obs,
    NISP_camera,
    VIS_band_obs,
    VIS_camera,
    Y_band_obs,
    __all__,
)
