"""Re-export of ``lenstronomy.Sampling.Likelihoods.kinematic_NN_call``."""

from lenstronomy.Sampling.Likelihoods.kinematic_NN_call import (  # noqa: F401
    KinematicNN,
)
