r"""Uniform core that drops like an NFW profile outside.

.. math::
    \rho(r) = \frac{\sigma_0}{2} r_c^2 (r_c^2 + r^2)^{-3/2}, \qquad
    \kappa(r) = \frac{\sigma_0}{1 + r^2/r_c^2}, \qquad
    \psi(r) = -\frac{\sigma_0 r_c^2}{2} \mathrm{Li}_2(-r^2/r_c^2)

after Blum, Castorina & Simonovic 2020 (https://arxiv.org/abs/2001.07182); the potential, which lenstronomy integrates
numerically, has the dilogarithm.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import log1p, safe_hypot
from jaxtronomy.core.special.ratios import dilogarithm, log1p_ratio

from .base_profile import CENTRE, LensProfileBase
from .cored_density import R_CORE, SIGMA0, SMALLEST

__all__ = ["CoredDensity2"]


def _ratio(r, r_core):
    """r^2 / r_core^2."""
    return (r / jnp.maximum(r_core, SMALLEST)) ** 2


def potential(r, sigma0, r_core):
    """Lensing potential [arcsec^2] at radius r [arcsec]."""
    return sigma0 * r_core**2 / 2 * dilogarithm(_ratio(r, r_core))


def mean_convergence(r, sigma0, r_core):
    """Mean convergence inside the projected radius r [arcsec]."""
    return sigma0 * log1p_ratio(_ratio(r, r_core))


def kappa_r(r, sigma0, r_core):
    """Convergence at the projected radius r [arcsec]."""
    return sigma0 / (1 + _ratio(r, r_core))


def alpha_r(r, sigma0, r_core):
    """Deflection [arcsec] at radius r [arcsec]."""
    return r * mean_convergence(r, sigma0, r_core)


def d_alpha_dr(r, sigma0, r_core):
    """Slope of the deflection at radius r [arcsec]."""
    return 2 * kappa_r(r, sigma0, r_core) - mean_convergence(r, sigma0, r_core)


def density(r, sigma0, r_core):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return sigma0 * r_core**2 / 2 * (r_core**2 + r**2) ** -1.5


def density_2d(x, y, sigma0, r_core, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    return kappa_r(safe_hypot(x - center_x, y - center_y), sigma0, r_core)


def mass_2d(r, sigma0, r_core):
    """Mass inside the projected radius r [arcsec]."""
    return math.pi * r**2 * mean_convergence(r, sigma0, r_core)


def mass_3d(r, sigma0, r_core):
    """Mass inside the sphere of radius r [arcsec]."""
    s = jnp.sqrt(r**2 + r_core**2)
    return 2 * math.pi * sigma0 * r_core**2 * (log1p((r + r * r / (s + r_core)) / r_core) - r / s)


ROUND = Round(potential, mean_convergence, kappa_r)


class CoredDensity2(LensProfileBase):
    __doc__ = __doc__

    model_name = "CORED_DENSITY_2"
    parameters = (SIGMA0, R_CORE, *CENTRE)
    kernel = centred(ROUND.kernel())
    alpha_r = staticmethod(elementwise(alpha_r))
    d_alpha_dr = staticmethod(elementwise(d_alpha_dr))
    kappa_r = staticmethod(elementwise(kappa_r))
    density = staticmethod(elementwise(density))
    density_lens = method(density)
    density_2d = method(density_2d)
    mass_2d = staticmethod(elementwise(mass_2d))
    mass_3d = staticmethod(elementwise(mass_3d))
    mass_3d_lens = method(mass_3d)
