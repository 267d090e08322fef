"""Re-export of ``lenstronomy.LensModel.Solver.lens_equation_solver``."""

from lenstronomy.LensModel.Solver.lens_equation_solver import (  # noqa: F401
    SUPPORTED_LENS_MODELS_ANALYTICAL,
    LensEquationSolver,
    __all__,
    analytical_lens_model_support,
)
