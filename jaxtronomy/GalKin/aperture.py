"""Re-export of ``lenstronomy.GalKin.aperture``."""

from lenstronomy.GalKin.aperture import (  # noqa: F401
    Aperture,
    downsample_values_to_bins,
)
