r"""Elliptical power law (Tessore & Metcalf 2015, arXiv:1507.01819).

.. math::
    \kappa = \frac{3-\gamma}{2}\left(\frac{\theta_E}{\rho}\right)^{\gamma-1}, \qquad
    \rho^2 = q x'^2 + y'^2/q = \frac{|z - e z^*|^2}{1-|e|^2}

with :math:`z = x + iy` and the complex ellipticity :math:`e = e_1 + i e_2`.  With :math:`t = \gamma - 1` and
:math:`w = z - e z^*` the deflection (their equations 11 and 13) is

.. math::
    \alpha = w \left(\frac{\theta_E\sqrt{1-|e|^2}}{|w|}\right)^t
    {}_2F_1\left(1, \tfrac{t}{2}; 2-\tfrac{t}{2}; -e^*\,\frac{w}{w^*}\right),

which needs no rotation and is smooth where the lens is round.
"""

from functools import partial

import jax
import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import (
    bounded_ellipticity,
    centred,
    ellipticity_to_phi_q,
    phi_q_to_ellipticity,
    reparametrised,
    squeezed,
)
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import (
    combined,
    kept,
    kept_pair,
    linear,
    power,
    power_and_log,
    safe_divide,
    safe_hypot,
    spread,
    varying,
)
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.special.angular import angular, angular_rest
from jaxtronomy.core.special.pairs import times

from . import spp
from .base_profile import CENTRE, ELLIPTICITY, GAMMA, PHI, THETA_E, LensProfileBase, Q

__all__ = ["EPL", "EPLMajorAxis", "EPLQPhi"]

R_MIN = 1e-9  # [arcsec] below which the convergence stays the same


def squeezed_frame(x, y, e1, e2):
    """w, 1 / |w|^2, and w / w* with the argument u = -e* w / w* of the angular part, as pairs."""
    w = squeezed(x, y, e1, e2)
    wx, wy = w
    inverse = 1 / jnp.maximum(wx * wx + wy * wy, R_MIN**2)
    phase = (wx * wx - wy * wy) * inverse, 2 * wx * wy * inverse
    return w, inverse, phase, times((-e1, e2), phase)


def parts(x, y, theta_E, gamma, e1, e2):
    """Deflection and mean convergence (theta_E / rho)^t inside the ellipse through a point, e bounded."""
    t = gamma - 1
    flat, size = 1 - e1 * e1 - e2 * e2, safe_hypot(e1, e2)
    w, inverse, _, u = squeezed_frame(x, y, *spread(x, e1, e2))
    mean = power(theta_E**2 * flat * inverse, t / 2)
    alpha_x, alpha_y = times(w, angular(t, *u, size))
    return mean * alpha_x, mean * alpha_y, mean


def potential(x, y, theta_E, gamma, e1, e2):
    """z alpha / (3 - gamma) (equation 15)."""
    alpha_x, alpha_y, _ = parts(x, y, theta_E, gamma, *bounded_ellipticity(e1, e2))
    return (x * alpha_x + y * alpha_y) / (3 - gamma)


def deflection(x, y, theta_E, gamma, e1, e2):
    """Equation 11, the angular part by its series (equation 13)."""
    return _deflection(x, y, theta_E, gamma, *bounded_ellipticity(e1, e2))


@jax.custom_jvp
def _deflection(x, y, theta_E, gamma, e1, e2):
    """The deflection for a bounded ellipticity."""
    return parts(x, y, theta_E, gamma, e1, e2)[:2]


@partial(_deflection.defjvp, symbolic_zeros=True)
def _deflection_jvp(primals, tangents):
    """With n = (theta_E / rho)^t and F = 1 + u G as the angular part, h = n w^2 / w* G gives alpha = n w - e* h.

    In the ellipticity that changes by (1 - t/2) / (1 - |e|^2) (h de* - (n w* + e* alpha) de).
    """
    x, y, theta_E, gamma, e1, e2 = primals
    t, flat, size = gamma - 1, 1 - e1 * e1 - e2 * e2, safe_hypot(e1, e2)
    w, inverse, phase, u = squeezed_frame(x, y, e1, e2)
    rest, rest_by_t = angular_rest(t, *u, size)
    mean, logarithm = power_and_log(theta_E**2 * flat * inverse, t / 2)
    turned = [kept(mean * f) for f in times(w, phase)]
    h = [kept(f) for f in times(turned, rest)]
    bent = times((e1, -e2), h)
    alpha = kept(mean * w[0] - bent[0]), kept(mean * w[1] - bent[1])
    bent = times((e1, -e2), times(turned, rest_by_t))
    by_t = kept_pair(*(f * (logarithm / 2) - g for f, g in zip(alpha, bent)))
    kappa = (1 - t / 2) * mean
    shear = _shear(x, y, alpha, kappa, t)
    dx, dy, dtheta, dt, de1, de2 = varying(tangents)
    growth, rate = safe_divide(t, theta_E) * dtheta, (1 - t / 2) / flat
    # n w* = alpha* + e h*: as numbers times alpha, its conjugate, h, and its conjugate
    de = rate * de1, rate * de2
    a, b = times((-e1, e2), de), (-de[0], -de[1])
    c, d = (de[0], -de[1]), times((-e1, -e2), de)
    change = combined(
        (*alpha, *h, *by_t),
        (growth + a[0] + b[0], b[1] - a[1], c[0] + d[0], d[1] - c[1], dt, 0.0),
        (a[1] + b[1], growth + a[0] - b[0], c[1] + d[1], c[0] - d[0], 0.0, dt),
    )
    along_x = linear((kappa + shear[0], dx), (shear[1], dy))
    along_y = linear((shear[1], dx), (kappa - shear[0], dy))
    return alpha, (along_x + change[0], along_y + change[1])


def _shear(x, y, alpha, kappa, t):
    """z^2/r^2 ((1 - t) alpha/z - kappa) (equation 17 of the erratum)."""
    u, v = (1 - t) * alpha[0] - kappa * x, (1 - t) * alpha[1] - kappa * y
    inverse = 1 / jnp.maximum(x * x + y * y, R_MIN**2)
    return (x * u - y * v) * inverse, (x * v + y * u) * inverse


def hessian(x, y, theta_E, gamma, e1, e2):
    """From the convergence and the shear."""
    *alpha, mean = parts(x, y, theta_E, gamma, *bounded_ellipticity(e1, e2))
    kappa = (3 - gamma) / 2 * mean
    gamma1, gamma2 = _shear(x, y, alpha, kappa, gamma - 1)
    return kappa + gamma1, gamma2, gamma2, kappa - gamma1


def from_major_axis(b, t, q):
    """EPL parameters of a deflector along the x-axis."""
    return b / jnp.sqrt(q), t + 1, (1 - q) / (1 + q), jnp.zeros_like(q)


def from_q_phi(theta_E, gamma, q, phi):
    """EPL parameters of an axis ratio and a position angle [rad]."""
    return theta_E, gamma, *phi_q_to_ellipticity(phi, q)


def mass_3d_lens(r, theta_E, gamma, e1=None, e2=None):
    """Mass inside the sphere of radius r [arcsec] of the spherical power law."""
    return spp.mass_3d_lens(r, theta_E, gamma)


def density_lens(r, theta_E, gamma, e1=None, e2=None):
    """3d density at radius r [arcsec] of the spherical power law."""
    return spp.density_lens(r, theta_E, gamma)


def mass_3d_lens_q_phi(r, theta_E, gamma, q=None, phi=None):
    """Mass inside the sphere of radius r [arcsec] of the spherical power law."""
    return spp.mass_3d_lens(r, theta_E, gamma)


def density_lens_q_phi(r, theta_E, gamma, q=None, phi=None):
    """3d density at radius r [arcsec] of the spherical power law."""
    return spp.density_lens(r, theta_E, gamma)


def param_conv(theta_E, gamma, e1, e2):
    """Critical radius b, slope t, axis ratio and position angle [rad] of the deflector along its major axis."""
    phi, q = ellipticity_to_phi_q(e1, e2)
    return theta_E * jnp.sqrt(q), gamma - 1, q, phi


epl = Kernel(potential, deflection, hessian)


class EPL(LensProfileBase):
    __doc__ = __doc__

    parameters = (THETA_E, GAMMA, *ELLIPTICITY, *CENTRE)
    kernel = centred(epl)
    param_conv = method(param_conv)
    mass_3d_lens = method(mass_3d_lens)
    density_lens = method(density_lens)


class EPLMajorAxis(LensProfileBase):
    r"""Elliptical power law along the x-axis.

    .. math::
        \kappa = \frac{2-t}{2} \left(\frac{b}{\sqrt{q^2 x^2 + y^2}}\right)^t
    """

    parameters = (
        Parameter("b"),
        Parameter("t"),
        Parameter("q"),
        Parameter("center_x", default=0),
        Parameter("center_y", default=0),
    )
    kernel = centred(reparametrised(epl, from_major_axis))


class EPLQPhi(LensProfileBase):
    r"""Elliptical power law by axis ratio :math:`q` and position angle :math:`\phi`."""

    parameters = (THETA_E, GAMMA, Q, PHI, *CENTRE)
    kernel = centred(reparametrised(epl, from_q_phi))
    mass_3d_lens = method(mass_3d_lens_q_phi)
    density_lens = method(density_lens_q_phi)
