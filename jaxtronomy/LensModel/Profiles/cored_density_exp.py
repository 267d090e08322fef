r"""Core that drops like a Gaussian.

.. math::
    \rho(r) = \frac{\kappa_0}{\sqrt\pi\,\theta_c} e^{-v}, \qquad \kappa(r) = \kappa_0 e^{-v}, \qquad
    \psi(r) = \frac{\kappa_0\theta_c^2}{2}\left[\mathrm{Ein}(v) - \gamma\right], \qquad v = r^2/\theta_c^2

with Ein the entire exponential integral and Euler's constant, so that the potential tends to that of a point mass.
"""

import math

import jax.numpy as jnp
from jax.scipy.special import erf

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import safe_hypot
from jaxtronomy.core.special.incomplete_gamma import EULER_GAMMA, ein
from jaxtronomy.core.special.ratios import decay_ratio

from .base_profile import CENTRE, LensProfileBase, Parameter
from .cored_density import SMALLEST

__all__ = ["CoredDensityExp"]


def _exponent(r, theta_c):
    return (r / jnp.maximum(theta_c, SMALLEST)) ** 2


def potential(r, kappa_0, theta_c):
    """Lensing potential [arcsec^2] at radius r [arcsec]."""
    return kappa_0 * theta_c**2 / 2 * (ein(_exponent(r, theta_c)) - EULER_GAMMA)


def mean_convergence(r, kappa_0, theta_c):
    """Mean convergence inside the projected radius r [arcsec]."""
    return kappa_0 * decay_ratio(_exponent(r, theta_c))


def kappa_r(R, kappa_0, theta_c):
    """Convergence at the projected radius R [arcsec]."""
    return kappa_0 * jnp.exp(-_exponent(R, theta_c))


def alpha_radial(r, kappa_0, theta_c):
    """Deflection [arcsec] at radius r [arcsec]."""
    return r * mean_convergence(r, kappa_0, theta_c)


def rhotilde(kappa_0, theta_c):
    """Central 3d density."""
    return kappa_0 / (math.sqrt(math.pi) * theta_c)


def density(R, kappa_0, theta_c):
    """3d density at radius R [arcsec] whose projection is the convergence."""
    return rhotilde(kappa_0, theta_c) * jnp.exp(-_exponent(R, theta_c))


def density_lens(r, kappa_0, theta_c):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, kappa_0, theta_c)


def density_2d(x, y, kappa_0, theta_c, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    return kappa_r(safe_hypot(x - center_x, y - center_y), kappa_0, theta_c)


def mass_3d(R, kappa_0, theta_c):
    """Mass inside the sphere of radius R [arcsec]."""
    u = R / theta_c
    return 2 * math.sqrt(math.pi) * kappa_0 * theta_c**2 * (math.sqrt(math.pi) / 2 * erf(u) - u * jnp.exp(-u * u))


def mass_3d_lens(r, kappa_0, theta_c):
    """Mass inside the sphere of radius r [arcsec]."""
    return mass_3d(r, kappa_0, theta_c)


def mass_2d(R, kappa_0, theta_c):
    """Mass inside the projected radius R [arcsec]."""
    return math.pi * R**2 * mean_convergence(R, kappa_0, theta_c)


ROUND = Round(potential, mean_convergence, kappa_r)


class CoredDensityExp(LensProfileBase):
    __doc__ = __doc__

    parameters = (Parameter("kappa_0", 0, 10), Parameter("theta_c", 0, 100, unit="arcsec"), *CENTRE)
    kernel = centred(ROUND.kernel())
    rhotilde = staticmethod(elementwise(rhotilde))
    alpha_radial = staticmethod(elementwise(alpha_radial))
    kappa_r = staticmethod(elementwise(kappa_r))
    density = method(density)
    density_lens = method(density_lens)
    density_2d = method(density_2d)
    mass_3d = staticmethod(elementwise(mass_3d))
    mass_3d_lens = method(mass_3d_lens)
    mass_2d = method(mass_2d)
