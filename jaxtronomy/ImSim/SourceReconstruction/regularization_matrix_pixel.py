"""Re-export of ``lenstronomy.ImSim.SourceReconstruction.regularization_matrix_pixel``."""

from lenstronomy.ImSim.SourceReconstruction.regularization_matrix_pixel import (  # noqa: F401
    __all__,
    pixelated_regularization_matrix,
)
