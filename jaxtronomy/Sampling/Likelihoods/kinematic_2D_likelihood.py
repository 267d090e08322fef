"""Re-export of ``lenstronomy.Sampling.Likelihoods.kinematic_2D_likelihood``."""

from lenstronomy.Sampling.Likelihoods.kinematic_2D_likelihood import (  # noqa: F401
    KinLikelihood,
    __all__,
)
