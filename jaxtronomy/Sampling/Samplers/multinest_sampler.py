"""Re-export of ``lenstronomy.Sampling.Samplers.multinest_sampler``."""

from lenstronomy.Sampling.Samplers.multinest_sampler import (  # noqa: F401
    MultiNestSampler,
    __all__,
)
