"""Re-export of ``lenstronomy.Util.simulation_util``."""

from lenstronomy.Util.simulation_util import (  # noqa: F401
    __all__,
    data_configure_simple,
    simulate_simple,
)
