r"""Uniform core that drops steeply outside.

.. math::
    \rho(r) = \frac{2}{\pi}\sigma_0 r_c^3 (r_c^2 + r^2)^{-2}, \qquad
    \kappa(r) = \sigma_0\left(1 + \frac{r^2}{r_c^2}\right)^{-3/2}

Blum, Castorina & Simonovic 2020 (https://arxiv.org/abs/2001.07182).
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import arctan, log, safe_hypot

from .base_profile import CENTRE, LensProfileBase, Parameter

__all__ = ["CoredDensity"]

SIGMA0 = Parameter("sigma0", -1, 10)
R_CORE = Parameter("r_core", 0, 100, unit="arcsec")
SMALLEST = 1e-9


def _hypotenuse(r, r_core):
    """The core radius, not quite zero, and its hypotenuse with r."""
    r_core = jnp.maximum(r_core, SMALLEST)
    return r_core, jnp.sqrt(r_core * r_core + r * r)


def potential(r, sigma0, r_core):
    """Lensing potential [arcsec^2] at radius r [arcsec]."""
    r_core, s = _hypotenuse(r, r_core)
    return 2 * sigma0 * r_core**2 * log(s + r_core)


def mean_convergence(r, sigma0, r_core):
    """Mean convergence inside the projected radius r [arcsec]."""
    r_core, s = _hypotenuse(r, r_core)
    return 2 * sigma0 * r_core**2 / (s * (s + r_core))


def kappa_r(r, sigma0, r_core):
    """Convergence at the projected radius r [arcsec]."""
    r_core, s = _hypotenuse(r, r_core)
    return sigma0 * (r_core / s) ** 3


def alpha_r(r, sigma0, r_core):
    """Deflection [arcsec] at radius r [arcsec]."""
    return r * mean_convergence(r, sigma0, r_core)


def d_alpha_dr(r, sigma0, r_core):
    """Slope of the deflection at radius r [arcsec]."""
    return 2 * kappa_r(r, sigma0, r_core) - mean_convergence(r, sigma0, r_core)


def density(r, sigma0, r_core):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return 2 / math.pi * sigma0 * r_core**3 * (r_core**2 + r**2) ** -2


def density_2d(x, y, sigma0, r_core, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    return kappa_r(safe_hypot(x - center_x, y - center_y), sigma0, r_core)


def mass_2d(r, sigma0, r_core):
    """Mass inside the projected radius r [arcsec]."""
    return math.pi * r**2 * mean_convergence(r, sigma0, r_core)


def mass_3d(r, sigma0, r_core):
    """Mass inside the sphere of radius r [arcsec]."""
    return 4 * sigma0 * r_core**3 * (arctan(r / r_core) / r_core - r / (r**2 + r_core**2))


ROUND = Round(potential, mean_convergence, kappa_r)


class CoredDensity(LensProfileBase):
    __doc__ = __doc__

    parameters = (SIGMA0, R_CORE, *CENTRE)
    kernel = centred(ROUND.kernel())
    alpha_r = staticmethod(elementwise(alpha_r))
    d_alpha_dr = staticmethod(elementwise(d_alpha_dr))
    kappa_r = staticmethod(elementwise(kappa_r))
    density = staticmethod(elementwise(density))
    density_lens = method(density)
    density_2d = method(density_2d)
    mass_2d = method(mass_2d)
    mass_3d = staticmethod(elementwise(mass_3d))
    mass_3d_lens = method(mass_3d)
