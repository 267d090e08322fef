"""Re-export of ``lenstronomy.Cosmo.background``."""

from lenstronomy.Cosmo.background import (  # noqa: F401
    Background,
    __all__,
)
