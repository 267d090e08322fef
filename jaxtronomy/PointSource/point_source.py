"""Re-export of ``lenstronomy.PointSource.point_source``."""

from lenstronomy.PointSource.point_source import (  # noqa: F401
    PointSource,
    __all__,
    _sort_position_by_original,
)
