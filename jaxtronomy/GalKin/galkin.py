"""Re-export of ``lenstronomy.GalKin.galkin``."""

from lenstronomy.GalKin.galkin import (  # noqa: F401
    Galkin,
    __all__,
)
