"""Re-export of ``lenstronomy.Cosmo.cosmo_solver``."""

from lenstronomy.Cosmo.cosmo_solver import (  # noqa: F401
    InvertCosmo,
    SolverFlatLCDM,
    __all__,
    cosmo2angular_diameter_distances,
    ddt2h0,
)
