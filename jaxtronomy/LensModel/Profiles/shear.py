r"""External shear (Schneider, Ehlers & Falco 1992, Gravitational Lenses, Springer).

.. math::
    \psi = \frac{\gamma_1}{2} (x^2 - y^2) + \gamma_2\, x y
"""

import math
from functools import partial

import jax
import jax.numpy as jnp

from jaxtronomy.core.frames import centred, reparametrised
from jaxtronomy.core.kernel import Kernel, total
from jaxtronomy.core.numerics import combined, linear, sincos, varying
from jaxtronomy.core.parameters import Parameter

from . import convergence
from .base_profile import LensProfileBase
from .convergence import ORIGIN

__all__ = ["Shear", "ShearGammaPsi", "ShearReduced"]

GAMMA1, GAMMA2 = Parameter("gamma1", -0.5, 0.5), Parameter("gamma2", -0.5, 0.5)


def potential(x, y, gamma1, gamma2):
    """gamma1 (x^2 - y^2) / 2 + gamma2 x y."""
    return gamma1 / 2 * (x * x - y * y) + gamma2 * x * y


@jax.custom_jvp
def deflection(x, y, gamma1, gamma2):
    """Linear in the position."""
    return gamma1 * x + gamma2 * y, gamma2 * x - gamma1 * y


@partial(deflection.defjvp, symbolic_zeros=True)
def _deflection_jvp(primals, tangents):
    """And in the shear."""
    x, y, gamma1, gamma2 = primals
    dx, dy, dgamma1, dgamma2 = varying(tangents)
    change = combined((x, y), (dgamma1, dgamma2), (dgamma2, linear((-1.0, dgamma1))))
    along_x = linear((gamma1, dx), (gamma2, dy), (1.0, change[0]))
    along_y = linear((gamma2, dx), (-gamma1, dy), (1.0, change[1]))
    return deflection(*primals), (along_x, along_y)


def hessian(x, y, gamma1, gamma2):
    """The same everywhere."""
    gamma1, gamma2 = jnp.zeros_like(x) + gamma1, jnp.zeros_like(x) + gamma2
    return gamma1, gamma2, gamma2, -gamma1


def components(gamma_ext, psi_ext):
    """gamma1 and gamma2 of a shear of strength gamma_ext in direction psi_ext [rad]."""
    sine, cosine = sincos(2 * psi_ext)
    return gamma_ext * cosine, gamma_ext * sine


def unit_magnification(gamma1, gamma2):
    """Shear and convergence of a reduced shear whose magnification is one."""
    inverse = 1 / jnp.sqrt(1 - gamma1**2 - gamma2**2)  # 1 - kappa
    return (inverse * gamma1, inverse * gamma2), (1 - inverse,)


shear = Kernel(potential, deflection, hessian)
reduced_shear = total(
    shear, Kernel(convergence.potential, convergence.deflection, convergence.hessian), split=unit_magnification
)


class Shear(LensProfileBase):
    __doc__ = __doc__

    parameters = (GAMMA1, GAMMA2, *ORIGIN)
    kernel = centred(shear)


class ShearGammaPsi(LensProfileBase):
    r"""External shear by strength and direction, :math:`\gamma_1 + i\gamma_2 = \gamma_{ext} e^{2 i \psi_{ext}}`."""

    parameters = (
        Parameter("gamma_ext", 0, 1),
        Parameter("psi_ext", -math.pi, math.pi, unit="rad"),
        *ORIGIN,
    )
    kernel = centred(reparametrised(shear, components))

    @staticmethod
    def function(x, y, gamma_ext, psi_ext, ra_0=0, dec_0=0):
        """Lensing potential.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: potential [arcsec^2]
        """
        return LensProfileBase.function(ShearGammaPsi(), x, y, gamma_ext, psi_ext, ra_0, dec_0)


class ShearReduced(LensProfileBase):
    r"""Reduced shear :math:`\gamma/(1-\kappa)` that leaves the magnification at one.

    The convergence that goes with it follows from :math:`(1-\kappa)^2 - \gamma_1^2 - \gamma_2^2 = 1`.
    """

    parameters = (GAMMA1, GAMMA2, *ORIGIN)
    kernel = centred(reduced_shear)
