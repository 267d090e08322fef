"""Re-export of ``lenstronomy.Workflow.alignment_matching``."""

from lenstronomy.Workflow.alignment_matching import (  # noqa: F401
    AlignmentFitting,
    AlignmentLikelihood,
    __all__,
)
