"""Re-export of ``lenstronomy.Sampling.Likelihoods.tracer_likelihood``."""

from lenstronomy.Sampling.Likelihoods.tracer_likelihood import (  # noqa: F401
    TracerLikelihood,
)
