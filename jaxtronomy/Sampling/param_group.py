"""Re-export of ``lenstronomy.Sampling.param_group``."""

from lenstronomy.Sampling.param_group import (  # noqa: F401
    ArrayParam,
    ModelParamGroup,
    SingleParam,
    __all__,
)
