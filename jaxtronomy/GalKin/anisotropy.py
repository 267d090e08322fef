"""Re-export of ``lenstronomy.GalKin.anisotropy``."""

from lenstronomy.GalKin.anisotropy import (  # noqa: F401
    Anisotropy,
    Colin,
    Const,
    GeneralizedOM,
    Isotropic,
    Logistic,
    OsipkovMerritt,
    Radial,
    __all__,
)
