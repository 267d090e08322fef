"""Re-export of ``lenstronomy.LensModel.QuadOptimizer.param_manager``."""

from lenstronomy.LensModel.QuadOptimizer.param_manager import (  # noqa: F401
    PowerLawFixedShear,
    PowerLawFixedShearMultipole,
    PowerLawFreeShear,
    PowerLawFreeShearMultipole,
    PowerLawParamManager,
)
