"""Re-export of ``lenstronomy.Cosmo.gnfw_param``."""

from lenstronomy.Cosmo.gnfw_param import (  # noqa: F401
    GNFWParam,
    __all__,
)
