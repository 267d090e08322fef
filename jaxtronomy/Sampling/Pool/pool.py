"""Re-export of ``lenstronomy.Sampling.Pool.pool``."""

from lenstronomy.Sampling.Pool.pool import (  # noqa: F401
    choose_pool,
    log,
)
