"""Re-export of ``lenstronomy.Sampling.Samplers.nautilus_sampler``."""

from lenstronomy.Sampling.Samplers.nautilus_sampler import (  # noqa: F401
    NautilusSampler,
    __all__,
    set_nested_likelihood_module,
)
