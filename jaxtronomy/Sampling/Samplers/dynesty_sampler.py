"""Re-export of ``lenstronomy.Sampling.Samplers.dynesty_sampler``."""

from lenstronomy.Sampling.Samplers.dynesty_sampler import (  # noqa: F401
    DynestySampler,
    __all__,
    set_nested_likelihood_module,
)
