"""Re-export of ``lenstronomy.ImSim.Numerics.numerics_subframe``."""

from lenstronomy.ImSim.Numerics.numerics_subframe import (  # noqa: F401
    NumericsSubFrame,
    __all__,
)
