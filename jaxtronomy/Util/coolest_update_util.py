"""Re-export of ``lenstronomy.Util.coolest_update_util``."""

from lenstronomy.Util.coolest_update_util import (  # noqa: F401
    convergence_update,
    e1e2_lenstronomy_to_qphi_coolest,
    folding_coolest,
    g1g2_lenstronomy_to_gamma_phi,
    g1g2_lenstronomy_to_gamma_phi_coolest,
    lensed_point_source_update,
    pemd_update,
    radian_lenstronomy_to_degree,
    radian_lenstronomy_to_degree_coolest,
    sersic_update,
    shapelet_amp_lenstronomy_to_coolest,
    shapelets_update,
    shear_update,
    sie_update,
)
