"""Re-export of ``lenstronomy.Sampling.Likelihoods.flux_ratio_likelihood``."""

from lenstronomy.Sampling.Likelihoods.flux_ratio_likelihood import (  # noqa: F401
    FluxRatioLikelihood,
    __all__,
)
