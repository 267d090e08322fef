"""Re-export of ``lenstronomy.GalKin.aperture``."""

from lenstronomy.GalKin.aperture import (  # noqa: F401
    Aperture,
    __all__,
    downsample_values_to_bins,
)
