"""Re-export of ``lenstronomy.JAMPy.jam_wrapper_base``."""

from lenstronomy.JAMPy.jam_wrapper_base import (  # noqa: F401
    JAMWrapperBase,
    __all__,
)
