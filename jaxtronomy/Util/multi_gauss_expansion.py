"""Re-export of ``lenstronomy.Util.multi_gauss_expansion``."""

from lenstronomy.Util.multi_gauss_expansion import (  # noqa: F401
    __all__,
    _mge_1d,
    de_projection_3d,
    gaussian,
    gaussian_func,
    mge_1d,
)
