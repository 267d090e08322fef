"""Re-export of ``lenstronomy.ImSim.MultiBand.multi_data_base``."""

from lenstronomy.ImSim.MultiBand.multi_data_base import (  # noqa: F401
    MultiDataBase,
    __all__,
)
