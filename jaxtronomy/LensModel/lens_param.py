"""Re-export of ``lenstronomy.LensModel.lens_param``."""

from lenstronomy.LensModel.lens_param import (  # noqa: F401
    LensParam,
    __all__,
)
