"""Re-export of ``lenstronomy.Util.sampling_util``."""

from lenstronomy.Util.sampling_util import (  # noqa: F401
    __all__,
    cube2args_gaussian,
    cube2args_uniform,
    sample_ball,
    sample_ball_truncated,
    scale_limits,
    uniform2unit,
    unit2uniform,
)
