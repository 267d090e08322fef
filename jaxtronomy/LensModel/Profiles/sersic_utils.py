r"""The Sersic law, shared by light and mass profiles.

.. math::
    I(R) = I_e \exp\left(-b_n \left[(R/R_e)^{1/n} - 1\right]\right), \qquad b_n = 1.9992\,n - 0.3271

Inside the ``smoothing`` radius the profile is constant.
"""

import math
from functools import partial

import jax
import jax.numpy as jnp
from jax import lax
from jax.scipy.special import gamma, gammainc

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import ellipticity_to_phi_q
from jaxtronomy.core.numerics import (
    combined,
    exp,
    kept,
    linear,
    log,
    power,
    safe_hypot,
    safe_sqrt,
    spread,
    varying,
)
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
    scale, exponent, b, edge, least = _numbers(r2, R_sersic, n_sersic, max_R_frac, smoothing)
    scale, exponent, b = spread(r2, scale, exponent, b)
    return _brightness(_radii(r2, scale, exponent, least)[1], b, edge)


def elliptical_sersic(x, y, center, form, R_sersic, n_sersic, max_R_frac, smoothing):
    """That law of the squared radius ``xx x^2 + yy y^2 + xy x y`` around the center, with ``form = xx, yy, xy``.

    No derivatives by the radii at which it is cut, and inside which it is constant.
    """
    scale, exponent, b, edge, least = _numbers(x, R_sersic, n_sersic, max_R_frac, smoothing)
    return _elliptical(x, y, *center, *form, scale, exponent, b, lax.stop_gradient(edge), lax.stop_gradient(least))


def _numbers(x, R_sersic, n_sersic, max_R_frac, smoothing):
    """Scale and exponent of the radius, b_n, and the bounds of the scaled and of the squared radius."""
    least = jnp.maximum(smoothing**2, float(jnp.finfo(jnp.result_type(x, jnp.float32)).tiny))
    scale = -2 * log(jnp.maximum(R_sersic, smoothing))
    return scale, 0.5 / n_sersic, b_n(n_sersic), power(max_R_frac, 1 / n_sersic), least


def _radii(r2, scale, exponent, least):
    """Twice the logarithm of R / R_e, and (R / R_e)^(1/n)."""
    size = log(jnp.maximum(r2, least)) + scale
    return size, exp(exponent * size)


def _brightness(scaled, b, edge):
    """The law of the scaled radius: with that itself, its computation would be repeated in a loop of its own."""
    return jnp.where(scaled > edge, 0.0, exp(b * (1 - scaled)))


def _squared(u, v, xx, yy, xy):
    """The quadratic form."""
    return (xx * u + xy * v) * u + yy * v * v


@jax.custom_jvp
def _elliptical(x, y, center_x, center_y, xx, yy, xy, scale, exponent, b, edge, least):
    """The law around a centre."""
    r2 = _squared(x - center_x, y - center_y, xx, yy, xy)
    return _brightness(_radii(r2, scale, exponent, least)[1], b, edge)


@partial(_elliptical.defjvp, symbolic_zeros=True)
def _elliptical_jvp(primals, tangents):
    """Of the logarithm: each number has one array that its derivative is the sum of."""
    x, y, center_x, center_y, xx, yy, xy, scale, exponent, b, edge, least = primals
    dx, dy, dcenter_x, dcenter_y, dxx, dyy, dxy, dscale, dexponent, db, _, _ = varying(tangents)
    u, v = kept(x - center_x), kept(y - center_y)
    r2 = _squared(u, v, xx, yy, xy)
    size, scaled = _radii(r2, scale, exponent, least)
    rate = -exponent * b
    slope = kept(jnp.where(r2 > least, rate * scaled / jnp.maximum(r2, least), 0.0))
    x, y = slope * u, slope * v
    moved = linear((-2 * xx, dcenter_x), (-xy, dcenter_y)), linear((-2 * yy, dcenter_y), (-xy, dcenter_x))
    stretched = linear((-b, dexponent)), linear((rate, dscale))
    fields = x * u, y * v, x * v, x, y, 1 - scaled, scaled * size, scaled
    (change,) = combined(fields, (dxx, dyy, dxy, *moved, db, *stretched))
    value = _brightness(scaled, b, edge)
    return value, value * linear((1.0, change), (2 * xx * x + xy * y, dx), (2 * yy * y + xy * x, dy))


def flux(r_eff, I_eff, n_sersic):
    """Flux to infinity of a round profile with half-light radius r_eff and surface brightness I_eff there."""
    b = b_n(n_sersic)
    return I_eff * r_eff**2 * 2 * math.pi * n_sersic * exp(b) * power(b, -2 * n_sersic) * gamma(2 * n_sersic)


def axis_ratio(e1, e2):
    """Axis ratio of an ellipticity."""
    return ellipticity_to_phi_q(e1, e2)[1]


def quadratic_form(e1, e2, major_axis=False):
    """``xx, yy, xy`` of the squared elliptical radius: averaged over the axes, or along the major axis."""
    square = e1**2 + e2**2
    scale = 1 / jnp.maximum(jnp.abs(1 - square), 1e-6)
    if major_axis:
        scale = scale / axis_ratio(e1, e2)
    return (1 + square - 2 * e1) * scale, (1 + square + 2 * e1) * scale, -4 * e2 * scale


def squared_distance(x, y, e1, e2, major_axis=False):
    """Squared elliptical radius: averaged over the axes, or (``major_axis``) along the major axis."""
    return _squared(x, y, *spread(x, *quadratic_form(e1, e2, major_axis)))


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
