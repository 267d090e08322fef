"""Re-export of ``lenstronomy.Workflow.multi_band_manager``."""

from lenstronomy.Workflow.multi_band_manager import (  # noqa: F401
    MultiBandUpdateManager,
    __all__,
)
