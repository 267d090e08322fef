"""Re-export of ``lenstronomy.GalKin.velocity_util``."""

from lenstronomy.GalKin.velocity_util import (  # noqa: F401
    __all__,
    displace_PSF_gaussian,
    displace_psf_moffat,
    draw_cdf_y,
    draw_hernquist,
    draw_moffat_r,
    draw_xy,
    hyp_2F1,
    moffat_fwhm_alpha,
    moffat_r,
    project2d_random,
)
