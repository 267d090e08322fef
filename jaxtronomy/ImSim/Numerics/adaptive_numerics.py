"""Re-export of ``lenstronomy.ImSim.Numerics.adaptive_numerics``."""

from lenstronomy.ImSim.Numerics.adaptive_numerics import (  # noqa: F401
    AdaptiveConvolution,
    __all__,
)
