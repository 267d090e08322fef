"""Re-export of ``lenstronomy.ImSim.image_model``."""

from lenstronomy.ImSim.image_model import (  # noqa: F401
    ImageModel,
    __all__,
)
