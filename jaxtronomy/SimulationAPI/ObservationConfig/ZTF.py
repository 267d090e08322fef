"""Re-export of ``lenstronomy.SimulationAPI.ObservationConfig.ZTF``."""

from lenstronomy.SimulationAPI.ObservationConfig.ZTF import (  # noqa: F401
    ZTF,
    __all__,
    g_band_obs,
    i_band_obs,
    r_band_obs,
)
