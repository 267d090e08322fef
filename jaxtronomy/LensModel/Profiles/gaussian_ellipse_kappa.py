r"""Gaussian convergence with elliptical contours.

.. math::
    \kappa = \frac{A}{2\pi\sigma^2}\exp\left(-\frac{\rho^2}{2\sigma^2}\right), \qquad \rho^2 = q x'^2 + y'^2/q

The deflection of any elliptical convergence is an integral over similar ellipses (Schramm 1990, A&A 231, 19; Keeton
2001, https://arxiv.org/abs/astro-ph/0102341). In the complex ellipticity e, and with the parameter of the ellipses
chosen so that nothing is singular at the centre or where it is round,

.. math::
    \alpha = \int_0^1 \kappa(\rho_t)\, g_t\, dt, \qquad
    g_t = (1-|e|^2)\,\frac{(1+|e|^2t^2)\,z - 2t\,e\,\bar z}{(1-|e|^2t^2)^2}, \qquad
    \rho_t^2 = t\,\frac{(1-|e|^2)\,|z - t e\bar z|^2}{(1-|e|^2t^2)^2}.

With a Gaussian the integrand is analytic, and Gauss-Legendre quadrature over the part that matters is exact to
rounding; it equals the error functions of Shajib 2019 (https://arxiv.org/abs/1906.08263), which are 0/0 where it is
round.
"""

import math

import jax
import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import bounded_ellipticity, centred, elliptical_radius_squared
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import log, spread
from jaxtronomy.core.special.error_functions import faddeeva
from jaxtronomy.core.special.quadrature import gauss_legendre, integrate
from jaxtronomy.core.special.ratios import decay_ratio

from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase
from .gaussian import AMP, SIGMA

__all__ = ["GaussianEllipseKappa"]

_RULE = gauss_legendre(36)
_EXPONENT, _STEPS = 42.0, 4  # beyond this exponent a Gaussian is nothing


def frame(x, y, e1, e2):
    """r^2, twice the real part of conj(e) z^2, and |e|^2: what rho_t depends on."""
    return x * x + y * y, 2 * (e1 * (x * x - y * y) + 2 * e2 * x * y), *spread(x, e1 * e1 + e2 * e2)


def squared_radius(radius, cross, size, t):
    """rho_t^2 / t, and the two numbers of which g_t is made."""
    norm = 1 / (1 - size * t * t)
    norm = (1 - size) * norm * norm
    along, across = norm * (1 + size * t * t), norm * t
    return along * radius - across * cross, along, across


def _reach(radius, cross, size, scale):
    """Where along t the Gaussian has fallen to nothing, or 1: a few steps of Newton's method, from the near side."""

    def exponent(t):
        return t * squared_radius(radius, cross, size, t)[0] * scale

    t = jnp.minimum(1, _EXPONENT / jnp.maximum(radius * scale * (1 - size), 1.0))
    for _ in range(_STEPS):
        value, slope = jax.jvp(exponent, (t,), (jnp.ones_like(t),))
        t = jnp.clip(t + (_EXPONENT - value) / jnp.maximum(slope, 1.0), 0, 1)
    return jax.lax.stop_gradient(t)


def _integral(through, amp, sigma, integrand):
    """Integral over t of ``integrand(t, v_t / t, along, across)`` times kappa_0, and how far it went."""
    scale = 1 / (2 * sigma * sigma)
    reach = _reach(*through, scale)

    def at(node):
        t = reach * node
        square, along, across = squared_radius(*through, t)
        return integrand(t, square * scale, along, across)

    peak = amp / (2 * math.pi * sigma * sigma)
    total = integrate(at, _RULE, through[0].dtype)
    return jax.tree.map(lambda total: peak * reach * total, total), peak, reach


def potential(x, y, amp, sigma, e1, e2):
    """Lensing potential [arcsec^2], half the integral of (1 - exp(-v_t)) / t: beyond the reach, of 1/t."""
    through = frame(x, y, *bounded_ellipticity(e1, e2))
    near, peak, reach = _integral(through, amp, sigma, lambda t, v, *_: v * decay_ratio(t * v))
    return sigma * sigma * (near - peak * log(reach))


def weights(radius, cross, size, amp, sigma):
    """What multiplies z and -2 e conj(z) in the deflection: all that depends on the Gaussian."""

    def integrand(t, v, along, across):
        value = jnp.exp(-t * v)
        return value * along, value * across

    return _integral((radius, cross, size), amp, sigma, integrand)[0]


def deflected(x, y, e1, e2, weights):
    """Deflection angles [arcsec] of weights that are a function of r^2, 2 Re(conj(e) z^2) and |e|^2."""
    along, across = weights(*frame(x, y, e1, e2))
    across = 2 * across
    return along * x - across * (e1 * x + e2 * y), along * y - across * (e2 * x - e1 * y)


def deflection(x, y, amp, sigma, e1, e2):
    """Deflection angles [arcsec]."""
    return deflected(x, y, *bounded_ellipticity(e1, e2), lambda *through: weights(*through, amp, sigma))


def hessian(x, y, amp, sigma, e1, e2):
    """Second derivatives of the potential."""
    e1, e2 = bounded_ellipticity(e1, e2)

    def integrand(t, v, along, across):
        value, bend = jnp.exp(-t * v), t / (sigma * sigma)
        cos, sin = 2 * across * e1, 2 * across * e2
        gxx, gxy, gyy = along - cos, -sin, along + cos
        gx, gy = gxx * x + gxy * y, gxy * x + gyy * y
        return value * (gxx - bend * gx * gx), value * (gxy - bend * gx * gy), value * (gyy - bend * gy * gy)

    f_xx, f_xy, f_yy = _integral(frame(x, y, e1, e2), amp, sigma, integrand)[0]
    return f_xx, f_xy, f_xy, f_yy


def density_2d(x, y, amp, sigma, e1, e2, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    square = elliptical_radius_squared(x - center_x, y - center_y, e1, e2)
    return amp / (2 * math.pi * sigma**2) * jnp.exp(-square / (2 * sigma**2))


def sigma_function(x, y, q):
    """Real and imaginary part of the function of Shajib 2019, equation 4.12, of which the deflection is made."""
    sign = jnp.where(y < 0, -1.0, 1.0)
    y = y * sign
    real, imag = faddeeva(x, y)
    real_q, imag_q = faddeeva(q * x, y / q)
    decay = jnp.exp(-x * x * (1 - q * q) - y * y * (1 / q / q - 1))
    return imag - decay * imag_q, (decay * real_q - real) * sign


_faddeeva = elementwise(faddeeva)


def w_f_approx(z):
    """Faddeeva function of a complex number or array; exact, where lenstronomy has an approximation to 4e-5."""
    real, imag = _faddeeva(z.real, z.imag)
    return real + 1j * imag


def sgn(z):
    """1, for compatibility: a sign in the formulas of Shajib 2019 that cancels."""
    return 1.0


KERNEL = Kernel(potential, deflection, hessian)


class GaussianEllipseKappa(LensProfileBase):
    __doc__ = __doc__

    parameters = (AMP, SIGMA, *ELLIPTICITY, *CENTRE)
    kernel = centred(KERNEL)

    def __init__(self, use_scipy_wofz=True, min_ellipticity=1e-05):
        """
        :param use_scipy_wofz: accepted for compatibility: the profile is exact
        :param min_ellipticity: accepted for compatibility: the profile is smooth where it is round
        """
        super().__init__(use_scipy_wofz=use_scipy_wofz, min_ellipticity=min_ellipticity)

    density_2d = method(density_2d)
    sigma_function = method(sigma_function)
    sgn = staticmethod(sgn)
    w_f_approx = staticmethod(w_f_approx)
