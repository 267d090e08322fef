"""Re-export of ``lenstronomy.Cosmo.nfw_param``."""

from lenstronomy.Cosmo.nfw_param import (  # noqa: F401
    NFWParam,
    __all__,
)
