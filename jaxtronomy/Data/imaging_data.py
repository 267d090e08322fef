"""Re-export of ``lenstronomy.Data.imaging_data``."""

from lenstronomy.Data.imaging_data import (  # noqa: F401
    ImageData,
    __all__,
)
