"""Re-export of ``lenstronomy.Analysis.image_reconstruction``."""

from lenstronomy.Analysis.image_reconstruction import (  # noqa: F401
    ModelBand,
    MultiBandImageReconstruction,
    __all__,
    check_solver_error,
)
