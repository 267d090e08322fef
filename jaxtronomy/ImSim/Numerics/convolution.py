"""Re-export of ``lenstronomy.ImSim.Numerics.convolution``."""

from lenstronomy.ImSim.Numerics.convolution import (  # noqa: F401
    FWHMGaussianConvolution,
    MGEConvolution,
    MultiGaussianConvolution,
    PixelKernelConvolution,
    SubgridKernelConvolution,
    __all__,
)
