r"""Gaussian lensing potential.

.. math::
    \psi(x, y) = \frac{A}{2\pi\sigma_x\sigma_y}\exp\left(-\frac{x^2}{2\sigma_x^2} - \frac{y^2}{2\sigma_y^2}\right)
"""

import math

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import exp

from .base_profile import CENTRE, LensProfileBase, Parameter

__all__ = ["GaussianPotential"]

AMP = Parameter("amp", 0, 100)


def potential(x, y, amp, sigma_x, sigma_y):
    """Lensing potential [arcsec^2]."""
    exponent = -((x / sigma_x) ** 2 + (y / sigma_y) ** 2) / 2
    return amp / (2 * math.pi * sigma_x * sigma_y) * exp(exponent)


def deflection(x, y, amp, sigma_x, sigma_y):
    """Deflection angles [arcsec]."""
    psi = potential(x, y, amp, sigma_x, sigma_y)
    return -psi * x / sigma_x**2, -psi * y / sigma_y**2


def hessian(x, y, amp, sigma_x, sigma_y):
    """Second derivatives of the potential."""
    psi = potential(x, y, amp, sigma_x, sigma_y)
    u, v = x / sigma_x**2, y / sigma_y**2
    f_xy = psi * u * v
    return psi * (u * u - 1 / sigma_x**2), f_xy, f_xy, psi * (v * v - 1 / sigma_y**2)


class GaussianPotential(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        AMP,
        Parameter("sigma_x", 0, 100, unit="arcsec"),
        Parameter("sigma_y", 0, 100, unit="arcsec"),
        *CENTRE,
    )
    kernel = centred(Kernel(potential, deflection, hessian))
