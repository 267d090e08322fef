"""Re-export of ``lenstronomy.Sampling.Samplers.polychord_sampler``."""

from lenstronomy.Sampling.Samplers.polychord_sampler import (  # noqa: F401
    DyPolyChordSampler,
    __all__,
)
