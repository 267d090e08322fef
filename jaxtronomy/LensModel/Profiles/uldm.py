r"""Soliton of ultra-light dark matter.

.. math::
    \rho(r) = \rho_0\left(1 + a\,r^2/\theta_c^2\right)^{-\beta}, \qquad
    \kappa(r) = \kappa_0 \left(1 + a\,r^2/\theta_c^2\right)^{1/2-\beta}, \qquad a = 2^{1/\beta} - 1

so that the density halves at :math:`\theta_c`. The slope is 8 for a soliton on its own (Schive et al. 2014,
https://arxiv.org/abs/1406.6586) and another in a background potential (Blum & Teodori 2021,
https://arxiv.org/abs/2105.10873).
"""

import math

import jax.numpy as jnp
from jax.scipy.special import gammaln

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred, reparametrised
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import log1p, safe_hypot
from jaxtronomy.core.special.hypergeometric import hyp2f1_next, hyp3f2_ones
from jaxtronomy.core.special.ratios import decay_ratio, log1p_ratio

from .base_profile import CENTRE, LensProfileBase, Parameter
from .cored_density import SMALLEST

__all__ = ["Uldm"]


def _a(slope):
    """The factor a that makes the density halve at theta_c."""
    return jnp.expm1(math.log(2) / slope)


def _ratio(r, theta_c, slope):
    """a r^2 / theta_c^2."""
    return _a(slope) * (r / jnp.maximum(theta_c, SMALLEST)) ** 2


def potential(r, kappa_0, theta_c, slope):
    """Lensing potential [arcsec^2] at radius r [arcsec]."""
    return kappa_0 / 2 * r**2 * hyp3f2_ones(slope - 0.5, _ratio(r, theta_c, slope))


def mean_convergence(r, kappa_0, theta_c, slope=8):
    """Mean convergence inside the projected radius r [arcsec]."""
    v = _ratio(r, theta_c, slope)
    return kappa_0 * decay_ratio((slope - 1.5) * log1p(v)) * log1p_ratio(v)


def kappa_r(R, kappa_0, theta_c, slope=8):
    """Convergence at the projected radius R [arcsec]."""
    return kappa_0 * jnp.exp((0.5 - slope) * log1p(_ratio(R, theta_c, slope)))


def alpha_radial(r, kappa_0, theta_c, slope=8):
    """Deflection [arcsec] at radius r [arcsec]."""
    return r * mean_convergence(r, kappa_0, theta_c, slope)


def rhotilde(kappa_0, theta_c, slope=8):
    """Central 3d density."""
    return kappa_0 / theta_c * jnp.exp(gammaln(1.0 * slope) - gammaln(slope - 0.5)) * jnp.sqrt(_a(slope) / math.pi)


def density(R, kappa_0, theta_c, slope=8):
    """3d density at radius R [arcsec] whose projection is the convergence."""
    return rhotilde(kappa_0, theta_c, slope) * jnp.exp(-slope * log1p(_ratio(R, theta_c, slope)))


def density_lens(r, kappa_0, theta_c, slope=8):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, kappa_0, theta_c, slope)


def density_2d(x, y, kappa_0, theta_c, center_x=0, center_y=0, slope=8):
    """Convergence at a position [arcsec]."""
    return kappa_r(safe_hypot(x - center_x, y - center_y), kappa_0, theta_c, slope)


def mass_3d(R, kappa_0, theta_c, slope=8):
    """Mass inside the sphere of radius R [arcsec]."""
    inside = hyp2f1_next(slope, 1.5, -_ratio(R, theta_c, slope))
    return 4 * math.pi / 3 * rhotilde(kappa_0, theta_c, slope) * R**3 * inside


def mass_3d_lens(r, kappa_0, theta_c, slope=8):
    """Mass inside the sphere of radius r [arcsec]."""
    return mass_3d(r, kappa_0, theta_c, slope)


def mass_2d(R, kappa_0, theta_c, slope=8):
    """Mass inside the projected radius R [arcsec]."""
    return math.pi * R**2 * mean_convergence(R, kappa_0, theta_c, slope)


ROUND = Round(potential, mean_convergence, kappa_r)


class Uldm(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        Parameter("kappa_0", 0, 1),
        Parameter("theta_c", 0, 100, unit="arcsec"),
        *CENTRE,
        Parameter("slope", 3.5, 10, default=8),
    )
    kernel = reparametrised(
        centred(ROUND.kernel()), lambda kappa_0, theta_c, x, y, slope: (kappa_0, theta_c, slope, x, y)
    )
    rhotilde = staticmethod(elementwise(rhotilde))
    alpha_radial = staticmethod(elementwise(alpha_radial))
    kappa_r = staticmethod(elementwise(kappa_r))
    density = method(density)
    density_lens = method(density_lens)
    density_2d = method(density_2d)
    mass_3d = method(mass_3d)
    mass_3d_lens = method(mass_3d_lens)
    mass_2d = method(mass_2d)


# the order in which lenstronomy samples the parameters is not that of its arguments
Uldm.param_names = ["kappa_0", "theta_c", "slope", "center_x", "center_y"]
