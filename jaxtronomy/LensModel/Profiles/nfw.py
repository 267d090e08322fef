r"""Navarro-Frenk-White profile.

.. math::
    \rho(r) = \frac{\rho_0}{(r/R_s)(1 + r/R_s)^2}, \qquad
    \kappa(X) = 2\rho_0 R_s\,\frac{F(X) - 1}{1 - X^2}, \qquad X = r/R_s

with :math:`F(X) = \mathrm{arccosh}(1/X)/\sqrt{1-X^2}` and its continuation beyond X = 1
(:mod:`jaxtronomy.core.special.arc`), normalised by the deflection at the scale radius,
:math:`\alpha_{R_s} = 4\rho_0 R_s^2(1 - \ln 2)`.

Navarro, Frenk & White 1997 (https://arxiv.org/abs/astro-ph/9611107); lensing: Bartelmann 1996
(https://arxiv.org/abs/astro-ph/9602053), Meneghetti et al. 2003 (https://arxiv.org/abs/astro-ph/0201501).
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import log1p, safe_hypot
from jaxtronomy.core.special.arc import arc, arc_mean, arc_potential

from .base_profile import CENTRE, LensProfileBase, Parameter

__all__ = ["NFW"]

RS = Parameter("Rs", 0, 100, unit="arcsec")
ALPHA_RS = Parameter("alpha_Rs", 0, 10, unit="arcsec")

CORE = 1.65e-7  # inside this fraction of Rs the density is uniform: the centre of a cusp has no other value
_NORM = 1 - math.log(2)


def scaled(r, Rs):
    """r / Rs, not below the radius where the density is taken as uniform."""
    return jnp.maximum(r / jnp.maximum(Rs, 1e-7), CORE)


def alpha2rho0(alpha_Rs, Rs):
    """Density normalisation of the deflection alpha_Rs [arcsec] at the scale radius Rs [arcsec]."""
    return alpha_Rs / (4 * _NORM * Rs**2)


def rho02alpha(rho0, Rs):
    """Deflection [arcsec] at the scale radius Rs [arcsec] of the density normalisation rho0."""
    return rho0 * (4 * _NORM * Rs**2)


def nfw_potential(R, Rs, rho0):
    """Lensing potential [arcsec^2] at the projected radius R [arcsec]."""
    return 2 * rho0 * Rs**3 * arc_potential(scaled(R, Rs))


def mean_convergence(R, Rs, rho0):
    """Mean convergence inside the projected radius R [arcsec]."""
    return 4 * rho0 * Rs * arc_mean(scaled(R, Rs))


def convergence(R, Rs, rho0):
    """Convergence at the projected radius R [arcsec]."""
    return 2 * rho0 * Rs * arc(1, scaled(R, Rs))


def nfw_alpha(R, Rs, rho0, ax_x, ax_y):
    """Deflection [arcsec] at the position (ax_x, ax_y) of radius R."""
    mean = mean_convergence(R, Rs, rho0)
    return mean * ax_x, mean * ax_y


def nfw_gamma(R, Rs, rho0, ax_x, ax_y):
    """Shear gamma1, gamma2 at the position (ax_x, ax_y) of radius R."""
    return shear(convergence, mean_convergence, R, ax_x, ax_y, Rs, rho0)


def shear(kappa, mean, R, ax_x, ax_y, *parameters):
    """Shear at (ax_x, ax_y), of radius R, of the round profile with these convergence and mean convergence."""
    R = jnp.maximum(R, 1e-6)
    a = (mean(R, *parameters) - kappa(R, *parameters)) / R**2
    return a * (ax_y**2 - ax_x**2), -2 * a * ax_x * ax_y


def density(R, Rs, rho0):
    """3d density at radius R [arcsec]."""
    return rho0 / (R / Rs * (1 + R / Rs) ** 2)


def density_2d(x, y, Rs, rho0, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    return convergence(safe_hypot(x - center_x, y - center_y), Rs, rho0)


def mass_3d(r, Rs, rho0):
    """Mass inside the sphere of radius r [arcsec]."""
    x = r / Rs
    return 4 * math.pi * rho0 * Rs**3 * (log1p(x) - x / (1 + x))


def mass_2d(R, Rs, rho0):
    """Mass inside the projected radius R [arcsec]."""
    return math.pi * R**2 * mean_convergence(R, Rs, rho0)


def density_lens(r, Rs, alpha_Rs):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, Rs, alpha2rho0(alpha_Rs, Rs))


def mass_3d_lens(r, Rs, alpha_Rs):
    """Mass inside the sphere of radius r [arcsec]."""
    return mass_3d(r, Rs, alpha2rho0(alpha_Rs, Rs))


def mass_2d_lens(R, Rs, alpha_Rs):
    """Mass inside the projected radius R [arcsec]."""
    return mass_2d(R, Rs, alpha2rho0(alpha_Rs, Rs))


def _potential_of_alpha(r, Rs, alpha_Rs):
    return alpha_Rs * Rs / (2 * _NORM) * arc_potential(scaled(r, Rs))


def _mean_of_alpha(r, Rs, alpha_Rs):
    return alpha_Rs / (_NORM * jnp.maximum(Rs, 1e-7)) * arc_mean(scaled(r, Rs))


def _convergence_of_alpha(r, Rs, alpha_Rs):
    return alpha_Rs / (2 * _NORM * jnp.maximum(Rs, 1e-7)) * arc(1, scaled(r, Rs))


ROUND = Round(_potential_of_alpha, _mean_of_alpha, _convergence_of_alpha)


class NFW(LensProfileBase):
    __doc__ = __doc__

    profile_name = "NFW"
    parameters = (RS, ALPHA_RS, *CENTRE)
    kernel = centred(ROUND.kernel())

    def __init__(self, interpol=False, num_interp_X=1000, max_interp_X=10):
        """The options are those of lenstronomy's table look-up; the closed form is used whatever they are.

        :param interpol: accepted for compatibility
        :param num_interp_X: accepted for compatibility
        :param max_interp_X: accepted for compatibility
        """
        super().__init__(interpol=interpol, num_interp_X=num_interp_X, max_interp_X=max_interp_X)

    F_ = method(lambda X: arc(1, scaled(X, 1.0)))
    g_ = method(lambda X: scaled(X, 1.0) ** 2 * arc_mean(scaled(X, 1.0)))
    h_ = method(lambda X: arc_potential(scaled(X, 1.0)))
    nfw_potential = method(nfw_potential)
    nfw_alpha = method(nfw_alpha)
    nfw_gamma = method(nfw_gamma)
    density = staticmethod(elementwise(density))
    density_2d = method(density_2d)
    density_lens = method(density_lens)
    mass_3d = method(mass_3d)
    mass_3d_lens = method(mass_3d_lens)
    mass_2d = method(mass_2d)
    mass_2d_lens = method(mass_2d_lens)
    alpha2rho0 = staticmethod(elementwise(alpha2rho0))
    rho02alpha = staticmethod(elementwise(rho02alpha))
