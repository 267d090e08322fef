"""Re-export of ``lenstronomy.Workflow.fitting_sequence``."""

from lenstronomy.Workflow.fitting_sequence import (  # noqa: F401
    FittingSequence,
    __all__,
)
