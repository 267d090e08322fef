"""Re-export of ``lenstronomy.Sampling.Pool.parallelization_util``."""

from lenstronomy.Sampling.Pool.parallelization_util import (  # noqa: F401
    _NESTED_HAS_WARNED,
    _NESTED_LIKELIHOOD_MODULE,
    _NESTED_N_DIMS,
    _SAMPLER_LIKELIHOOD_MODULE,
    nested_logl_worker,
    sampler_logl_worker,
    set_nested_likelihood_module,
    set_sampler_likelihood_module,
)
