"""Re-export of ``lenstronomy.LensModel.Solver.solver``."""

from lenstronomy.LensModel.Solver.solver import (  # noqa: F401
    Solver,
    __all__,
)
