"""Re-export of ``lenstronomy.Conf.config_loader``."""

from lenstronomy.Conf.config_loader import (  # noqa: F401
    cache,
    conf,
    conf_file,
    conventions_conf,
    default_config_file,
    error_model,
    fastmath,
    module_path,
    nopython,
    numba_conf,
    numba_enabled,
    parallel,
    user_config_file,
    xdg_config_home,
)
