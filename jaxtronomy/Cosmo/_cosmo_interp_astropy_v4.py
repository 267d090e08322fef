"""Re-export of ``lenstronomy.Cosmo._cosmo_interp_astropy_v4``."""

from lenstronomy.Cosmo._cosmo_interp_astropy_v4 import (  # noqa: F401
    CosmoInterp,
)
