"""Strong gravitational lens modelling on JAX, with the interface of lenstronomy."""

from .core.settings import configure

__version__ = "0.1.0"

configure()
