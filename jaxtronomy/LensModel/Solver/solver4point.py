"""Re-export of ``lenstronomy.LensModel.Solver.solver4point``."""

from lenstronomy.LensModel.Solver.solver4point import (  # noqa: F401
    Solver4Point,
    __all__,
)
