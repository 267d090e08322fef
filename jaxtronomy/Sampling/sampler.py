"""Re-export of ``lenstronomy.Sampling.sampler``."""

from lenstronomy.Sampling.sampler import (  # noqa: F401
    Sampler,
    __all__,
    choose_pool,
)
