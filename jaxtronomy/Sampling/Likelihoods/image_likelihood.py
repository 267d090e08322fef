"""Re-export of ``lenstronomy.Sampling.Likelihoods.image_likelihood``."""

from lenstronomy.Sampling.Likelihoods.image_likelihood import (  # noqa: F401
    ImageLikelihood,
    __all__,
)
