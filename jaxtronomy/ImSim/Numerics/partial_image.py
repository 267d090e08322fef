"""Re-export of ``lenstronomy.ImSim.Numerics.partial_image``."""

from lenstronomy.ImSim.Numerics.partial_image import (  # noqa: F401
    PartialImage,
    __all__,
)
