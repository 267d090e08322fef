"""Re-export of ``lenstronomy.ImSim.Numerics.numba_convolution``."""

from lenstronomy.ImSim.Numerics.numba_convolution import (  # noqa: F401
    NumbaConvolution,
    SubgridNumbaConvolution,
    __all__,
)
