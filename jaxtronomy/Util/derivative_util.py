"""Re-export of ``lenstronomy.Util.derivative_util``."""

from lenstronomy.Util.derivative_util import (  # noqa: F401
    __all__,
    d_phi_dx,
    d_phi_dxx,
    d_phi_dxy,
    d_phi_dy,
    d_phi_dyy,
    d_r_dx,
    d_r_dxx,
    d_r_dxy,
    d_r_dy,
    d_r_dyy,
    d_x_diffr_dx,
    d_x_diffr_dy,
    d_y_diffr_dx,
    d_y_diffr_dy,
)
