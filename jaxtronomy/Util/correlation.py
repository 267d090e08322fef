"""Re-export of ``lenstronomy.Util.correlation``."""

from lenstronomy.Util.correlation import (  # noqa: F401
    __all__,
    correlation_2D,
    power_spectrum_1d,
    power_spectrum_2d,
)
