"""Re-export of ``lenstronomy.GalKin.galkin_model``."""

from lenstronomy.GalKin.galkin_model import (  # noqa: F401
    GalkinModel,
    __all__,
)
