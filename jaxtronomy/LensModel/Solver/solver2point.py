"""Re-export of ``lenstronomy.LensModel.Solver.solver2point``."""

from lenstronomy.LensModel.Solver.solver2point import (  # noqa: F401
    Solver2Point,
    __all__,
)
