r"""The Sersic law, shared by light and mass profiles.

.. math::
    I(R) = I_e \exp\left(-b_n \left[(R/R_e)^{1/n} - 1\right]\right), \qquad b_n = 1.9992\,n - 0.3271

Inside the ``smoothing`` radius the profile is constant.
"""

import math

import jax.numpy as jnp
from jax.scipy.special import gamma, gammainc

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import ellipticity_to_phi_q
from jaxtronomy.core.numerics import exp, gathered, log, power, safe_hypot, safe_sqrt, spread
from jaxtronomy.core.profile import Profile

__all__ = ["SersicUtil"]


def b_n(n):
    """The exponent b_n that makes R_e enclose half of the light, approximately (Capaccioli 1989), and positive."""
    return jnp.maximum(1.9992 * n - 0.3271, 0.00001)


def k_bn(n, Re):
    """``k, b_n`` with ``I = I_0 exp(-k R^(1/n))`` for the half-light radius Re."""
    b = b_n(n)
    return b * power(Re, -1.0 / n), b


def k_Re(n, k):
    """Half-light radius of ``I = I_0 exp(-k R^(1/n))``."""
    return power(b_n(n) / k, n)


def sersic(r2, R_sersic, n_sersic, max_R_frac, smoothing):
    """The law for unit amplitude at R_sersic, of the squared radius r2; zero beyond ``max_R_frac * R_sersic``."""
    least = float(jnp.finfo(jnp.result_type(r2, jnp.float32)).tiny)
    size = gathered(log(jnp.maximum(r2, jnp.maximum(smoothing**2, least))))
    scale, exponent, b = spread(r2, -2 * log(jnp.maximum(R_sersic, smoothing)), 0.5 / n_sersic, b_n(n_sersic))
    scaled = exp(exponent * (size + scale))
    value = exp(gathered(b * (1 - scaled)))
    # of what is at hand: with the radius, its computation would be repeated in a loop of its own
    return jnp.where(scaled > power(max_R_frac, 1 / n_sersic), 0.0, value)


def flux(r_eff, I_eff, n_sersic):
    """Flux to infinity of a round profile with half-light radius r_eff and surface brightness I_eff there."""
    b = b_n(n_sersic)
    return I_eff * r_eff**2 * 2 * math.pi * n_sersic * exp(b) * power(b, -2 * n_sersic) * gamma(2 * n_sersic)


def axis_ratio(e1, e2):
    """Axis ratio of an ellipticity."""
    return ellipticity_to_phi_q(e1, e2)[1]


def squared_distance(x, y, e1, e2, major_axis=False):
    """Squared elliptical radius: averaged over the axes, or (``major_axis``) along the major axis."""
    square = e1**2 + e2**2  # as a form of three numbers, of which each has one sum for its derivative
    scale = 1 / jnp.maximum(jnp.abs(1 - square), 1e-6)
    xx, yy, xy = spread(x, (1 + square - 2 * e1) * scale, (1 + square + 2 * e1) * scale, -4 * e2 * scale)
    average = (xx * x + xy * y) * x + yy * y * y
    return average / axis_ratio(e1, e2) if major_axis else average


def alpha(r, n_sersic, r_eff, k_eff, smoothing):
    """Minus the deflection at radius r [arcsec] of the round profile with convergence k_eff at r_eff."""
    x = power(jnp.maximum(r, smoothing) / r_eff, 1.0 / n_sersic)
    b = b_n(n_sersic)
    scale = -n_sersic * r_eff * k_eff * power(b, -2 * n_sersic) * exp(b) * gamma(2 * n_sersic)
    return 2 * scale * power(x, -n_sersic) * gammainc(2 * n_sersic, b * x)


def alpha_slope(r, n_sersic, r_eff, k_eff, smoothing):
    """Derivative of :func:`alpha` with radius, from d(r alpha)/dr = 2 r kappa."""
    inside = r < smoothing
    r = jnp.maximum(r, smoothing)
    kappa = k_eff * sersic(r * r, r_eff, n_sersic, jnp.inf, smoothing)
    return jnp.where(inside, 0.0, -2 * kappa - alpha(r, n_sersic, r_eff, k_eff, smoothing) / r)


def _alpha_at(x, y, n_sersic, r_eff, k_eff, center_x, center_y, smoothing):
    return alpha(safe_hypot(x - center_x, y - center_y), n_sersic, r_eff, k_eff, smoothing)


def _alpha_slope_at(x, y, n_sersic, r_eff, k_eff, center_x, center_y, smoothing):
    return alpha_slope(safe_hypot(x - center_x, y - center_y), n_sersic, r_eff, k_eff, smoothing)


def _distance(x, y, e1, e2, center_x, center_y, major_axis):
    return safe_sqrt(squared_distance(x - center_x, y - center_y, e1, e2, major_axis))


def _total_flux(amp, R_sersic, n_sersic, e1, e2, major_axis):
    """Flux, with a half-light radius along the major axis converted to the averaged one."""
    return flux(R_sersic * jnp.sqrt(axis_ratio(e1, e2)) if major_axis else R_sersic, amp, n_sersic)


_alpha_at, _alpha_slope_at = elementwise(_alpha_at), elementwise(_alpha_slope_at)
_distance = elementwise(_distance, static=("major_axis",))
_total_flux = elementwise(_total_flux, static=("major_axis",))


class SersicUtil(Profile):
    """What the Sersic profiles of light and of mass have in common."""

    def __init__(self, smoothing=0.0001, sersic_major_axis=False):
        """
        :param smoothing: radius [arcsec] inside which the profile is constant
        :param sersic_major_axis: True if half-light radii are meant along the major axis (the convention of galfit),
            False for the geometric mean of the semi-axes
        """
        self._smoothing, self._sersic_major_axis = smoothing, bool(sersic_major_axis)
        super().__init__(smoothing=smoothing, sersic_major_axis=self._sersic_major_axis)

    b_n = staticmethod(elementwise(b_n))
    k_bn = method(k_bn)
    k_Re = method(k_Re)

    def get_distance_from_center(self, x, y, e1, e2, center_x, center_y):
        """Elliptical radius, in the convention of the profile.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param e1: ellipticity component
        :param e2: ellipticity component
        :param center_x: centre [arcsec]
        :param center_y: centre [arcsec]
        :return: radius [arcsec]
        """
        return _distance(x, y, e1, e2, center_x, center_y, self._sersic_major_axis)

    def alpha_abs(self, x, y, n_sersic, r_eff, k_eff, center_x=0, center_y=0):
        """Minus the deflection angle of the round profile, Cardone (2004).

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param n_sersic: Sersic index
        :param r_eff: half-light radius [arcsec]
        :param k_eff: convergence at the half-light radius
        :param center_x: centre [arcsec]
        :param center_y: centre [arcsec]
        :return: minus the deflection [arcsec]
        """
        return _alpha_at(x, y, n_sersic, r_eff, k_eff, center_x, center_y, self._smoothing)

    def d_alpha_dr(self, x, y, n_sersic, r_eff, k_eff, center_x=0, center_y=0):
        """Derivative of :meth:`alpha_abs` with radius, exact (lenstronomy differentiates numerically).

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param n_sersic: Sersic index
        :param r_eff: half-light radius [arcsec]
        :param k_eff: convergence at the half-light radius
        :param center_x: centre [arcsec]
        :param center_y: centre [arcsec]
        :return: derivative of minus the deflection
        """
        return _alpha_slope_at(x, y, n_sersic, r_eff, k_eff, center_x, center_y, self._smoothing)

    def density(self, x, y, n_sersic, r_eff, k_eff, center_x=0, center_y=0):
        """The deprojected profile has no closed form.

        :raises ValueError: always
        """
        raise ValueError("the deprojected Sersic profile has no closed form; expand the profile in Gaussians instead.")

    def total_flux(self, amp, R_sersic, n_sersic, e1=0, e2=0, **kwargs):
        """Flux to infinity.

        :param amp: surface brightness at R_sersic
        :param R_sersic: half-light radius [arcsec]
        :param n_sersic: Sersic index
        :param e1: ellipticity component
        :param e2: ellipticity component
        :param kwargs: further parameters play no part
        :return: flux
        """
        return _total_flux(amp, R_sersic, n_sersic, e1, e2, self._sersic_major_axis)
