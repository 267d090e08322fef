"""Re-export of ``lenstronomy.Sampling.parameters``."""

from lenstronomy.Sampling.parameters import (  # noqa: F401
    Param,
    __all__,
)
