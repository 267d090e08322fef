"""Re-export of ``lenstronomy.GalKin.light_profile``."""

from lenstronomy.GalKin.light_profile import (  # noqa: F401
    LightProfile,
    __all__,
)
