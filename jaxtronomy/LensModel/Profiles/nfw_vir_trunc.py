r"""Navarro-Frenk-White profile cut off at the virial radius.

Takada & Jain 2003 (https://arxiv.org/abs/astro-ph/0304034). With :math:`x = c\,\theta/\theta_{200}`,

.. math::
    \kappa = \frac{M}{\Sigma_{\rm cr}} \frac{c^2 f}{2\pi\theta_{200}^2} G(x), \qquad f = \frac{1}{\ln(1+c) - c/(1+c)}

and G zero beyond c. In :math:`w = c^2 - x^2`, :math:`d = x^2 + c` and :math:`F_1` of
:mod:`jaxtronomy.core.special.arc`, without a branch at x = 1,

.. math::
    G = \sqrt w\left[\frac{1}{d(1+c)} + \frac{w}{d^3} F_1\left(\frac{x(1+c)}{d}\right)\right].
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.numerics import log1p, safe_sqrt
from jaxtronomy.core.special.arc import arc

from .base_profile import LensProfileBase
from .nfw_mass_concentration import Cosmology, lens_cosmo

__all__ = ["NFWVirTrunc"]


@elementwise
def _kappa(theta, logM, c, unit_radius, sigma_crit):
    """Convergence; r200 [arcsec] of a solar mass and critical surface density [M_sun / arcsec^2] given."""
    mass = jnp.exp(math.log(10) * logM)
    radius = unit_radius * jnp.cbrt(mass)
    x = jnp.maximum(c * theta / radius, 1e-6)
    w = jnp.maximum(c * c - x * x, 0.0)
    d = x * x + c
    G = safe_sqrt(w) * (1 / (d * (1 + c)) + w / d**3 * arc(1, x * (1 + c) / d))
    return mass / sigma_crit * c**2 / (2 * math.pi * radius**2 * (log1p(c) - c / (1 + c))) * G


class NFWVirTrunc(LensProfileBase):
    __doc__ = __doc__

    def __init__(self, z_lens, z_source, cosmo=None):
        """
        :param z_lens: redshift of the lens
        :param z_source: redshift of the source
        :param cosmo: astropy.cosmology instance; None for flat, H0 = 70 km/s/Mpc, Omega_m = 0.3
        """
        super().__init__(z_lens=z_lens, z_source=z_source, cosmo=Cosmology(cosmo))

    def kappa(self, theta, logM, c):
        """Convergence.

        :param theta: radius [arcsec]
        :param logM: log10 of the virial mass [M_sun]
        :param c: concentration, r200 / Rs
        :return: convergence
        """
        options = self._options
        lens = lens_cosmo(type(self).__name__, options["z_lens"], options["z_source"], options["cosmo"])
        return _kappa(theta, logM, c, float(lens.nfw_M_theta_r200(1.0)), float(lens.sigma_crit_angle))
