"""Re-export of ``lenstronomy.ImSim.image2source_mapping``."""

from lenstronomy.ImSim.image2source_mapping import (  # noqa: F401
    Image2SourceMapping,
    __all__,
)
