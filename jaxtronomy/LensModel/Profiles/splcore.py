r"""Spherical power law with a core.

.. math::
    \rho = \rho_0\, \frac{r_c^\gamma}{(r^2 + r_c^2)^{\gamma/2}}, \qquad \rho_0 = \sigma_0 / r_c

for every slope above 1; the slopes 2 and 3 are no special cases here.  There is no potential in closed form.
"""

import math

import jax.numpy as jnp
from jax.scipy.special import gammaln

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import exp, expm1, log1p, power, safe_hypot
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.special import hyp2f1_next

from .base_profile import CENTRE, LensProfileBase

__all__ = ["SPLCORE"]


def growth(z):
    """(exp(z) - 1) / z."""
    small = jnp.abs(z) < 1e-3
    sure = jnp.where(small, 1.0, z)
    return jnp.where(small, 1 + z / 2 * (1 + z / 3 * (1 + z / 4 * (1 + z / 5))), expm1(sure) / sure)


def projection(gamma):
    """Central convergence over sigma_0."""
    return math.sqrt(math.pi) * exp(gammaln((gamma - 1) / 2) - gammaln(gamma / 2))


def convergence(r, sigma0, r_core, gamma):
    """Convergence at radius r [arcsec]."""
    x = r / r_core
    return sigma0 * projection(gamma) * power(1 + x * x, (1 - gamma) / 2)


def mean_convergence(r, sigma0, r_core, gamma):
    """Mean convergence inside radius r [arcsec]; at the centre that there."""
    square = (r / r_core) ** 2
    zero = square == 0
    span = log1p(square)
    ratio = jnp.where(zero, 1.0, span / jnp.where(zero, 1.0, square))
    return sigma0 * projection(gamma) * ratio * growth((3 - gamma) / 2 * span)


def alpha(r, sigma0, r_core, gamma):
    """Deflection [arcsec] at radius r [arcsec]."""
    return r * mean_convergence(r, sigma0, r_core, gamma)


def density(r, rho0, r_core, gamma):
    """3d density at radius r [arcsec]."""
    return rho0 * power(1 + (r / r_core) ** 2, -gamma / 2)


def density_lens(r, sigma0, r_core, gamma):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, sigma0 / r_core, r_core, gamma)


def density_2d(x, y, rho0, r_core, gamma):
    """Convergence of the central density rho0."""
    return convergence(safe_hypot(x, y), rho0 * r_core, r_core, gamma)


def mass_3d(r, rho0, r_core, gamma):
    """Mass inside the sphere of radius r [arcsec]."""
    return 4 / 3 * math.pi * rho0 * r**3 * hyp2f1_next(gamma / 2, 1.5, -((r / r_core) ** 2))


def mass_3d_lens(r, sigma0, r_core, gamma):
    """Mass inside the sphere of radius r [arcsec]."""
    return mass_3d(r, sigma0 / r_core, r_core, gamma)


def mass_2d_lens(r, sigma0, r_core, gamma):
    """Mass inside the projected radius r [arcsec]."""
    return math.pi * r**2 * mean_convergence(r, sigma0, r_core, gamma)


def mass_2d(r, rho0, r_core, gamma):
    """Mass inside the projected radius r [arcsec]."""
    return mass_2d_lens(r, rho0 * r_core, r_core, gamma)


class SPLCORE(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        Parameter("sigma0", 0, 1e12),
        Parameter("r_core", 1e-6, 100, unit="arcsec"),
        Parameter("gamma", 1 + 1e-6, 5),
        *CENTRE,
    )
    param_names = ["sigma0", "center_x", "center_y", "r_core", "gamma"]
    kernel = centred(Round(None, mean_convergence, convergence).kernel())
    alpha = method(alpha)
    density = staticmethod(elementwise(density))
    density_lens = method(density_lens)
    density_2d = method(density_2d)
    mass_3d = method(mass_3d)
    mass_3d_lens = method(mass_3d_lens)
    mass_2d = method(mass_2d)
    mass_2d_lens = method(mass_2d_lens)
