"""Re-export of ``lenstronomy.Sampling.Samplers.pso``."""

from lenstronomy.Sampling.Samplers.pso import (  # noqa: F401
    Particle,
    ParticleSwarmOptimizer,
    __all__,
)
