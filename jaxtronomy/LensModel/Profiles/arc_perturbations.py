r"""Fourier modes in radius and angle, to perturb a lens along an arc.

.. math::
    \psi = A \cos\frac{r}{d_r} \cos\frac{2\pi\theta}{d_\theta}
"""

import math

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import arctan2, safe_divide, safe_hypot, sincos
from jaxtronomy.core.parameters import Parameter

from .base_profile import LensProfileBase

__all__ = ["ArcPerturbations"]


def modes(x, y, d_r, d_phi):
    """Inverse radius, direction, wave numbers, and sine and cosine of both phases."""
    r = safe_hypot(x, y)
    inverse = safe_divide(1.0, r)
    k, m = 1 / d_r, 2 * math.pi / d_phi
    return inverse, (x * inverse, y * inverse), (k, m), sincos(k * r), sincos(m * arctan2(y, x))


def potential(x, y, coeff, d_r, d_phi):
    """Product of two waves."""
    *_, (_, c_r), (_, c_t) = modes(x, y, d_r, d_phi)
    return coeff * c_r * c_t


def deflection(x, y, coeff, d_r, d_phi):
    """Radial and tangential slope."""
    inverse, (c, s), (k, m), (s_r, c_r), (s_t, c_t) = modes(x, y, d_r, d_phi)
    radial, tangential = -coeff * k * s_r * c_t, -coeff * m * inverse * c_r * s_t
    return radial * c - tangential * s, radial * s + tangential * c


def hessian(x, y, coeff, d_r, d_phi):
    """Second derivatives in polar coordinates, turned."""
    inverse, (c, s), (k, m), (s_r, c_r), (s_t, c_t) = modes(x, y, d_r, d_phi)
    rr = -coeff * k * k * c_r * c_t
    tt = -coeff * inverse * (k * s_r * c_t + m * m * inverse * c_r * c_t)
    rt = coeff * m * inverse * (k * s_r * s_t + inverse * c_r * s_t)
    f_xy = (rr - tt) * c * s + rt * (c * c - s * s)
    return rr * c * c + tt * s * s - 2 * rt * c * s, f_xy, f_xy, rr * s * s + tt * c * c + 2 * rt * c * s


class ArcPerturbations(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        Parameter("coeff", unit="arcsec^2"),
        Parameter("d_r", unit="arcsec"),
        Parameter("d_phi", unit="rad"),
        Parameter("center_x", default=0, unit="arcsec"),
        Parameter("center_y", default=0, unit="arcsec"),
    )
    kernel = centred(Kernel(potential, deflection, hessian))
