"""Constant shift of the deflection field."""

import jax.numpy as jnp

from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.parameters import Parameter

from .base_profile import LensProfileBase

__all__ = ["Shift"]


def potential(x, y, alpha_x, alpha_y):
    """Zero, as in lenstronomy; the potential of the shift has no natural zero point."""
    return jnp.zeros_like(x)


def deflection(x, y, alpha_x, alpha_y):
    """The same everywhere."""
    return jnp.zeros_like(x) + alpha_x, jnp.zeros_like(x) + alpha_y


def hessian(x, y, alpha_x, alpha_y):
    """Zero."""
    return (jnp.zeros_like(x),) * 4


class Shift(LensProfileBase):
    """Constant shift of the deflection field; the potential is given as zero."""

    parameters = (
        Parameter("alpha_x", -1000, 1000, unit="arcsec"),
        Parameter("alpha_y", -1000, 1000, unit="arcsec"),
    )
    kernel = Kernel(potential, deflection, hessian)
