"""Re-export of ``lenstronomy.ImSim.image_linear_solve``."""

from lenstronomy.ImSim.image_linear_solve import (  # noqa: F401
    ImageLinearFit,
    ImageModel,
    __all__,
)
