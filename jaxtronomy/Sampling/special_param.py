"""Re-export of ``lenstronomy.Sampling.special_param``."""

from lenstronomy.Sampling.special_param import (  # noqa: F401
    BetaAnisotropyParam,
    CosmologyParam,
    DdSamplingParam,
    DdtSamplingParam,
    DistanceRatioBetaFactors,
    GeneralScalingParam,
    InclinationParam,
    MassScalingParam,
    PointSourceOffsetParam,
    SourceGridOffsetParam,
    SourceSizeParam,
    SpecialParam,
    Tau0ListParam,
    ZSamplingParam,
    __all__,
)
