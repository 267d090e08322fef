"""Re-export of ``lenstronomy.Sampling.Pool.pool``."""

from lenstronomy.Sampling.Pool.pool import (  # noqa: F401
    __all__,
    choose_pool,
    log,
)
