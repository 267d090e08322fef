"""Re-export of ``lenstronomy.ImSim.Numerics.numerics``."""

from lenstronomy.ImSim.Numerics.numerics import (  # noqa: F401
    Numerics,
    __all__,
)
