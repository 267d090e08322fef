"""Re-export of ``lenstronomy.PointSource.Types.base_ps``."""

from lenstronomy.PointSource.Types.base_ps import (  # noqa: F401
    PSBase,
    __all__,
    _expand_to_array,
    _shrink_array,
)
