"""Re-export of ``lenstronomy.Data.kinematic_bin_2D``."""

from lenstronomy.Data.kinematic_bin_2D import (  # noqa: F401
    KinBin,
    __all__,
)
