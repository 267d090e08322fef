"""Re-export of ``lenstronomy.LensModel.MultiPlane.multi_plane``."""

from lenstronomy.LensModel.MultiPlane.multi_plane import (  # noqa: F401
    LensedLocation,
    MultiPlane,
    PhysicalLocation,
    __all__,
)
