"""Re-export of ``lenstronomy.Sampling.Likelihoods.prior_likelihood``."""

from lenstronomy.Sampling.Likelihoods.prior_likelihood import (  # noqa: F401
    PriorLikelihood,
    __all__,
)
