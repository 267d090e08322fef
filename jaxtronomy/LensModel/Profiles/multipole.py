r"""Multipoles: perturbations of round and of elliptical contours.

The convergence of a multipole of order m about ellipses of axis ratio q is

.. math::
    \kappa = \frac{a_m}{2\rho} \cos m(\varphi - \phi_m), \qquad \rho\, e^{i\varphi} \propto w = z - e z^*,
    \quad e = \frac{1-q}{1+q},

with :math:`\rho = |w| / \sqrt{1-e^2}` (Paugnat & Gilman 2025, arXiv:2502.03530; for q = 1 Xu et al. 2015,
arXiv:1410.3282).  In w the deflection is an integral over :math:`v = w/w^*` alone,

.. math::
    \alpha = \frac{a_m \sqrt{1-e^2}}{2}\left[
        e^{-im\phi_m} \zeta^{1+m} \sum_n \frac{(-ev)^n}{2n+1+m} +
        e^{im\phi_m} \zeta^{1-m} \sum_n \frac{(-ev)^n}{2n+1-m} \right], \qquad \zeta = \frac{w}{|w|},

where for odd m the term :math:`n = (m-1)/2` of the second sum is a logarithm.  These series need no case for
:math:`q \to 1`, where the closed forms of the paper lose all digits.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import arctan, log, log1p, safe_hypot, sincos
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.special.angular import lerch

from .base_profile import CENTRE, LensProfileBase

__all__ = ["EllipticalMultipole", "Multipole"]

R_MIN = 1e-6  # [arcsec] below which logarithm and convergence stay the same
LN_2 = math.log(2)


def direction(x, y):
    """Radius and the unit vector to the point, which at the centre is that of the x-axis."""
    r = safe_hypot(x, y)
    inside = r > 0
    inverse = 1 / jnp.where(inside, r, 1.0)
    return r, jnp.where(inside, x * inverse, 1.0), y * inverse


def times(a, b):
    """Product of two complex numbers as pairs."""
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def to_the(a, n):
    """Integer power of a complex number of modulus one, as a pair."""
    if n < 0:
        a, n = (a[0], -a[1]), -n
    result = None
    while n:
        if n & 1:
            result = a if result is None else times(result, a)
        a, n = times(a, a), n >> 1
    return result or (1.0, 0.0)


# --- about circles


def wave(x, y, m, phi_m):
    """Radius, direction and cos, sin of m (phi - phi_m)."""
    r, c, s = direction(x, y)
    sine, cosine = sincos(m * phi_m)
    return r, c, s, times(to_the((c, s), m), (cosine, -sine))


def round_deflection(x, y, m, a_m, phi_m, r_E):
    """Derivatives of the potential of equation B12 of Xu et al."""
    r, c, s, (even, odd) = wave(x, y, m, phi_m)
    if m == 1:
        sine, cosine = sincos(phi_m)
        logarithm = log(jnp.maximum(r, R_MIN) / r_E)
        return a_m / 2 * (cosine * logarithm + even * c), a_m / 2 * (sine * logarithm + even * s)
    amplitude = a_m / (1 - m**2)
    return amplitude * (c * even + m * s * odd), amplitude * (s * even - m * c * odd)


def round_potential(x, y, m, a_m, phi_m, r_E):
    """Equation B12 of Xu et al.; of degree one in the radius, up to the logarithm of a dipole."""
    r, _, _, (even, _) = wave(x, y, m, phi_m)
    if m == 1:
        r = jnp.maximum(r, R_MIN)
        return a_m / 2 * r * log(r / r_E) * even
    return a_m / (1 - m**2) * r * even


def round_hessian(x, y, m, a_m, phi_m, r_E):
    """The convergence, all of it tangential, and the shear of the logarithm of a dipole."""
    r, c, s, (even, _) = wave(x, y, m, phi_m)
    scale = a_m / jnp.maximum(r, R_MIN)
    if m == 1:
        sine, cosine = sincos(phi_m)
        f_xx = scale / 2 * (2 * cosine * c - even * (c * c - s * s))
        f_yy = scale / 2 * (2 * sine * s + even * (c * c - s * s))
        f_xy = scale / 2 * (s * cosine + c * sine - 2 * even * c * s)
    else:
        f_xx, f_xy, f_yy = scale * even * s * s, -scale * even * c * s, scale * even * c * c
    return f_xx, f_xy, f_xy, f_yy


# --- about ellipses


def resonance(m, e):
    """Uniform deflection, along the axis of ellipticity e, by which the zero point of the paper's odd m differs."""
    small = jnp.abs(e) < 0.05
    sure = jnp.where(small, 0.5, e)
    series = 1 / 20
    for k in range(19, 1, -1):
        series = series * e + 1 / k
    rest = jnp.where(small, series, -(log1p(-sure) + sure) / sure**2)  # of -log(1 - e) = e + rest e^2
    logarithm = 1 + e * rest  # -log(1 - e) / e
    if m == 1:
        return LN_2 / 4 + (1 - e) / 2 * logarithm - (1 + LN_2 / 4) / (1 + e) + 1
    return 0.5 - rest / 2 + e * e / 2 * logarithm - e * LN_2 / 4 - 1 / (4 * (1 + e)) - e


def check_order(m):
    """Raise for an order that is not defined about ellipses."""
    if m % 2 and m not in (1, 3):
        raise ValueError(
            f"m = {m}: elliptical multipoles of general axis ratio are there for m = 1, m = 3 and even m; "
            "for another odd m use 'MULTIPOLE'."
        )


def elliptical_parts(x, y, m, a_m, phi_m, q, r_E):
    """Deflection, the deflection's part that grows as log r, and the radius and direction of the point."""
    check_order(m)
    e = (1 - q) / (1 + q)
    size = jnp.abs(e)
    r, c, s = direction(x, y)
    wx, wy = (1 - e) * c, (1 + e) * s  # of unit radius
    length = jnp.sqrt(wx * wx + wy * wy)
    zeta = wx / length, wy / length
    square = times(zeta, zeta)
    u = -e * square[0], -e * square[1]
    sine, cosine = sincos(m * phi_m)
    first = times(to_the(zeta, m + 1), lerch((m + 1) / 2.0, *u, size))

    def add(a, b, factor=1.0):
        return a[0] + factor * b[0], a[1] + factor * b[1]

    second, power = (0.0, 0.0), (1.0, 0.0)
    for n in range((m + 1) // 2 if m % 2 == 0 else (m - 1) // 2):
        second, power = add(second, power, 2 / (2 * n + 1 - m)), times(power, u)
    if m % 2:
        power = times(power, u)  # the resonant term is apart
        grow = (-e) ** ((m - 1) // 2)
    second = add(second, times(power, lerch(1.0 if m % 2 else 0.5, *u, size)))
    second = times(to_the(zeta, 1 - m), second)
    scale = a_m * jnp.sqrt(1 - e * e) / 4
    alpha = add(times(first, (cosine, -sine)), times(second, (cosine, sine)))
    growth = (0.0, 0.0)
    if m % 2:
        radial = 2 * log(jnp.maximum(r, R_MIN) / r_E)
        turn = 2 * arctan(e * 2 * c * s / (1 - e * (c * c - s * s)))  # twice the angle from z to w
        alpha = add(alpha, times((radial, turn), (cosine, sine)), grow)
        sign = (-1) ** ((m - 1) // 2)
        offset_x, offset_y = 2 * cosine * resonance(m, e), 2 * sign * sine * resonance(m, -e)
        alpha = alpha[0] + offset_x, alpha[1] + offset_y
        growth = 2 * scale * grow * cosine, 2 * scale * grow * sine
    kappa = a_m * jnp.sqrt(1 - e * e) / (2 * length) * times(to_the(zeta, m), (cosine, -sine))[0]
    return (scale * alpha[0], scale * alpha[1]), growth, (r, c, s), kappa


def elliptical_deflection(x, y, m, a_m, phi_m, q, r_E):
    """The series of the module's docstring."""
    return elliptical_parts(x, y, m, a_m, phi_m, q, r_E)[0]


def elliptical_potential(x, y, m, a_m, phi_m, q, r_E):
    """Of degree one in the radius, up to the logarithm of odd m."""
    alpha, growth, (r, c, s), _ = elliptical_parts(x, y, m, a_m, phi_m, q, r_E)
    return jnp.maximum(r, R_MIN) * (c * (alpha[0] - growth[0]) + s * (alpha[1] - growth[1]))


def elliptical_hessian(x, y, m, a_m, phi_m, q, r_E):
    """The convergence, all of it tangential, and the shear of the logarithm of odd m."""
    _, (gx, gy), (r, c, s), kappa = elliptical_parts(x, y, m, a_m, phi_m, q, r_E)
    inverse = 1 / jnp.maximum(r, R_MIN)
    gamma1, f_xy = gx * c - gy * s, inverse * (gx * s + gy * c - 2 * kappa * c * s)
    return inverse * (2 * kappa * s * s + gamma1), f_xy, f_xy, inverse * (2 * kappa * c * c - gamma1)


def off_centre(kernel):
    """The kernel about ``center_x, center_y``, which stand before ``r_E``."""

    def moved(f):
        return lambda x, y, *p: f(x - p[-3], y - p[-2], *p[:-3], p[-1])

    return Kernel(moved(kernel.psi), moved(kernel.alpha), moved(kernel.second))


M = Parameter("m", 1, 100, static=True)
A_M = Parameter("a_m", 0, 100)
PHI_M = Parameter("phi_m", -math.pi, math.pi, unit="rad")
R_E = Parameter("r_E", 0, 100, default=1, unit="arcsec")

multipole = Kernel(round_potential, round_deflection, round_hessian)
elliptical_multipole = Kernel(elliptical_potential, elliptical_deflection, elliptical_hessian)


class Multipole(LensProfileBase):
    r"""Multipole of order m about circles.

    .. math::
        \psi = \frac{a_m}{1 - m^2}\, r \cos m(\phi - \phi_m), \qquad
        \psi = \frac{a_1}{2}\, r \ln\frac{r}{r_E} \cos(\phi - \phi_1) \quad (m = 1)

    (Xu et al. 2015, arXiv:1410.3282, equation B12).
    """

    parameters = (M, A_M, PHI_M, *CENTRE, R_E)
    kernel = off_centre(multipole)


class EllipticalMultipole(LensProfileBase):
    __doc__ = __doc__

    parameters = (M, A_M, PHI_M, Parameter("q", 0.001, 1), *CENTRE, R_E)
    kernel = off_centre(elliptical_multipole)
