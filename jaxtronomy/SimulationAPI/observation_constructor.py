"""Re-export of ``lenstronomy.SimulationAPI.observation_constructor``."""

from lenstronomy.SimulationAPI.observation_constructor import (  # noqa: F401
    LSST_camera,
    LSST_g_band_obs,
    LSST_i_band_obs,
    LSST_r_band_obs,
    __all__,
    instrument_name_list,
    observation_constructor,
    observation_name_list,
)
