"""Re-export of ``lenstronomy.PointSource.point_source_param``."""

from lenstronomy.PointSource.point_source_param import (  # noqa: F401
    ImageAmp,
    LensedPosition,
    PointSourceParam,
    SourceAmp,
    SourcePositionParam,
    __all__,
)
