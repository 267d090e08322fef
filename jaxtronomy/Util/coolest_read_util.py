"""Re-export of ``lenstronomy.Util.coolest_read_util``."""

from lenstronomy.Util.coolest_read_util import (  # noqa: F401
    degree_coolest_to_radian_lenstronomy,
    ellibounds_coolest_to_lenstronomy,
    gamma_phi_coolest_to_g1_g2_lenstronomy,
    qphi_coolest_to_e1e2_lenstronomy,
    shapelet_amp_coolest_to_lenstronomy,
    shearbounds_coolest_to_lenstronomy,
    update_kwargs_convergence,
    update_kwargs_lensed_ps,
    update_kwargs_pemd,
    update_kwargs_sersic,
    update_kwargs_shapelets,
    update_kwargs_shear,
    update_kwargs_sie,
)
