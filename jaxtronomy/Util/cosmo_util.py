"""Re-export of ``lenstronomy.Util.cosmo_util``."""

from lenstronomy.Util.cosmo_util import (  # noqa: F401
    __all__,
    get_astropy_cosmology,
)
