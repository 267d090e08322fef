"""Re-export of ``lenstronomy.Analysis.light_profile``."""

from lenstronomy.Analysis.light_profile import (  # noqa: F401
    LightProfileAnalysis,
    __all__,
)
