"""Re-export of ``lenstronomy.LensModel.MultiPlane.multi_plane_base``."""

from lenstronomy.LensModel.MultiPlane.multi_plane_base import (  # noqa: F401
    MultiPlaneBase,
    __all__,
)
