"""Re-export of ``lenstronomy.LensModel.Microlensing.adaptive_boundary_mesh``."""

from lenstronomy.LensModel.Microlensing.adaptive_boundary_mesh import (  # noqa: F401
    adaptive_boundary_mesh,
    loop_information,
    splitting_centers,
    within_distance,
)
