"""Re-export of ``lenstronomy.PointSource.Types.unlensed``."""

from lenstronomy.PointSource.Types.unlensed import (  # noqa: F401
    Unlensed,
    __all__,
)
