"""Strong gravitational lens modelling on JAX, with the interface of lenstronomy."""

__version__ = "0.1.0"
