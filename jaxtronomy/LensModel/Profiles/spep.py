r"""Power law with elliptical potential (Barkana 1998, ApJ 502, 531).

.. math::
    \psi = \frac{(\theta_E \sqrt q)^{\gamma-1}}{3-\gamma}\, p^{3-\gamma}, \qquad p^2 = x'^2 + y'^2/q^2

In the complex ellipticity :math:`e`, :math:`p = |z - e z^*|/(1-|e|)`.  The normalisation is not smooth in :math:`e`
where the potential is round.
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import bounded_ellipticity, centred, squeezed
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import power, safe_divide, safe_hypot
from jaxtronomy.core.parameters import Parameter

from .base_profile import CENTRE, ELLIPTICITY, THETA_E, LensProfileBase
from .epl import density_lens, mass_3d_lens

__all__ = ["SPEP"]


def parts(x, y, theta_E, gamma, e1, e2):
    """Bounded slope and ellipticity, w = z - e z*, and 1 / p alpha(p) in units of w."""
    gamma = jnp.clip(gamma, 1.4, 2.9)
    e1, e2 = bounded_ellipticity(e1, e2)
    size = jnp.minimum(safe_hypot(e1, e2), 0.99 / 1.01)
    wx, wy = squeezed(x, y, e1, e2)
    square = wx * wx + wy * wy
    # theta_E sqrt(q) (1 - |e|) / |w|, squared
    ratio = theta_E**2 * (1 - size) ** 3 / (1 + size) * safe_divide(1.0, square)
    return gamma, e1, e2, wx, wy, square, power(ratio, (gamma - 1) / 2) / (1 - size) ** 2


def potential(x, y, theta_E, gamma, e1, e2):
    """Power of the elliptical radius."""
    gamma, _, _, _, _, square, scale = parts(x, y, theta_E, gamma, e1, e2)
    return scale * square / (3 - gamma)


def deflection(x, y, theta_E, gamma, e1, e2):
    """Its gradient."""
    _, e1, e2, wx, wy, _, scale = parts(x, y, theta_E, gamma, e1, e2)
    u, v = squeezed(wx, wy, e1, e2)
    return scale * u, scale * v


def hessian(x, y, theta_E, gamma, e1, e2):
    """Its second derivatives."""
    gamma, e1, e2, wx, wy, square, scale = parts(x, y, theta_E, gamma, e1, e2)
    u, v = squeezed(wx, wy, e1, e2)
    bend = (1 - gamma) * safe_divide(1.0, square)
    f_xy = scale * (bend * u * v - 2 * e2)
    return (
        scale * (bend * u * u + (1 - e1) ** 2 + e2**2),
        f_xy,
        f_xy,
        scale * (bend * v * v + (1 + e1) ** 2 + e2**2),
    )


class SPEP(LensProfileBase):
    __doc__ = __doc__

    parameters = (THETA_E, Parameter("gamma", 0, 100), *ELLIPTICITY, *CENTRE)
    kernel = centred(Kernel(potential, deflection, hessian))
    mass_3d_lens = method(mass_3d_lens)
    density_lens = method(density_lens)
