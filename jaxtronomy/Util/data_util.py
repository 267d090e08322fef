"""Re-export of ``lenstronomy.Util.data_util``."""

from lenstronomy.Util.data_util import (  # noqa: F401
    __all__,
    absolute2apparent_magnitude,
    adu2electrons,
    bkg_noise,
    cps2magnitude,
    electrons2adu,
    flux_noise,
    magnitude2amplitude,
    magnitude2cps,
)
