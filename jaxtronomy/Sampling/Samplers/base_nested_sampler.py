"""Re-export of ``lenstronomy.Sampling.Samplers.base_nested_sampler``."""

from lenstronomy.Sampling.Samplers.base_nested_sampler import (  # noqa: F401
    NestedSampler,
    __all__,
)
