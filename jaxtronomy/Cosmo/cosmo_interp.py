"""Re-export of ``lenstronomy.Cosmo.cosmo_interp``."""

from lenstronomy.Cosmo.cosmo_interp import (  # noqa: F401
    CosmoInterp,
)
