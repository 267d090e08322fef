"""Re-export of ``lenstronomy.Util.magnification_finite_util``."""

from lenstronomy.Util.magnification_finite_util import (  # noqa: F401
    auto_raytracing_grid_resolution,
    auto_raytracing_grid_size,
    setup_mag_finite,
)
