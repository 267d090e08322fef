"""Re-export of ``lenstronomy.LensModel.QuadOptimizer.multi_plane_fast``."""

from lenstronomy.LensModel.QuadOptimizer.multi_plane_fast import (  # noqa: F401
    MultiplaneFast,
)
