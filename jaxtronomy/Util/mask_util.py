"""Re-export of ``lenstronomy.Util.mask_util``."""

from lenstronomy.Util.mask_util import (  # noqa: F401
    __all__,
    mask_azimuthal,
    mask_center_2d,
    mask_eccentric,
    mask_ellipse,
    mask_half_moon,
    mask_shell,
)
