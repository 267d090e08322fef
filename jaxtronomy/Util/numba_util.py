"""Re-export of ``lenstronomy.Util.numba_util``."""

from lenstronomy.Util.numba_util import (  # noqa: F401
    __all__,
    cache,
    error_model,
    extending,
    fastmath,
    jit,
    nopython,
    numba,
    numba_conf,
    numba_enabled,
    parallel,
)
