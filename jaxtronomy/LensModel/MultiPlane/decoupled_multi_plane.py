"""Re-export of ``lenstronomy.LensModel.MultiPlane.decoupled_multi_plane``."""

from lenstronomy.LensModel.MultiPlane.decoupled_multi_plane import (  # noqa: F401
    MultiPlaneDecoupled,
    __all__,
)
