"""Re-export of ``lenstronomy.Sampling.Samplers.nautilus``."""

from lenstronomy.Sampling.Samplers.nautilus import (  # noqa: F401
    Nautilus,
    __all__,
    choose_pool,
)
