r"""Mass sheet: a uniform convergence (Schneider, Ehlers & Falco 1992, Gravitational Lenses, Springer).

.. math::
    \psi = \frac{\kappa}{2} (x^2 + y^2)
"""

import jax.numpy as jnp

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.parameters import Parameter

from .base_profile import CENTRE, LensProfileBase

__all__ = ["Convergence"]

ORIGIN = (CENTRE[0](name="ra_0"), CENTRE[1](name="dec_0"))


def potential(x, y, kappa):
    """kappa r^2 / 2."""
    return kappa / 2 * (x * x + y * y)


def deflection(x, y, kappa):
    """Proportional to the position."""
    return kappa * x, kappa * y


def hessian(x, y, kappa):
    """The same everywhere."""
    kappa, zero = jnp.zeros_like(x) + kappa, jnp.zeros_like(x)
    return kappa, zero, zero, kappa


class Convergence(LensProfileBase):
    __doc__ = __doc__

    model_name = "CONVERGENCE"
    parameters = (Parameter("kappa", -10, 10), *ORIGIN)
    kernel = centred(Kernel(potential, deflection, hessian))
