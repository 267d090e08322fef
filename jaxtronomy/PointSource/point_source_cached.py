"""Re-export of ``lenstronomy.PointSource.point_source_cached``."""

from lenstronomy.PointSource.point_source_cached import (  # noqa: F401
    PointSourceCached,
    __all__,
)
