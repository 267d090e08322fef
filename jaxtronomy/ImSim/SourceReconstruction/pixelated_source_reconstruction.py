"""Re-export of ``lenstronomy.ImSim.SourceReconstruction.pixelated_source_reconstruction``."""

from lenstronomy.ImSim.SourceReconstruction.pixelated_source_reconstruction import (  # noqa: F401
    PixelatedSourceReconstruction,
    __all__,
)
