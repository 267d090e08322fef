"""Re-export of ``lenstronomy.Sampling.Samplers.cobaya_sampler``."""

from lenstronomy.Sampling.Samplers.cobaya_sampler import (  # noqa: F401
    CobayaSampler,
)
