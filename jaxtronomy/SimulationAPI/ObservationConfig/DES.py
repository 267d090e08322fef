"""Re-export of ``lenstronomy.SimulationAPI.ObservationConfig.DES``."""

from lenstronomy.SimulationAPI.ObservationConfig.DES import (  # noqa: F401
    DES,
    Y_band_obs,
    __all__,
    g_band_obs,
    i_band_obs,
    r_band_obs,
    z_band_obs,
)
