"""Re-export of ``lenstronomy.Util.kin_sampling_util``."""

from lenstronomy.Util.kin_sampling_util import (  # noqa: F401
    KinNNImageAlign,
)
