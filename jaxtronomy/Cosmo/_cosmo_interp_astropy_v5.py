"""Re-export of ``lenstronomy.Cosmo._cosmo_interp_astropy_v5``."""

from lenstronomy.Cosmo._cosmo_interp_astropy_v5 import (  # noqa: F401
    CosmoInterp,
)
