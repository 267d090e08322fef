"""Re-export of ``lenstronomy.Cosmo.lens_cosmo``."""

from lenstronomy.Cosmo.lens_cosmo import (  # noqa: F401
    LensCosmo,
    __all__,
)
