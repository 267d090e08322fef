"""Strong gravitational lens modelling on JAX, with the interface of lenstronomy."""

from .core.settings import configure
from .Util.package_util import laconic, short

__all__ = ["laconic", "short"]

__version__ = "0.1.0"

configure()
