"""Re-export of ``lenstronomy.PointSource.Types.source_position``."""

from lenstronomy.PointSource.Types.source_position import (  # noqa: F401
    SourcePositions,
    __all__,
)
