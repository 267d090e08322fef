"""Re-export of ``lenstronomy.GalKin.galkin_shells``."""

from lenstronomy.GalKin.galkin_shells import (  # noqa: F401
    GalkinShells,
)
