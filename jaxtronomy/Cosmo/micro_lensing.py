"""Re-export of ``lenstronomy.Cosmo.micro_lensing``."""

from lenstronomy.Cosmo.micro_lensing import (  # noqa: F401
    einstein_radius,
    source_size,
)
