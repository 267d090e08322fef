"""Re-export of ``lenstronomy.Analysis.td_cosmography``."""

from lenstronomy.Analysis.td_cosmography import (  # noqa: F401
    TDCosmography,
    __all__,
)
