r"""Broken power law with elliptical density (Du et al. 2020, ApJ 892, 62).

.. math::
    \rho \propto (r/r_c)^{-\alpha_c} \;\; (r < r_c), \qquad (r/r_c)^{-\alpha} \;\; (r > r_c)

The projection is a power law :math:`\kappa_1 = \frac{3-\alpha}{2} (b/\rho)^{\alpha-1}`, plus that of the difference of
both densities inside :math:`r_c`.  The latter is summed over thin ellipsoidal shells, of which each deflects by

.. math::
    \alpha_r^* = \frac{2}{z} \int_{v_0}^{r} \frac{dv}{\sqrt{1 - \zeta^2 (r^2 - v^2)}}, \qquad
    v_0^2 = (r^2 - \rho^2)_+, \quad \zeta^2 = \frac{4 e}{(1-|e|^2)\, z^2},

an inverse hyperbolic tangent.  lenstronomy sums series of hypergeometric functions to a relative precision of 1e-5.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
import scipy
from jax import lax
from jax.scipy.special import gammaln

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import (
    bounded_ellipticity,
    centred,
    elliptical_radius_squared,
    ellipticity_to_phi_q,
    reparametrised,
    squeezed,
)
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import exp, log, power, safe_hypot, safe_sqrt
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.special import double_exponential, gauss_legendre, hyp2f1, integrate

from . import epl as power_law
from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase
from .spemd import along_x

__all__ = ["BPL", "BPLMajorAxis"]

SMALLEST = 1e-30  # [arcsec^2]
SERIES = double_exponential(100)
INSIDE, OUTSIDE, CONFOCAL = double_exponential(72), gauss_legendre(40), double_exponential(64)
# shells inside the point's ellipse, and those from there to the break, marked by 1 and 0
SHELLS = (
    np.stack([np.concatenate([INSIDE.nodes, OUTSIDE.nodes]), np.repeat([1.0, 0.0], [72, 40])]),
    np.concatenate([INSIDE.weights, OUTSIDE.weights]),
)


def normalisation(b, a, r_c):
    """Density rho_c at the break."""
    return (3 - a) * power(b, a - 1) / (2 * beta_function(a) * power(r_c, a))


def beta_function(a):
    """B(1/2, (a - 1)/2)."""
    return math.sqrt(math.pi) * exp(gammaln((a - 1) / 2) - gammaln(a / 2))


def excess(r, b, a, a_c, r_c):
    """Density inside the break less that of the outer power law, times 2 r^2."""
    t = r / r_c
    return 2 * r * r * normalisation(b, a, r_c) * (power(t, -a_c) - power(t, -a))


def shell(zeta, square, r, v, gap, root):
    """Integral of the module's docstring; gap = r - v and root = sqrt(1 - zeta^2 (r^2 - v^2))."""
    small = jnp.abs(square) * r * r < 1e-3
    first = gap**2 * (r - gap / 3)
    second = gap**3 * (4 / 3 * r * r - gap * (r - gap / 5))
    third = gap**4 * (2 * r**3 - gap * (12 / 5 * r * r - gap * (r - gap / 7)))
    series = gap + square * (first / 2 + square * (3 / 8 * second + square * 5 / 16 * third))
    sure = jnp.where(small, 1.0, zeta)
    return jnp.where(small, series, jnp.log((1 + sure * r) / (root + sure * v)) / sure)


def inner_deflection(x, y, b, a, a_c, r_c, e1, e2):
    """Deflection of the excess inside the break."""
    e1, e2 = bounded_ellipticity(e1, e2)
    flat = 1 - e1 * e1 - e2 * e2
    x = jnp.where(x * x + y * y < SMALLEST, math.sqrt(SMALLEST), x)
    wx, wy = squeezed(x, y, e1, e2)
    rho = jnp.sqrt((wx * wx + wy * wy) / flat)
    z = lax.complex(x, y)
    square = 4 * lax.complex(*jnp.broadcast_arrays(e1 + 0 * x, e2 + 0 * x)) / (flat * z * z)
    is_zero = square == 0
    zeta = jnp.where(is_zero, 1.0, jnp.sqrt(jnp.where(is_zero, 1.0, square)))
    reach = jnp.minimum(rho, r_c)
    cut = jnp.log((safe_sqrt(r_c * r_c - rho * rho) + jnp.maximum(r_c, rho)) / rho)

    def shells(t, inside):
        inside = inside > 0.5
        grow = jnp.exp(cut * t)
        fall = 1 / grow
        r = jnp.where(inside, reach * t, rho * (grow + fall) / 2)
        v = jnp.where(inside, 0.0, rho * (grow - fall) / 2)
        gap = jnp.where(inside, r, rho * fall)
        width = jnp.where(inside, r, rho)  # sqrt(r^2 - v^2)
        share = jnp.where(inside, 1 / t, cut * v / r)
        root = jnp.sqrt(1 - square * width * width)
        return excess(r, b, a, a_c, r_c) * share * shell(zeta, square, r, v, gap, root)

    total = integrate(shells, SHELLS, x.dtype, 1)
    alpha = 2 * total / z
    return alpha.real, -alpha.imag


def deflection(x, y, b, a, a_c, r_c, e1, e2):
    """Outer power law, and the excess."""
    outer, inner = power_law.deflection(x, y, b, a, e1, e2), inner_deflection(x, y, b, a, a_c, r_c, e1, e2)
    return outer[0] + inner[0], outer[1] + inner[1]


def inner_convergence(x, y, b, a, a_c, r_c, e1, e2):
    """Convergence of the excess inside the break."""
    rho = jnp.sqrt(jnp.maximum(elliptical_radius_squared(x, y, e1, e2), SMALLEST))
    cut = jnp.log((safe_sqrt(r_c * r_c - rho * rho) + jnp.maximum(r_c, rho)) / rho)

    def outside(t):
        r = rho * (jnp.exp(cut * t) + jnp.exp(-cut * t)) / 2
        return excess(r, b, a, a_c, r_c) / r

    return cut * integrate(outside, OUTSIDE, x.dtype, 1)


def hessian(x, y, b, a, a_c, r_c, e1, e2):
    """That of the power law in closed form, that of the excess by forward mode along x and from its convergence.

    At the centre the shear is zero, as in lenstronomy.
    """
    f_xx, f_xy, _, f_yy = power_law.hessian(x, y, b, a, e1, e2)
    i_xx, i_xy = along_x(lambda u: inner_deflection(u, y, b, a, a_c, r_c, e1, e2), x)
    i_yy = 2 * inner_convergence(x, y, b, a, a_c, r_c, e1, e2) - i_xx
    shear = jnp.where((x == 0) & (y == 0), 0.0, 1.0)
    kappa, gamma = (f_xx + f_yy + i_xx + i_yy) / 2, shear * (f_xx - f_yy + i_xx - i_yy) / 2
    f_xy = shear * (f_xy + i_xy)
    return kappa + gamma, f_xy, f_xy, kappa - gamma


def excess_mass(r, b, a, a_c, r_c):
    """Projected mass of the excess over pi."""
    t = jnp.minimum(r, r_c) / r_c
    sphere = power(t, 3 - a_c) / (3 - a_c) - power(t, 3 - a) / (3 - a)
    cut = jnp.log((safe_sqrt(r_c * r_c - r * r) + jnp.maximum(r_c, r)) / r)

    def outside(u):
        grow, fall = jnp.exp(cut * u), jnp.exp(-cut * u)
        s = r * (grow + fall) / 2
        # 1 - sqrt(1 - r^2/s^2) = 1 - tanh, and ds = r sinh
        return excess(s, b, a, a_c, r_c) * r * fall * (grow - fall) / (grow + fall)

    return 4 * normalisation(b, a, r_c) * r_c**3 * sphere + 2 * cut * integrate(outside, OUTSIDE, r.dtype, 1)


def potential(x, y, b, a, a_c, r_c, e1, e2):
    """That of the power law, and an integral over confocal ellipses (Keeton 2001, astro-ph/0102341) for the excess."""
    e1, e2 = bounded_ellipticity(e1, e2)
    size = safe_hypot(e1, e2)
    q = (1 - size) / (1 + size)
    k = 1 - q * q
    r_square = jnp.maximum(x * x + y * y, SMALLEST)
    cross = 4 / (1 + size) ** 2 * (e1 * (x * x - y * y) + 2 * e2 * x * y)  # k r^2 cos 2 (phi - phi_G)

    # up to where the ellipse reaches the break, and beyond, where the excess mass stays the same
    a_, b_ = q * (k * r_square + cross), 2 * q * r_square + 2 * k * r_c**2
    end = jnp.minimum(4 * r_c**2 / (b_ + jnp.sqrt(b_ * b_ - 8 * a_ * r_c**2)), 1.0)
    outside = log(end) + 2 * log((1 + q) / (1 + jnp.sqrt(1 - k * end)))
    whole = excess_mass(jnp.full_like(r_square, 1.0) * r_c, b, a, a_c, r_c)

    def confocal(t):
        u = end * t**4
        rest = 1 - k * u
        xi = jnp.sqrt(u * q * (r_square * (2 - k * u) - cross * u) / (2 * rest))
        xi = jnp.maximum(xi, math.sqrt(SMALLEST))
        return 2 * excess_mass(xi, b, a, a_c, r_c) / (t * jnp.sqrt(rest))

    inside = integrate(confocal, CONFOCAL, x.dtype, 1)
    return power_law.potential(x, y, b, a, e1, e2) + inside - whole / 2 * outside


def mass_3d_lens(r, b, a, a_c, r_c, e1=None, e2=None):
    """Mass inside the sphere of radius r [arcsec]."""
    scale, t = 4 * math.pi * normalisation(b, a, r_c) * r_c**3, r / r_c
    inner = power(jnp.minimum(t, 1.0), 3 - a_c) / (3 - a_c)
    outer = (power(jnp.maximum(t, 1.0), 3 - a) - 1) / (3 - a)
    return scale * (inner + outer)


def zel(R_el, r_c):
    """sqrt(1 - R^2 / r_c^2) inside the break, and zero outside."""
    return safe_sqrt(1 - (R_el / r_c) ** 2)


def kappa2func(b, a, a_c, r_c, R_el):
    """Convergence of the excess at the elliptical radius R_el [arcsec] (equation 9 of Du et al.)."""
    z = zel(R_el, r_c)
    difference = hyp2f1(a / 2, 1.0, 1.5, z * z) - hyp2f1(a_c / 2, 1.0, 1.5, z * z)
    return -2 * normalisation(b, a, r_c) * r_c * z * difference


def kappa_mean(R, alpha, alpha_c, b, r_c):
    """Mean convergence inside the radius R [arcsec]."""
    return power(b / R, alpha - 1) + excess_mass(R, b, alpha, alpha_c, r_c) / R**2


def phi_r(xi, alpha, alpha_c, b, r_c):
    """Deflection [arcsec] of the round profile at radius xi [arcsec]."""
    return xi * kappa_mean(xi, alpha, alpha_c, b, r_c)


def integrand_psi(u, x, y, alpha, alpha_c, b, r_c, q):
    """Integrand, over u from 0 to 1, of the potential along the major axis."""
    rest = 1 - (1 - q * q) * u
    xi = jnp.sqrt(u * q * (x * x + y * y / rest))
    return xi / (2 * u) * phi_r(xi, alpha, alpha_c, b, r_c) / jnp.sqrt(rest)


def series_difference(a, a_c, s):
    """Sum over n of [(a_c/2)_n - (a/2)_n] / (3/2)_n s^n."""
    return scipy.special.hyp2f1(a_c / 2, 1.0, 1.5, s) - scipy.special.hyp2f1(a / 2, 1.0, 1.5, s)


def series(a, a_c, zel2, C, exponent):
    r"""The integral from 0 to zel2 of :math:`\sqrt{s}\, D(s)\, (1 - \tilde C s)^e`, D the series' difference."""
    zel2, C = np.broadcast_arrays(np.asarray(zel2, float)[..., None], np.asarray(C, complex)[..., None])
    nodes, weights = SERIES
    s = zel2 * nodes
    values = np.sqrt(s) * series_difference(a, a_c, s) * (1 - C / (C - 1) * s) ** exponent
    return zel2[..., 0] * np.sum(weights * values, axis=-1)


def from_major_axis(b, a, a_c, r_c, q):
    """Ellipticity along the x-axis."""
    return b, a, a_c, r_c, (1 - q) / (1 + q), jnp.zeros_like(q)


def param_conv(b, a, a_c, r_c, e1, e2):
    """The parameters along the major axis, axis ratio and position angle [rad]."""
    phi, q = ellipticity_to_phi_q(e1, e2)
    return b, a, a_c, r_c, q, phi


def rho_c_from_b(b, a, r_c):
    """Density at the break."""
    return normalisation(b, a, r_c)


bpl = Kernel(potential, deflection, hessian)
BREAK = (
    Parameter("b", 0, 100, unit="arcsec"),
    Parameter("a", 1, 3),
    Parameter("a_c", 0, 3),
    Parameter("r_c", 0, 100, unit="arcsec"),
)


def _without_series(*values):
    """The parameters without those of lenstronomy's series, the last two."""
    return values[:-2]


class BPL(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        *(*BREAK, *ELLIPTICITY, *CENTRE),
        Parameter("target_precision", default=1e-5, hidden=True),
        Parameter("maxiter", default=4000, hidden=True),
    )
    kernel = reparametrised(centred(bpl), _without_series)
    Beta_func = staticmethod(elementwise(beta_function))
    param_conv = method(param_conv)
    rho_c_from_b = method(rho_c_from_b)
    _mass_3d = staticmethod(elementwise(mass_3d_lens))

    def __init__(self):
        super().__init__()
        self.bpl_major_axis = BPLMajorAxis()

    def mass_3d_lens(self, r, b, a, a_c, r_c, e1=None, e2=None):
        """Mass inside the sphere of radius r [arcsec].

        :param r: radius, number or array
        :raises ValueError: for a slope of 3, where the mass diverges
        """
        for name, slope in (("a_c", a_c), ("a", a)):
            if not isinstance(slope, jax.core.Tracer) and np.any(np.isclose(slope, 3)):
                raise ValueError(f"{name} = {slope}: the mass of a density with slope 3 diverges.")
        return self._mass_3d(r, b, a, a_c, r_c)

    def function(
        self, x, y, b, a, a_c, r_c, e1, e2, center_x=0, center_y=0, target_precision=None, maxiter=None, **kwargs
    ):
        """Lensing potential.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :param target_precision: accepted for compatibility, as are ``maxiter`` and ``kwargs``
        :return: potential [arcsec^2]
        """
        return super().function(x, y, b, a, a_c, r_c, e1, e2, center_x, center_y)

    def derivatives(
        self, x, y, b, a, a_c, r_c, e1, e2, center_x=0, center_y=0, target_precision=None, maxiter=None, **kwargs
    ):
        """Deflection angles.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :param target_precision: accepted for compatibility, as are ``maxiter`` and ``kwargs``
        :return: f_x, f_y [arcsec]
        """
        return super().derivatives(x, y, b, a, a_c, r_c, e1, e2, center_x, center_y)

    def hessian(
        self, x, y, b, a, a_c, r_c, e1, e2, center_x=0, center_y=0, target_precision=None, maxiter=None, **kwargs
    ):
        """Second derivatives of the potential.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :param target_precision: accepted for compatibility, as are ``maxiter`` and ``kwargs``
        :return: f_xx, f_xy, f_yx, f_yy
        """
        return super().hessian(x, y, b, a, a_c, r_c, e1, e2, center_x, center_y)


class BPLMajorAxis(LensProfileBase):
    """Broken power law along the x-axis.

    The functions of Du et al. (``F``, ``S0``, ``S2`` and below) are there for numbers and NumPy arrays only: nothing
    here is computed from them.
    """

    DEFAULT_TARGET_PRECISION = 1e-05
    DEFAULT_MAXITER = 4000
    parameters = (
        *(Parameter(name) for name in ("b", "a", "a_c", "r_c", "q")),
        Parameter("center_x", default=0),
        Parameter("center_y", default=0),
    )
    param_names = ["b", "a", "a_c", "r_c", "center_x", "center_y"]
    kernel = centred(reparametrised(bpl, from_major_axis))
    Beta_func = staticmethod(elementwise(beta_function))
    zel = method(zel)
    kappa2func = method(kappa2func)
    kappa_mean = method(kappa_mean)
    phi_r = method(phi_r)
    integrand_psi = method(integrand_psi)

    def __init__(self, target_precision=DEFAULT_TARGET_PRECISION, maxiter=DEFAULT_MAXITER):
        """
        :param target_precision: accepted for compatibility, as is ``maxiter``
        """
        super().__init__(target_precision=target_precision, maxiter=maxiter)

    def function(self, x, y, b, a, a_c, r_c, q, target_precision=None, maxiter=None, **kwargs):
        """Lensing potential, see :meth:`BPL.function`."""
        return super().function(x, y, b, a, a_c, r_c, q)

    def derivatives(self, x, y, b, a, a_c, r_c, q, target_precision=None, maxiter=None):
        """Deflection angles, see :meth:`BPL.derivatives`."""
        return super().derivatives(x, y, b, a, a_c, r_c, q)

    def hessian(self, x, y, b, a, a_c, r_c, q, target_precision=None, maxiter=None):
        """Second derivatives of the potential, see :meth:`BPL.hessian`."""
        return super().hessian(x, y, b, a, a_c, r_c, q)

    def F(self, a, z):
        """3F2(a, 1, 1/2; a + 1, 3/2; z) (equation 21).

        :param a: (3 - slope) / 2
        :param z: complex argument
        """
        if a == 0.5:
            root = np.sqrt(z)
            return (scipy.special.spence(1 - root) - scipy.special.spence(1 + root)) / (2 * root)
        return (scipy.special.hyp2f1(a, 1.0, a + 1, z) - 2 * a * scipy.special.hyp2f1(0.5, 1.0, 1.5, z)) / (1 - 2 * a)

    def exhyp2f1(self, a, b, c, z):
        """2F1(a, b; c; z), as an array of one dimension at least.

        :param z: complex argument
        """
        return scipy.special.hyp2f1(a, b, c, np.atleast_1d(z))

    def S0(self, a, a_c, C, R_el, r_c, target_precision, maxiter):
        """The sum in the deflection (equation 22), zero outside the break.

        :param C: complex r_c^2 zeta^2
        :param R_el: elliptical radius [arcsec]
        :param target_precision: accepted for compatibility, as is ``maxiter``
        """
        return self.s0arr(a, a_c, np.maximum(1 - (np.asarray(R_el) / r_c) ** 2, 0.0), C, target_precision, maxiter)

    def S2(self, a, a_c, C, R_el, r_c, target_precision, maxiter):
        """The sum in the shear (equation 26), zero outside the break; arguments as for :meth:`S0`."""
        return self.s2arr(a, a_c, np.maximum(1 - (np.asarray(R_el) / r_c) ** 2, 0.0), C, target_precision, maxiter)

    def s0arr(self, alpha, alphac, zel2, c, target_precision, maxiter=None):
        """:meth:`S0` in terms of 1 - R^2 / r_c^2; the sum of lenstronomy's series, as an integral.

        :param zel2: 1 - R^2 / r_c^2
        :param c: complex r_c^2 zeta^2
        :param target_precision: accepted for compatibility, as is ``maxiter``
        """
        return series(alpha, alphac, zel2, c, -0.5) / np.sqrt(1 - np.asarray(c, complex))

    def s2arr(self, alpha, alphac, zel2, c, target_precision, maxiter=None):
        """:meth:`S2` in terms of 1 - R^2 / r_c^2, after an integration by parts; arguments as for :meth:`s0arr`."""
        c, zel2 = np.asarray(c, complex), np.asarray(zel2, float)
        edge = zel2**1.5 * series_difference(alpha, alphac, zel2) / np.sqrt(1 - c / (c - 1) * zel2)
        return (edge - series(alpha, alphac, zel2, c, -1.5) / 2) / (1 - c) ** 1.5
