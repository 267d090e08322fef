"""Re-export of ``lenstronomy.Workflow.psf_fitting``."""

from lenstronomy.Workflow.psf_fitting import (  # noqa: F401
    PsfFitting,
    __all__,
)
