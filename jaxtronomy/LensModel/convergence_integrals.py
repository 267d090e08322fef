"""Re-export of ``lenstronomy.LensModel.convergence_integrals``."""

from lenstronomy.LensModel.convergence_integrals import (  # noqa: F401
    __all__,
    deflection_from_kappa_grid,
    deflection_from_kappa_grid_adaptive,
    deflection_kernel,
    potential_from_kappa_grid,
    potential_from_kappa_grid_adaptive,
    potential_kernel,
)
