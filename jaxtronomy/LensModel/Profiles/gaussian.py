r"""Gaussian convergence.

.. math::
    \kappa(r) = \frac{A}{2\pi\sigma^2} e^{-v}, \qquad \alpha(r) = \frac{A}{\pi r}\left(1 - e^{-v}\right), \qquad
    \psi(r) = \frac{A}{2\pi}\mathrm{Ein}(v), \qquad v = \frac{r^2}{2\sigma^2}

with the entire exponential integral :math:`\mathrm{Ein}(v) = \int_0^v (1 - e^{-t})\,dt/t` (DLMF 6.2.3), which
lenstronomy integrates numerically.
"""

import math

import jax.numpy as jnp
from jax.scipy.special import erf

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import safe_hypot
from jaxtronomy.core.special.incomplete_gamma import ein
from jaxtronomy.core.special.ratios import decay_ratio

from .base_profile import CENTRE, LensProfileBase, Parameter
from .gaussian_potential import AMP

__all__ = ["Gaussian"]

SIGMA = Parameter("sigma", 0, 100, unit="arcsec")


def _potential(square, amp, sigma):
    """Lensing potential [arcsec^2], of the squared radius."""
    return amp / (2 * math.pi) * ein(square / (2 * sigma**2))


def _mean_convergence(square, amp, sigma):
    """Mean convergence, of the squared radius."""
    return amp / (2 * math.pi * sigma**2) * decay_ratio(square / (2 * sigma**2))


def _convergence(square, amp, sigma):
    """Convergence, of the squared radius."""
    return amp / (2 * math.pi * sigma**2) * jnp.exp(-square / (2 * sigma**2))


def mean_convergence(r, amp, sigma):
    """Mean convergence inside the projected radius r [arcsec]."""
    return _mean_convergence(r * r, amp, sigma)


def convergence(r, amp, sigma):
    """Convergence at the projected radius r [arcsec]."""
    return _convergence(r * r, amp, sigma)


def _amplitude_2d(amp, sigma):
    """Amplitude of the projection of a 3d density of this amplitude."""
    return amp * math.sqrt(2 * math.pi) * sigma


def _amplitude_3d(amp, sigma):
    """Amplitude of the 3d density whose projection has this amplitude."""
    return amp / (math.sqrt(2 * math.pi) * sigma)


def density(r, amp, sigma):
    """3d density at radius r [arcsec] of the 3d amplitude amp."""
    return convergence(r, amp, sigma)


def density_2d(x, y, amp, sigma, center_x=0, center_y=0):
    """Projected density of the 3d amplitude amp at a position [arcsec]."""
    return convergence(safe_hypot(x - center_x, y - center_y), _amplitude_2d(amp, sigma), sigma)


def mass_2d(R, amp, sigma):
    """Mass inside the projected radius R [arcsec] of the 3d amplitude amp."""
    return mass_2d_lens(R, _amplitude_2d(amp, sigma), sigma)


def mass_2d_lens(R, amp, sigma):
    """Mass inside the projected radius R [arcsec]."""
    return math.pi * R**2 * mean_convergence(R, amp, sigma)


def mass_3d(R, amp, sigma):
    """Mass inside the sphere of radius R [arcsec] of the 3d amplitude amp."""
    c = R / (math.sqrt(2) * sigma)
    inside = -R * jnp.exp(-c * c) + erf(c) * math.sqrt(math.pi / 2) * sigma
    return 2 * amp * inside


def density_lens(r, amp, sigma):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, _amplitude_3d(amp, sigma), sigma)


def mass_3d_lens(R, amp, sigma):
    """Mass inside the sphere of radius R [arcsec]."""
    return mass_3d(R, _amplitude_3d(amp, sigma), sigma)


def alpha_abs(R, amp, sigma):
    """Deflection [arcsec] at radius R [arcsec]."""
    return R * mean_convergence(R, amp, sigma)


def d_alpha_dr(R, amp, sigma_x, sigma_y):
    """Slope of the deflection at radius R [arcsec], with sigma^2 = sigma_x sigma_y."""
    sigma = jnp.sqrt(sigma_x * sigma_y)
    return 2 * convergence(R, amp, sigma) - mean_convergence(R, amp, sigma)


ROUND = Round(_potential, _mean_convergence, _convergence, squared=True)


class Gaussian(LensProfileBase):
    __doc__ = __doc__

    parameters = (AMP, SIGMA, *CENTRE)
    kernel = centred(ROUND.kernel())
    _amp2d_to_3d = staticmethod(
        elementwise(lambda amp, sigma_x, sigma_y: _amplitude_3d(amp, jnp.sqrt(sigma_x * sigma_y)))
    )
    _amp3d_to_2d = staticmethod(
        elementwise(lambda amp, sigma_x, sigma_y: _amplitude_2d(amp, jnp.sqrt(sigma_x * sigma_y)))
    )
    density = method(density)
    density_lens = method(density_lens)
    density_2d = method(density_2d)
    mass_2d = method(mass_2d)
    mass_2d_lens = method(mass_2d_lens)
    alpha_abs = method(alpha_abs)
    d_alpha_dr = method(d_alpha_dr)
    mass_3d = method(mass_3d)
    mass_3d_lens = method(mass_3d_lens)
