r"""Non-singular isothermal ellipsoid (Keeton & Kochanek 1998, astro-ph/9705194).

.. math::
    \kappa = \frac{\theta_E}{2\sqrt{s^2 + \rho^2}}, \qquad \rho^2 = q x'^2 + y'^2/q

In the complex ellipticity :math:`e`, with :math:`w = z - e z^*` and :math:`\sigma = s\sqrt{1-|e|^2}`, their two
inverse functions are the parts of one,

.. math::
    \alpha = \theta_E \sqrt{1-|e|^2}\; \frac{\arctan(\sqrt{e^*}\, W)}{\sqrt{e^*}}, \qquad
    W = \frac{w}{\sqrt{|w|^2 + \sigma^2} + \sigma},

which is even in :math:`\sqrt{e^*}` and therefore smooth where the lens is round.
"""

import math
from functools import partial

import jax
import jax.numpy as jnp
from jax import lax

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import bounded_ellipticity, centred, ellipticity_to_phi_q, reparametrised, squeezed
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import (
    apart,
    arctan2,
    arctan2_right,
    arctanh2,
    combined,
    inverse_root,
    kept,
    linear,
    log,
    rarely,
    safe_divide,
    safe_sqrt,
    spread,
    varying,
)
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.special.pairs import reciprocal, series, times

from .base_profile import CENTRE, ELLIPTICITY, THETA_E, LensProfileBase

__all__ = ["NIE", "NIEMajorAxis"]

NEARLY_ROUND = 0.04  # ellipticity below which the slope in the ellipticity is summed as a series
SERIES = tuple(-math.comb(2 * n, n) / (4 * n + 2) for n in range(1, 24))


@apart
def _real_part(a, b, d):
    """Twice the real part of arctan((a + ib) / d), |a + ib| < d."""
    return arctan2_right(2 * a * d, d * d - (a * a + b * b))


@apart
def _imaginary_part(a, b, d):
    """Twice the imaginary part."""
    return arctanh2(2 * b * d, d * d + (a * a + b * b))


def root_of_square(e1, e2):
    """k with k^2 = e1 - i e2, as a pair, and 1 / (2 |k|^2); near the round lens any small k serves."""
    size = safe_sqrt(e1 * e1 + e2 * e2)
    is_round = size < 1e-15
    size, e1, e2 = jnp.where(is_round, 1e-15, size), jnp.where(is_round, 1e-15, e1), jnp.where(is_round, 0.0, e2)
    large = jnp.sqrt((size + jnp.abs(e1)) / 2)
    small = e2 / (2 * large)
    return jnp.where(e1 >= 0, large, small), -jnp.where(e1 >= 0, small, large), 1 / (2 * size)


@jax.custom_jvp
def arctan_quotient(e1, e2, root, x, y, d):
    """arctan(k W) / k with k^2 = e1 - i e2, of which ``root`` is known, and W = (x + iy) / d, as a pair; |k W| < 1."""
    p, q, half = root
    a, b = p * x - q * y, p * y + q * x
    real, imag = _real_part(a, b, d), _imaginary_part(a, b, d)
    p, q = p * half, q * half
    return p * real + q * imag, p * imag - q * real


def slope_in_w(e1, e2, x, y, d):
    """1 / d, and the derivative of the quotient in w = x + iy, 1 / (d (1 + k^2 W^2)), a pair."""
    g = safe_divide(1.0, d)
    w = x * g, y * g
    u = times((e1, -e2), times(w, w))
    slope = reciprocal((1 + u[0], u[1]))
    return g, (g * slope[0], g * slope[1])


def slope_in_square(e1, e2, ahead):
    """An array a and numbers n, m, as pairs, so that the derivative of the quotient Q in k^2 is n a - m Q.

    It is (f - Q) / (2 k^2) with f = W / (1 + k^2 W^2), which is ``ahead``. As Q = arcsin(2 k f) / (2 k), that is f^3
    times a series in k^2 f^2 near the round lens.
    """
    square = e1 * e1 + e2 * e2
    nearly_round = square < NEARLY_ROUND**2

    def summed(*f):
        square_f = times(f, f)
        return times(times(f, square_f), series(times((e1, -e2), square_f), SERIES))

    a = rarely(nearly_round, summed, lambda *f: f, *ahead)
    half = jnp.where(nearly_round, 0.0, 0.5 / jnp.where(nearly_round, 1.0, square))
    m = e1 * half, e2 * half
    return a, (jnp.where(nearly_round, 1.0, m[0]), m[1]), m


@arctan_quotient.defjvp
def _arctan_quotient_jvp(primals, tangents):
    e1, e2, _, x, y, d = primals
    de1, de2, _, dx, dy, dd = tangents
    value = arctan_quotient(*primals)
    g, slope = slope_in_w(e1, e2, x, y, d)
    ahead = times(slope, (x, y))
    a, n, m = slope_in_square(e1, e2, ahead)
    square = spread(x, *times(n, (de1, -de2)), *times(m, (de1, -de2)))
    along, grown, less, shrunk = times(slope, (dx, dy)), times(a, square[:2]), times(value, square[2:]), g * dd
    return value, tuple(s + t - u - f * shrunk for s, t, u, f in zip(along, grown, less, ahead))


def parts(x, y, e1, e2, sigma):
    """w, the denominator of W, its root, and one over the root."""
    e1, e2, sigma = spread(x, e1, e2, sigma)
    wx, wy = squeezed(x, y, e1, e2)
    square = wx * wx + wy * wy + sigma * sigma
    inverse = inverse_root(square)
    root = square * inverse
    return wx, wy, root + sigma, root, inverse


def flattening(e1, e2):
    """sqrt(1 - |e|^2), which is the ratio of sigma to the core."""
    return jnp.sqrt(1 - e1 * e1 - e2 * e2)


def deflection(x, y, theta_E, e1, e2, s_scale, center_x=0.0, center_y=0.0):
    """The two components of the inverse tangent."""
    e1, e2 = bounded_ellipticity(e1, e2)
    return bounded_deflection(x, y, theta_E, e1, e2, s_scale * flattening(e1, e2), center_x, center_y)


def bounded_deflection(x, y, theta_E, e1, e2, sigma, center_x, center_y):
    """The deflection for a bounded ellipticity."""
    root = lax.stop_gradient(root_of_square(e1, e2))  # derivatives need its square only
    scale = theta_E * flattening(e1, e2)
    return _deflection(x, y, center_x, center_y, scale, *jnp.broadcast_arrays(e1, e2), sigma, root)


@jax.custom_jvp
def _deflection(x, y, center_x, center_y, scale, e1, e2, sigma, root):
    """The inverse tangent times a number."""
    wx, wy, denominator, *_ = parts(x - center_x, y - center_y, e1, e2, sigma)
    alpha_x, alpha_y = arctan_quotient(e1, e2, root, wx, wy, denominator)
    (scale,) = spread(x, scale)
    return scale * alpha_x, scale * alpha_y


@partial(_deflection.defjvp, symbolic_zeros=True)
def _deflection_jvp(primals, tangents):
    """The ellipticity enters through w and k^2, the centre through w."""
    x, y, center_x, center_y, scale, e1, e2, sigma, root = primals
    dx, dy, dcenter_x, dcenter_y, dscale, de1, de2, dsigma = varying(tangents[:-1])
    x, y = jnp.broadcast_arrays(x - center_x, y - center_y)
    wx, wy, denominator, _, inverse = parts(x, y, e1, e2, sigma)
    angle = arctan_quotient(e1, e2, root, wx, wy, denominator)
    g, slope = slope_in_w(e1, e2, wx, wy, denominator)
    slope = [*map(kept, slope)]
    ahead = [*map(kept, times(slope, (wx, wy)))]
    by_core = [kept((g + sigma * g * inverse) * f) for f in ahead]  # but for the sign
    by_square, n, m = slope_in_square(e1, e2, ahead)
    # the change of w, but for positions, and of k^2, all times the scale
    de1, de2, dcenter_x, dcenter_y = (linear((scale, d)) for d in (de1, de2, dcenter_x, dcenter_y))
    less1, less2 = linear((-1.0, de1)), linear((-1.0, de2))
    moved = linear((e1 - 1, dcenter_x), (e2, dcenter_y)), linear((e2, dcenter_x), (-1 - e1, dcenter_y))
    turned = combined((x, y, jnp.ones_like(x)), (less1, less2, moved[0]), (less2, de1, moved[1]))
    dwx = linear((scale * (1 - e1), dx), (-scale * e2, dy), (1.0, turned[0]))
    dwy = linear((scale * (1 + e1), dy), (-scale * e2, dx), (1.0, turned[1]))
    along = _along(wx, wy, g * inverse, slope, ahead, kept(dwx), kept(dwy))
    core = linear((-scale, dsigma))
    real, imag = linear((n[0], de1), (n[1], de2)), linear((n[1], de1), (n[0], less2))
    grown, twisted = linear((1.0, dscale), (m[0], less1), (m[1], less2)), linear((m[1], less1), (m[0], de2))
    change = combined(
        (*angle, *by_core, *by_square),
        (grown, linear((-1.0, twisted)), core, 0.0, real, linear((-1.0, imag))),
        (twisted, grown, 0.0, core, imag, real),
    )
    return (scale * angle[0], scale * angle[1]), (along[0] + change[0], along[1] + change[1])


def _along(wx, wy, ratio, slope, ahead, a, b):
    """Derivative of the inverse tangent where (a, b) is that of w; ``ratio`` is one over its root and denominator."""
    change, shrunk = times(slope, (a, b)), ratio * (wx * a + wy * b)
    return change[0] - shrunk * ahead[0], change[1] - shrunk * ahead[1]


def _in_position(along, e1, e2):
    """Second derivatives of the potential."""
    f_xx, f_xy = along(1 - e1, -e2)
    _, f_yy = along(-e2, 1 + e1)
    return f_xx, f_xy, f_xy, f_yy


def hessian(x, y, theta_E, e1, e2, s_scale):
    """Derivatives of W, times that of the inverse tangent: nothing transcendental is left."""
    e1, e2 = bounded_ellipticity(e1, e2)
    flat = flattening(e1, e2)
    wx, wy, denominator, _, inverse = parts(x, y, e1, e2, s_scale * flat)
    g, slope = slope_in_w(e1, e2, wx, wy, denominator)
    slope = [theta_E * flat * f for f in slope]
    return _in_position(partial(_along, wx, wy, g * inverse, slope, times(slope, (wx, wy))), e1, e2)


def potential(x, y, theta_E, e1, e2, s_scale):
    """z alpha, less the term of the core (their equation 11)."""
    alpha_x, alpha_y = deflection(x, y, theta_E, e1, e2, s_scale)
    e1, e2 = bounded_ellipticity(e1, e2)
    flat = flattening(e1, e2)
    *_, root, _ = parts(x, y, e1, e2, s_scale * flat)
    core = x * x + y * y + 2 * s_scale / flat * (root + s_scale * (1 + e1 * e1 + e2 * e2) / flat)
    # without a core there is no such term, and no logarithm of zero
    return x * alpha_x + y * alpha_y - theta_E * s_scale / 2 * log(jnp.where(core > 0, core, 1.0))


def from_major_axis(b, s, q):
    """NIE parameters of a deflector along the x-axis."""
    return b / jnp.sqrt(q), (1 - q) / (1 + q), jnp.zeros_like(q), s * jnp.sqrt(q)


def param_conv(theta_E, e1, e2, s_scale):
    """Normalisation b, core s, axis ratio and position angle [rad] of the deflector along its major axis."""
    phi, q = ellipticity_to_phi_q(e1, e2)
    return theta_E * jnp.sqrt(q), s_scale / jnp.sqrt(q), q, phi


def density_lens(r, theta_E, e1, e2, s_scale, center_x=0, center_y=0):
    """3d density at radius r [arcsec] of the spherical deflector."""
    return theta_E / (2 * math.pi) / (r**2 + s_scale**2)


def mass_3d_lens(r, theta_E, e1, e2, s_scale, center_x=0, center_y=0):
    """Mass inside the sphere of radius r [arcsec] of the spherical deflector."""
    return 2 * theta_E * (r - s_scale * arctan2(r, s_scale))


def kappa(x, y, b, s, q):
    """Convergence in the major-axis frame."""
    return b / 2 / jnp.sqrt(q**2 * (s**2 + x**2) + y**2)


nie = Kernel(potential, deflection, hessian)


class NIE(LensProfileBase):
    __doc__ = __doc__

    parameters = (THETA_E(upper=10), *ELLIPTICITY, Parameter("s_scale", 0, 100, unit="arcsec"), *CENTRE)
    kernel = centred(nie, deflection)
    param_conv = method(param_conv)
    density_lens = method(density_lens)
    mass_3d_lens = method(mass_3d_lens)


class NIEMajorAxis(LensProfileBase):
    r"""Non-singular isothermal ellipsoid along the x-axis.

    .. math::
        \kappa = \frac{b}{2} \left(q^2 (s^2 + x^2) + y^2\right)^{-1/2}
    """

    parameters = (
        Parameter("b"),
        Parameter("s"),
        Parameter("q"),
        Parameter("center_x", default=0),
        Parameter("center_y", default=0),
    )
    kernel = centred(reparametrised(nie, from_major_axis))
    kappa = staticmethod(elementwise(kappa))

    def __init__(self, diff=1e-10):
        """
        :param diff: accepted for compatibility (lenstronomy's step of numerical differentiation); the Hessian is exact
        """
        super().__init__(diff=diff)
