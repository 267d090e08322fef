r"""Softened power law with elliptical density (Barkana 1998, ApJ 502, 531), by direct integration.

.. math::
    \kappa = \frac{3-\gamma}{2} \left(\frac{\theta_E^2}{\rho^2 + q^2 s^2}\right)^{(\gamma-1)/2}, \qquad
    \rho^2 = q x'^2 + y'^2/q

(the core as lenstronomy hands it to fastell).  With the complex ellipticity e, :math:`w = z - e z^*`,
:math:`m = e w^*/w` and :math:`M = 4m/(1+m)^2` the deflection is (Bourassa & Kantowski 1975, ApJ 195, 13)

.. math::
    \alpha^* = \frac{w^*}{1+m} \int_0^1 \frac{\kappa(\tau\rho^2)\, d\tau}{\sqrt{1 - M\tau}}

and the potential an integral over confocal ellipses.  Both are smooth in the logarithm of :math:`\tau\rho^2 + q^2 s^2`,
where Gauss-Legendre nodes give nine digits whatever the core is.
"""

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import (
    bounded_ellipticity,
    centred,
    elliptical_radius_squared,
    ellipticity_to_phi_q,
    rotate,
    squeezed,
)
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import exp, expm1, log1p, power, safe_hypot
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.special import gauss_legendre, integrate
from jaxtronomy.core.special.pairs import times

from .base_profile import CENTRE, ELLIPTICITY, THETA_E, LensProfileBase

__all__ = ["SPEMD"]

DEFLECTION_RULE, POTENTIAL_RULE = gauss_legendre(80), gauss_legendre(128)
SMALLEST_CORE = 1e-36  # [arcsec^2]
REACH = 1e-16  # share of the squared radius below which the integral of the deflection is that of a pure power law


def shape(x, y, theta_E, gamma, e1, e2, s_scale):
    """Normalisation of kappa = K (rho^2 + core)^(p - 1), p, core, bounded ellipticity and its modulus."""
    p = (3 - gamma) / 2
    there = (p > 0.001) & (p < 0.999) & (theta_E > 0)  # elsewhere lenstronomy gives zero
    p = jnp.where(there, p, 0.5)
    e1, e2 = bounded_ellipticity(e1, e2)
    size = safe_hypot(e1, e2)
    q = (1 - size) / (1 + size)
    core = (q * s_scale) ** 2
    strength = jnp.where(there, p * power(theta_E**2, 1 - p), 0.0)
    return strength, p, core, e1, e2, size


def deflection(x, y, theta_E, gamma, e1, e2, s_scale):
    """Integral of the module's docstring, from the centre outwards in the logarithm of rho^2 + core."""
    strength, p, core, e1, e2, _ = shape(x, y, theta_E, gamma, e1, e2, s_scale)
    wx, wy = squeezed(x, y, e1, e2)
    w_square = jnp.maximum(wx * wx + wy * wy, SMALLEST_CORE)
    square = w_square / (1 - e1 * e1 - e2 * e2)
    cosine, sine = (wx * wx - wy * wy) / w_square, -2 * wx * wy / w_square  # of w*/w
    mx, my = e1 * cosine - e2 * sine, e1 * sine + e2 * cosine
    # 1 / (1 + m), and M = 4 m / (1 + m)^2
    size = (1 + mx) ** 2 + my * my
    ix, iy = (1 + mx) / size, -my / size
    jx, jy = ix * ix - iy * iy, 2 * ix * iy
    Mx, My = 4 * (mx * jx - my * jy), 4 * (mx * jy + my * jx)

    start = jnp.maximum(jnp.maximum(core, SMALLEST_CORE), REACH * (square + core))
    ratio = (square + (core - start)) / start
    span = log1p(ratio)

    def node(t):
        rise = expm1(span * t)
        tau = (start * rise + (start - core)) / square
        a, b = 1 - Mx * tau, -My * tau
        length = jnp.sqrt(a * a + b * b)
        real = jnp.sqrt((length + a) / 2)
        weight = exp(p * span * t) / length
        return weight * real, -weight * b / (2 * real)

    real, imag = integrate(node, DEFLECTION_RULE, x.dtype, 2)
    scale = strength * power(start, p) * span / square
    inner = strength * (power(start, p) - power(core, p)) / (p * square)
    real, imag = scale * real + inner, scale * imag
    # alpha* = w* / (1 + m) (real + i imag)
    ax, ay = times((ix, iy), (real, imag))
    return wx * ax + wy * ay, wy * ax - wx * ay


def hessian(x, y, theta_E, gamma, e1, e2, s_scale):
    """The slope of the deflection along x, by forward mode; that along y from the convergence."""
    strength, p, core, e1, e2, _ = shape(x, y, theta_E, gamma, e1, e2, s_scale)
    square = jnp.maximum(elliptical_radius_squared(x, y, e1, e2) + core, SMALLEST_CORE)
    kappa = strength * power(square, p - 1)
    f_xx, f_xy = along_x(lambda u: deflection(u, y, theta_E, gamma, e1, e2, s_scale), x)
    return f_xx, f_xy, f_xy, 2 * kappa - f_xx


def along_x(f, x):
    """Derivative of an elementwise ``f(x)``, by forward mode."""
    return jax.jvp(f, (x,), (jnp.ones_like(x),))[1]


def potential(x, y, theta_E, gamma, e1, e2, s_scale):
    """Integral over confocal ellipses (Keeton 2001, astro-ph/0102341, equation 17), zero at the centre.

    Without a core it starts at rho^2 = 1e-36 arcsec^2, with the closed form of a round power law up to there.
    """
    strength, p, core, e1, e2, size = shape(x, y, theta_E, gamma, e1, e2, s_scale)
    cusp = jnp.where(core < SMALLEST_CORE, 1.0, 0.0)
    core = jnp.maximum(core, SMALLEST_CORE)
    q = (1 - size) / (1 + size)
    k, q_k = 1 - q * q, 4 / (1 + size) ** 2
    r_square = jnp.maximum(x * x + y * y, SMALLEST_CORE)
    cross = q_k * (e1 * (x * x - y * y) + 2 * e2 * x * y)  # k r^2 cos 2 (phi - phi_G)
    square = q * (r_square * (2 - k) - cross) / (2 * (1 - k))
    span = log1p(square / core - cusp)

    def node(t):
        rise = expm1(span * t) + cusp
        u = rise * (core / square)
        rest = 1 - k * u
        grow = log1p(u * q * (r_square * (2 - k * u) - cross * u) / (2 * rest) / core - cusp)
        return (expm1(p * grow) + cusp) * (rise + (1 - cusp)) / (rise * jnp.sqrt(rest))

    below = cusp * power(q * r_square / square, p) / p
    return strength / (2 * p) * power(core, p) * (span * integrate(node, POTENTIAL_RULE, x.dtype) + below)


def param_transform(x, y, theta_E, gamma, e1, e2, s_scale, center_x=0, center_y=0):
    """Position along the axes, the parameters that fastell takes, axis ratio and position angle [rad]."""
    phi, q = ellipticity_to_phi_q(e1, e2)
    return *rotate(x - center_x, y - center_y, phi), *convert_params(theta_E, gamma, q, s_scale), q, phi


def convert_params(theta_E, gamma, q, s_scale):
    """Factor, half the projected slope, and squared core of fastell."""
    slope = (gamma - 1) / 2
    return (3 - gamma) / 2 * power(theta_E**2 / q, slope), slope, s_scale**2 * q


def is_not_empty(x1, x2):
    """Whether there are positions."""
    return np.size(x1) > 0 and np.size(x2) > 0


spemd = Kernel(potential, deflection, hessian)


class SPEMD(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        THETA_E,
        Parameter("gamma", 0, 100),
        *ELLIPTICITY,
        Parameter("s_scale", 0, 100, unit="arcsec"),
        *CENTRE,
    )
    kernel = centred(spemd)
    param_transform = method(param_transform)
    convert_params = staticmethod(elementwise(convert_params))
    is_not_empty = staticmethod(is_not_empty)

    def __init__(self, suppress_fastell=False):
        """
        :param suppress_fastell: accepted for compatibility; fastell is not needed
        """
        super().__init__(suppress_fastell=suppress_fastell)
