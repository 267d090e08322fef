"""Blank plane: a lens plane without deflection, which carries a source of a multi-plane lens."""

import jax.numpy as jnp

from jaxtronomy.core.kernel import Kernel

from .base_profile import LensProfileBase

__all__ = ["BlankPlane"]


class BlankPlane(LensProfileBase):
    """Lens plane without deflection."""

    parameters = ()
    kernel = Kernel(
        lambda x, y: jnp.zeros_like(x),
        lambda x, y: (jnp.zeros_like(x),) * 2,
        lambda x, y: (jnp.zeros_like(x),) * 4,
    )
