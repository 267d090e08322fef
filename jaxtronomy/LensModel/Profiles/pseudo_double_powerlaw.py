r"""Pseudo double power law (Munoz, Kochanek & Keeton 2001, astro-ph/0103009).

.. math::
    \rho = \frac{\rho_0}{x^{\gamma_{in}} (1 + x^2)^{(\gamma_{out}-\gamma_{in})/2}}, \qquad x = r / R_s

An outer slope of 3 is no special case here (lenstronomy takes 3.001 for it).  There is no potential in closed form.
"""

import math

import jax.numpy as jnp
import numpy as np
from jax.scipy.special import gammaln

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import exp, power, safe_hypot
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.special import betainc, double_exponential, hyp2f1, hyp2f1_next, integrate
from jaxtronomy.core.special.derivatives import nested_series

from .base_profile import CENTRE, LensProfileBase

__all__ = ["PseudoDoublePowerlaw"]

R_MIN = 1e-8  # [arcsec] below which the convergence stays the same
NODES, WEIGHTS = double_exponential(64)
RULE = np.stack([NODES, NODES[::-1]]), WEIGHTS  # with 1 - t, to all its digits


def surface(x, gamma_inner, gamma_outer):
    """Convergence over 2 rho0 Rs."""
    half = (gamma_outer - 1) / 2
    xi = 1 + x * x
    beta = math.sqrt(math.pi) * exp(gammaln(half) - gammaln(half + 0.5))
    return beta / 2 * hyp2f1(gamma_inner / 2, half, gamma_outer / 2, 1 / xi) * power(xi, -half)


def enclosed(x, gamma_inner, gamma_outer):
    r"""Projected mass over 4 pi rho0 Rs^3.

    .. math::
        \frac{1}{2} \int_0^1 s^{(n-5)/2} (1-s)^{-g/2} \left[\sqrt{1-s} - \sqrt{(1 - (1 + x^2) s)_+}\right] ds,

    from :math:`s = 1/\xi` on an incomplete beta function, below by quadrature.
    """
    outer = betainc((3 - gamma_inner) / 2, (gamma_outer - 3) / 2, x * x / (1 + x * x))
    return enclosed_by_parts(x, outer, gamma_inner, gamma_outer)


def enclosed_at_Rs(gamma_inner, gamma_outer):
    """The same at Rs, where the incomplete beta function is a short series."""
    p, q = (3 - gamma_inner) / 2, (gamma_outer - 3) / 2
    half = jnp.full_like(p + q, 0.5)
    outer = power(0.5, p) / p * nested_series(lambda k: (1 - q + k) * (p + k) / ((k + 1) * (p + k + 1)), half, 60)
    return enclosed_by_parts(2 * half, outer, gamma_inner, gamma_outer)


def enclosed_by_parts(x, outer, gamma_inner, gamma_outer):
    """From the incomplete beta function, and the rest."""
    xi = 1 + x * x
    ratio = x * x / xi

    def integrand(t, complement):
        rest = (x * x + complement) / xi  # 1 - t / xi
        inverse_root = 1 / (jnp.sqrt(rest) + jnp.sqrt(complement))
        return power(t, (gamma_outer - 3) / 2) * power(rest, -gamma_inner / 2) * inverse_root

    return (outer + power(xi, (3 - gamma_outer) / 2) * ratio * integrate(integrand, RULE, x.dtype, 1)) / 2


def alpha2rho0(alpha_Rs, Rs, gamma_inner, gamma_outer):
    """Density normalisation of a deflection alpha_Rs [arcsec] at Rs [arcsec]."""
    return alpha_Rs / (4 * Rs**2 * enclosed_at_Rs(gamma_inner, gamma_outer))


def rho02alpha(rho0, Rs, gamma_inner, gamma_outer):
    """Deflection [arcsec] at Rs [arcsec]."""
    return rho0 * 4 * Rs**2 * enclosed_at_Rs(gamma_inner, gamma_outer)


def density(R, Rs, rho0, gamma_inner, gamma_outer):
    """3d density at radius R [arcsec]."""
    x = R / Rs
    return rho0 / (power(x, gamma_inner) * power(1 + x * x, (gamma_outer - gamma_inner) / 2))


def density_lens(r, Rs, alpha_Rs, gamma_inner, gamma_outer):
    """3d density at radius r [arcsec] whose projection is the convergence."""
    return density(r, Rs, alpha2rho0(alpha_Rs, Rs, gamma_inner, gamma_outer), gamma_inner, gamma_outer)


def density_2d(x, y, Rs, rho0, gamma_inner, gamma_outer, center_x=0, center_y=0):
    """Projected density of the density normalisation rho0."""
    r = safe_hypot(x - center_x, y - center_y)
    return 2 * rho0 * Rs * surface(r / Rs, gamma_inner, gamma_outer)


def mass_3d(r, Rs, rho0, gamma_inner, gamma_outer):
    """Mass inside the sphere of radius r [arcsec]."""
    x = r / Rs
    shape = hyp2f1_next((gamma_outer - gamma_inner) / 2, (3 - gamma_inner) / 2, -x * x)
    return 4 * math.pi * Rs**3 * rho0 * power(x, 3 - gamma_inner) / (3 - gamma_inner) * shape


def mass_3d_lens(r, Rs, alpha_Rs, gamma_inner, gamma_outer):
    """Mass inside the sphere of radius r [arcsec]."""
    return mass_3d(r, Rs, alpha2rho0(alpha_Rs, Rs, gamma_inner, gamma_outer), gamma_inner, gamma_outer)


def mass_2d(R, Rs, rho0, gamma_inner, gamma_outer):
    """Mass inside the projected radius R [arcsec]."""
    return 4 * math.pi * rho0 * Rs**3 * enclosed(jnp.maximum(R, R_MIN) / Rs, gamma_inner, gamma_outer)


def alpha(R, Rs, rho0, gamma_inner, gamma_outer, ax_x, ax_y):
    """Deflection [arcsec] at the position (ax_x, ax_y) of radius R [arcsec]."""
    scale = mean(R, Rs, rho0, gamma_inner, gamma_outer)
    return scale * ax_x, scale * ax_y


def gamma(R, Rs, rho0, gamma_inner, gamma_outer, ax_x, ax_y):
    """Shear at the position (ax_x, ax_y) of radius R [arcsec]."""
    R = jnp.maximum(R, R_MIN)
    kappa = 2 * rho0 * Rs * surface(R / Rs, gamma_inner, gamma_outer)
    size = (mean(R, Rs, rho0, gamma_inner, gamma_outer) - kappa) / R**2
    return size * (ax_y**2 - ax_x**2), -2 * size * ax_x * ax_y


def mean(r, Rs, rho0, gamma_inner, gamma_outer):
    """Mean convergence inside radius r [arcsec]."""
    x = jnp.maximum(r, R_MIN) / Rs
    return 4 * rho0 * Rs * enclosed(x, gamma_inner, gamma_outer) / (x * x)


def mean_convergence(r, Rs, alpha_Rs, gamma_inner, gamma_outer):
    """Mean convergence inside radius r [arcsec]."""
    return mean(r, Rs, alpha2rho0(alpha_Rs, Rs, gamma_inner, gamma_outer), gamma_inner, gamma_outer)


def convergence(r, Rs, alpha_Rs, gamma_inner, gamma_outer):
    """Convergence at radius r [arcsec]."""
    rho0 = alpha2rho0(alpha_Rs, Rs, gamma_inner, gamma_outer)
    return 2 * rho0 * Rs * surface(jnp.maximum(r, R_MIN) / Rs, gamma_inner, gamma_outer)


class PseudoDoublePowerlaw(LensProfileBase):
    __doc__ = __doc__

    profile_name = "PSEUDO_DPL"
    parameters = (
        Parameter("Rs", 0, 100, unit="arcsec"),
        Parameter("alpha_Rs", 0, 10, unit="arcsec"),
        Parameter("gamma_inner", 0.1, 2.9),
        Parameter("gamma_outer", 1.0, 10.0),
        *CENTRE,
    )
    param_names = ["Rs", "alpha_Rs", "center_x", "center_y", "gamma_inner", "gamma_outer"]
    kernel = centred(Round(None, mean_convergence, convergence).kernel())
    density = staticmethod(elementwise(density))
    density_lens = method(density_lens)
    density_2d = method(density_2d)
    mass_3d = staticmethod(elementwise(mass_3d))
    mass_3d_lens = method(mass_3d_lens)
    mass_2d = method(mass_2d)
    alpha = method(alpha)
    gamma = method(gamma)
    alpha2rho0 = method(alpha2rho0)
    rho02alpha = method(rho02alpha)

    def function(self, *args, **kwargs):
        """There is no potential in closed form.

        :raises ValueError: always
        """
        raise self._absent("potential in closed form")
