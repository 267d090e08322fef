"""Re-export of ``lenstronomy.Workflow.update_manager``."""

from lenstronomy.Workflow.update_manager import (  # noqa: F401
    UpdateManager,
    __all__,
)
