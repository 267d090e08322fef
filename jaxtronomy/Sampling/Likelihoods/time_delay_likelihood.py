"""Re-export of ``lenstronomy.Sampling.Likelihoods.time_delay_likelihood``."""

from lenstronomy.Sampling.Likelihoods.time_delay_likelihood import (  # noqa: F401
    TimeDelayLikelihood,
    __all__,
)
