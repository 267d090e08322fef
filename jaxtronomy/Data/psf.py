"""Re-export of ``lenstronomy.Data.psf``."""

from lenstronomy.Data.psf import (  # noqa: F401
    PSF,
    __all__,
)
