"""Re-export of ``lenstronomy.SimulationAPI.ObservationConfig.LSST``."""

from lenstronomy.SimulationAPI.ObservationConfig.LSST import (  # noqa: F401
    LSST,
    __all__,
    g_band_obs,
    i_band_obs,
    r_band_obs,
    u_band_obs,
    y_band_obs,
    z_band_obs,
)
