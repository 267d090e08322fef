"""Re-export of ``lenstronomy.Cosmo.kde_likelihood``."""

from lenstronomy.Cosmo.kde_likelihood import (  # noqa: F401
    KDELikelihood,
    __all__,
)
