"""Re-export of ``lenstronomy.ImSim.MultiBand.single_band_multi_model``."""

from lenstronomy.ImSim.MultiBand.single_band_multi_model import (  # noqa: F401
    SingleBandMultiModel,
    __all__,
)
