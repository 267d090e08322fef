"""Re-export of ``lenstronomy.Cosmo.lcdm``."""

from lenstronomy.Cosmo.lcdm import (  # noqa: F401
    LCDM,
    __all__,
)
