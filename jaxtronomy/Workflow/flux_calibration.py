"""Re-export of ``lenstronomy.Workflow.flux_calibration``."""

from lenstronomy.Workflow.flux_calibration import (  # noqa: F401
    CalibrationLikelihood,
    FluxCalibration,
    __all__,
)
