"""Re-export of ``lenstronomy.Sampling.Likelihoods.position_likelihood``."""

from lenstronomy.Sampling.Likelihoods.position_likelihood import (  # noqa: F401
    PositionLikelihood,
    __all__,
    image2source_covariance,
)
