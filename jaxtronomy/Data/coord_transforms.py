"""Re-export of ``lenstronomy.Data.coord_transforms``."""

from lenstronomy.Data.coord_transforms import (  # noqa: F401
    Coordinates,
    Coordinates1D,
    __all__,
)
