"""Re-export of ``lenstronomy.LensModel.QuadOptimizer.optimizer``."""

from lenstronomy.LensModel.QuadOptimizer.optimizer import (  # noqa: F401
    Optimizer,
    __all__,
)
