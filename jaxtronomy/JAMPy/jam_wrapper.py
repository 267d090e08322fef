"""Re-export of ``lenstronomy.JAMPy.jam_wrapper``."""

from lenstronomy.JAMPy.jam_wrapper import (  # noqa: F401
    JAMWrapper,
    __all__,
)
