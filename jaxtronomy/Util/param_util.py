"""Re-export of ``lenstronomy.Util.param_util``."""

from lenstronomy.Util.param_util import (  # noqa: F401
    cart2polar,
    elliptical_distortion_product_average,
    ellipticity2phi_q,
    phi_q2_ellipticity,
    polar2cart,
    q2e,
    shear_cartesian2polar,
    shear_polar2cartesian,
    transform_e1e2_product_average,
    transform_e1e2_product_average_old,
    transform_e1e2_square_average,
)
