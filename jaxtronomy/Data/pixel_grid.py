"""Re-export of ``lenstronomy.Data.pixel_grid``."""

from lenstronomy.Data.pixel_grid import (  # noqa: F401
    PixelGrid,
    __all__,
)
