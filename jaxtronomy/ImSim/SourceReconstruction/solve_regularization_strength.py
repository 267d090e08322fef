"""Re-export of ``lenstronomy.ImSim.SourceReconstruction.solve_regularization_strength``."""

from lenstronomy.ImSim.SourceReconstruction.solve_regularization_strength import (  # noqa: F401
    d_log_evi_d_lambda,
    solve_optimal_lambda,
)
