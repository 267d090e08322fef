r"""Sersic profile of convergence with elliptical contours.

.. math::
    \kappa = k_{\rm eff}\exp\left(-b\left[(\xi/R_e)^{1/n} - 1\right]\right), \qquad \xi^2 = x'^2 + y'^2/q^2, \quad
    q = 1 - |e|

(Keeton 2001, https://arxiv.org/abs/astro-ph/0102341). The deflection is the integral over similar ellipses of
:mod:`~jaxtronomy.LensModel.Profiles.gaussian_ellipse_kappa`, by the trapezoidal rule in the logit of its parameter,
good to 1e-10; the Hessian is its derivative. There is no potential.
"""

import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import exp, power, safe_hypot, safe_sqrt, spread
from jaxtronomy.core.special.quadrature import Rule, integrate

from .base_profile import LensProfileBase
from .gaussian_ellipse_kappa import deflected, squared_radius
from .sersic_ellipse_potential import PARAMETERS
from .sersic_utils import b_n

__all__ = ["SersicEllipseKappa"]

SMALLEST_AXIS_RATIO = 1e-5


def _logit_rule(step=0.4, start=-34.0, end=30.0):
    """Rule on the unit interval for integrands that are powers at 0."""
    u = np.arange(start, end, step)
    return Rule(1 / (1 + np.exp(-u)), step / (2 + np.exp(u) + np.exp(-u)))


_RULE = _logit_rule()


def _law(ratio, exponent, b):
    """Convergence at a radius, in units of that at the effective radius."""
    return exp(-b * (power(ratio, exponent) - 1))


def deflection(x, y, n_sersic, R_sersic, k_eff, e1, e2):
    """Deflection angles [arcsec]."""
    size = safe_hypot(e1, e2)
    shrink = jnp.where(size > 1 - SMALLEST_AXIS_RATIO, (1 - SMALLEST_AXIS_RATIO) / jnp.maximum(size, 0.5), 1.0)
    e1, e2, size = e1 * shrink, e2 * shrink, size * shrink
    e1, e2, q = e1 / (2 - size), e2 / (2 - size), 1 - size

    inverse, *law = spread(x, 1 / (R_sersic * jnp.sqrt(q)), 1 / n_sersic, b_n(n_sersic))

    def weights(*through):
        def at(t):
            square, along, across = squared_radius(*through, t)
            kappa = _law(safe_sqrt(t * square) * inverse, *law)
            return kappa * along, kappa * across

        return integrate(at, _RULE, x.dtype)

    alpha_x, alpha_y = deflected(x, y, e1, e2, weights)
    return k_eff * alpha_x, k_eff * alpha_y


def projected_mass(x, y, q, n_sersic, R_sersic, k_eff, u=1, power=1):
    """Convergence of the ellipse u (1: that through the point) at a position [arcsec] along the axes."""
    square = u * (x**2 + y**2 / (1 - (1 - q**2) * u))
    ratio = safe_sqrt(square) / R_sersic
    return k_eff * _law(ratio**power, 1 / n_sersic, b_n(n_sersic))


class SersicEllipseKappa(LensProfileBase):
    __doc__ = __doc__

    parameters = PARAMETERS
    kernel = centred(Kernel(None, deflection))
    projected_mass = method(projected_mass)


# the order in which lenstronomy samples the parameters is not that of its arguments
SersicEllipseKappa.param_names = ["k_eff", "R_sersic", "n_sersic", "e1", "e2", "center_x", "center_y"]
