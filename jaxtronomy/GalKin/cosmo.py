"""Re-export of ``lenstronomy.GalKin.cosmo``."""

from lenstronomy.GalKin.cosmo import (  # noqa: F401
    Cosmo,
    __all__,
)
