"""Re-export of ``lenstronomy.Analysis.lens_profile``."""

from lenstronomy.Analysis.lens_profile import (  # noqa: F401
    LensProfileAnalysis,
    __all__,
    einstein_radius_from_grid,
)
