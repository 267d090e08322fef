"""Re-export of ``lenstronomy.GalKin.observation``."""

from lenstronomy.GalKin.observation import (  # noqa: F401
    GalkinObservation,
    __all__,
)
