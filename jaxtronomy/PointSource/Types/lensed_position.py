"""Re-export of ``lenstronomy.PointSource.Types.lensed_position``."""

from lenstronomy.PointSource.Types.lensed_position import (  # noqa: F401
    LensedPositions,
    __all__,
)
