"""Re-export of ``lenstronomy.Util.prob_density``."""

from lenstronomy.Util.prob_density import (  # noqa: F401
    KDE1D,
    SkewGaussian,
    __all__,
    compute_lower_upper_errors,
)
