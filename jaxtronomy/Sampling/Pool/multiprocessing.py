"""Re-export of ``lenstronomy.Sampling.Pool.multiprocessing``."""

from lenstronomy.Sampling.Pool.multiprocessing import (  # noqa: F401
    CallbackWrapper,
    MultiPool,
    __all__,
)
