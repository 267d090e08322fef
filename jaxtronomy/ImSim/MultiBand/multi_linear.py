"""Re-export of ``lenstronomy.ImSim.MultiBand.multi_linear``."""

from lenstronomy.ImSim.MultiBand.multi_linear import (  # noqa: F401
    MultiLinear,
    __all__,
)
