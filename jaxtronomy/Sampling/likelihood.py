"""Re-export of ``lenstronomy.Sampling.likelihood``."""

from lenstronomy.Sampling.likelihood import (  # noqa: F401
    Likelihood,
    __all__,
)
