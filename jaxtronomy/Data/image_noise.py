"""Re-export of ``lenstronomy.Data.image_noise``."""

from lenstronomy.Data.image_noise import (  # noqa: F401
    ImageNoise,
    __all__,
    covariance_matrix,
)
