r"""Response of two massive bodies to each other, as a dipole.

.. math::
    \alpha = C\, \frac{x'}{r}\, \hat x'

along the direction :math:`\phi` of the two.  The field is not a gradient: there is no potential, and it is given as
zero.  The Hessian is symmetrised as in lenstronomy.
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.frames import rotated
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import arctan2, inverse_root, safe_divide, safe_hypot
from jaxtronomy.core.parameters import Parameter

from .base_profile import LensProfileBase

__all__ = ["Dipole", "DipoleUtil"]


def potential(x, y, coupling):
    """Zero."""
    return jnp.zeros_like(x)


def deflection(x, y, coupling):
    """Along the dipole."""
    return coupling * safe_divide(x, safe_hypot(x, y)), jnp.zeros_like(x)


def hessian(x, y, coupling):
    """Slope along the dipole, and the transverse one on both sides of the diagonal."""
    inverse = inverse_root(x * x + y * y)
    c, s = x * inverse, y * inverse
    f_xy = -coupling * inverse * c * s
    return coupling * inverse * s * s, f_xy, f_xy, jnp.zeros_like(x)


def com(center1_x, center1_y, center2_x, center2_y, Fm):
    """Centre of mass [arcsec] of two bodies of mass ratio Fm."""
    return (Fm * center1_x + center2_x) / (Fm + 1), (Fm * center1_y + center2_y) / (Fm + 1)


def mass_ratio(theta_E, theta_E_sub):
    """Mass ratio of two bodies of these Einstein radii."""
    return (theta_E / theta_E_sub) ** 2


def angle(center1_x, center1_y, center2_x, center2_y):
    """Direction [rad] from the first to the second body."""
    return arctan2(center2_y - center1_y, center2_x - center1_x)


def about_com(kernel):
    """The kernel in coordinates about the centre of mass, whose position stands first."""

    def moved(f):
        return lambda x, y, com_x, com_y, phi_dipole, coupling: f(x - com_x, y - com_y, coupling, phi_dipole)

    return Kernel(moved(kernel.psi), moved(kernel.alpha), moved(kernel.second))


class Dipole(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        Parameter("com_x", -100, 100, unit="arcsec"),
        Parameter("com_y", -100, 100, unit="arcsec"),
        Parameter("phi_dipole", -10, 10, unit="rad"),
        Parameter("coupling", -10, 10, unit="arcsec"),
    )
    kernel = about_com(rotated(Kernel(potential, deflection, hessian)))


class DipoleUtil:
    """Properties of the dipole of two bodies."""

    com = staticmethod(elementwise(com))
    mass_ratio = staticmethod(elementwise(mass_ratio))
    angle = staticmethod(elementwise(angle))
