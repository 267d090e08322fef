"""Re-export of ``lenstronomy.GalKin.galkin_multiobservation``."""

from lenstronomy.GalKin.galkin_multiobservation import (  # noqa: F401
    GalkinMultiObservation,
    __all__,
)
