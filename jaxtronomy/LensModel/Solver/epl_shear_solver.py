"""Re-export of ``lenstronomy.LensModel.Solver.epl_shear_solver``."""

from lenstronomy.LensModel.Solver.epl_shear_solver import (  # noqa: F401
    caustics_epl_shear,
    solve_lenseq_pemd,
    solvelenseq_majoraxis,
)
