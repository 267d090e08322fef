r"""Isothermal elliptical potential with a core (Blandford & Kochanek 1987, ApJ 321, 658).

.. math::
    \psi = \theta_E' \sqrt{\theta_c'^2 + (1-\epsilon) x'^2 + (1+\epsilon) y'^2}, \qquad \epsilon = |e|

where both radii are multiplied by :math:`\sqrt{2q/(1+q^2)}`.
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import bounded_ellipticity, centred, ellipticity_to_phi_q, reparametrised, squeezed
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import inverse_root, safe_hypot, safe_sqrt
from jaxtronomy.core.parameters import Parameter

from .base_profile import CENTRE, LensProfileBase

__all__ = ["NIE_POTENTIAL", "NIEPotentialMajorAxis"]


def parts(x, y, theta_c, e1, e2):
    """Half the gradient of the squared radius, and that with the core."""
    u, v = squeezed(x, y, e1, e2)
    return u, v, theta_c**2 + x * u + y * v


def potential(x, y, theta_E, theta_c, e1, e2):
    """Proportional to the softened elliptical radius."""
    return theta_E * safe_sqrt(parts(x, y, theta_c, e1, e2)[2])


def deflection(x, y, theta_E, theta_c, e1, e2):
    """Its gradient."""
    u, v, square = parts(x, y, theta_c, e1, e2)
    scale = theta_E * inverse_root(square)
    return scale * u, scale * v


def hessian(x, y, theta_E, theta_c, e1, e2):
    """Its second derivatives."""
    u, v, square = parts(x, y, theta_c, e1, e2)
    inverse = inverse_root(square)
    scale, u, v = theta_E * inverse, u * inverse, v * inverse
    f_xy = -scale * (e2 + u * v)
    return scale * (1 - e1 - u * u), f_xy, f_xy, scale * (1 + e1 - v * v)


def theta_q_convert(theta_E, q):
    """Radius [arcsec] of the potential, from the product-averaged one."""
    return theta_E * jnp.sqrt(2 * q / (1 + q * q))


def conversion(e1, e2):
    """The same factor by the ellipticity, where it is smooth."""
    square = e1 * e1 + e2 * e2
    return jnp.sqrt((1 - square) / (1 + square))


def from_product_average(theta_E, theta_c, e1, e2):
    """The potential's own radii."""
    factor = conversion(*bounded_ellipticity(e1, e2))
    return factor * theta_E, factor * theta_c, e1, e2


def param_conv(theta_E, theta_c, e1, e2):
    """Radii, ellipticity and position angle [rad] of the potential along its major axis."""
    theta_E, theta_c, e1, e2 = from_product_average(theta_E, theta_c, e1, e2)
    return theta_E, theta_c, safe_hypot(e1, e2), ellipticity_to_phi_q(e1, e2)[0]


nie_potential = Kernel(potential, deflection, hessian)


class NIE_POTENTIAL(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        Parameter("theta_E", 0, 10, unit="arcsec"),
        Parameter("theta_c", 0, 10, unit="arcsec"),
        Parameter("e1", 0, 0.2),
        Parameter("e2", 0, 0.2),
        *CENTRE,
    )
    param_names = ["center_x", "center_y", "theta_E", "theta_c", "e1", "e2"]
    kernel = centred(reparametrised(nie_potential, from_product_average))
    param_conv = method(param_conv)
    _theta_q_convert = method(theta_q_convert)


class NIEPotentialMajorAxis(LensProfileBase):
    r"""The potential :math:`\theta_E \sqrt{\theta_c^2 + (1-\epsilon) x^2 + (1+\epsilon) y^2}`."""

    parameters = (
        Parameter("theta_E"),
        Parameter("theta_c"),
        Parameter("eps"),
        Parameter("center_x", default=0),
        Parameter("center_y", default=0),
    )
    kernel = centred(reparametrised(nie_potential, lambda theta_E, theta_c, eps: (theta_E, theta_c, eps, 0.0)))

    def __init__(self, diff=1e-10):
        """
        :param diff: accepted for compatibility; the Hessian is exact
        """
        super().__init__(diff=diff)
