r"""Navarro-Frenk-White profile with a free inner slope.

.. math::
    \rho(r) = \rho_s (r/R_s)^{-\gamma} (1 + r/R_s)^{\gamma - 3}, \qquad \kappa_s = \rho_s R_s

normalised by the deflection ``alpha_Rs`` at Rs. With :math:`x = r/R_s` (Keeton 2001,
https://arxiv.org/abs/astro-ph/0102341, and, for the potential, the same projection of shells once more),

.. math::
    \kappa &= 2\kappa_s x^{1-\gamma}\left[(1+x)^{\gamma-3} + (3-\gamma)\int_0^1 (y+x)^{\gamma-4}(1-s)\,dy\right],
    \qquad s = \sqrt{1-y^2}\\
    \alpha &= 4\kappa_s R_s x^{2-\gamma}\left[m(x) + \int_0^1 (y+x)^{\gamma-3}\frac{1-s}{y}\,dy\right]\\
    \psi &= 4\kappa_s R_s^2 x^{3-\gamma}\left[(1-\ln 2)\,m(x) + n(x)
    + \int_0^1 (y+x)^{\gamma-3}\left(1 - s + \ln\frac{1+s}{2}\right)\frac{dy}{y}\right]

where :math:`m = \int_0^1 t^{2-\gamma}(1+xt)^{\gamma-3}dt` and n has a further factor :math:`\ln(1/t)`. The integrals
are trapezoidal sums in the logit of y, exact to 1e-12 for any x; lenstronomy's options choose between coarser ones.
"""

import math

import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import power, safe_hypot
from jaxtronomy.core.special.hypergeometric import hyp2f1_next
from jaxtronomy.core.special.quadrature import _INWARD, Rule, integrate

from .base_profile import CENTRE, LensProfileBase, Parameter
from .nfw import ALPHA_RS, RS, scaled

__all__ = ["GNFW"]

GAMMA_IN = Parameter("gamma_in", 0, 3)


def _unit_rule(step=0.52, start=-33.0, end=32.0):
    """Nodes y in the unit interval, and weights for kernels that vanish like y^2 at 0."""
    u = np.arange(start, end, step)
    y, rest = 1 / (1 + np.exp(-u)), 1 / (1 + np.exp(u))
    return y, np.sqrt(rest * (1 + y)), step * y * rest


_INWARD_END = 136.0
_Y, _S, _WEIGHT = _unit_rule()
_COVERED = _Y * _Y / (1 + _S)  # 1 - s without loss
KAPPA_RULE = Rule(_Y, _WEIGHT * _COVERED)
_ALPHA_RULE = Rule(_Y, _WEIGHT * _COVERED / _Y)
_PSI_RULE = Rule(_Y, _WEIGHT * (_COVERED + np.log1p(-_COVERED / 2)) / _Y)


def _outside(x, rule, exponent):
    """The integral of (y + x)^exponent with a rule."""
    return integrate(lambda y: power(y + x, exponent), rule, x.dtype)


def _inside(x, gamma_in):
    """m(x)."""
    rest = 3 - gamma_in
    return hyp2f1_next(rest, rest, -x) / rest


def _inside_log(x, gamma_in):
    """n(x), in v = ln(1/t); beyond the rule's last node the integrand is v exp(-(3 - gamma) v)."""
    rest, end = 3 - gamma_in, _INWARD_END
    nodes = integrate(lambda v, t: v * power(t / (1 + x * t), rest), _INWARD, x.dtype)
    return nodes + jnp.exp(-rest * end) * (end + 1 / rest) / rest


def _psi(x, gamma_in):
    """Potential in units of 4 kappa_s Rs^2."""
    outer = _outside(x, _PSI_RULE, gamma_in - 3)
    inner = (1 - math.log(2)) * _inside(x, gamma_in) + _inside_log(x, gamma_in)
    return power(x, 3 - gamma_in) * (inner + outer)


def _alpha_over_x(x, gamma_in):
    """Deflection over x in units of 4 kappa_s Rs."""
    return power(x, 1 - gamma_in) * (_inside(x, gamma_in) + _outside(x, _ALPHA_RULE, gamma_in - 3))


def _kappa(x, gamma_in):
    """Convergence in units of 2 kappa_s."""
    outer = (3 - gamma_in) * _outside(x, KAPPA_RULE, gamma_in - 4)
    return power(x, 1 - gamma_in) * (power(1 + x, gamma_in - 3) + outer)


def get_alpha_Rs_for_kappa_s_1(Rs, gamma_in):
    """Deflection [arcsec] at Rs [arcsec] for kappa_s = 1."""
    gamma_in = jnp.asarray(1.0 * gamma_in)
    return 4 * Rs * _alpha_over_x(jnp.ones_like(gamma_in), gamma_in)


def kappa_s_to_alpha_Rs(kappa_s, Rs, gamma_in):
    """Deflection [arcsec] at Rs [arcsec] of the normalisation kappa_s."""
    return kappa_s * get_alpha_Rs_for_kappa_s_1(Rs, gamma_in)


def alpha_Rs_to_kappa_s(Rs, alpha_Rs, gamma_in):
    """Normalisation kappa_s of the deflection alpha_Rs [arcsec] at Rs [arcsec]."""
    return alpha_Rs / get_alpha_Rs_for_kappa_s_1(Rs, gamma_in)


def rho0_to_kappa_s(rho0, Rs):
    """Normalisation kappa_s of the density normalisation rho0."""
    return rho0 * Rs


def kappa_s_to_rho0(kappa_s, Rs):
    """Density normalisation rho0 of kappa_s."""
    return kappa_s / Rs


def rho02alpha(rho0, Rs, gamma_in):
    """Deflection [arcsec] at Rs [arcsec] of the density normalisation rho0."""
    return kappa_s_to_alpha_Rs(rho0_to_kappa_s(rho0, Rs), Rs, gamma_in)


def alpha2rho0(alpha_Rs, Rs, gamma_in):
    """Density normalisation rho0 of the deflection alpha_Rs [arcsec] at Rs [arcsec]."""
    return kappa_s_to_rho0(alpha_Rs_to_kappa_s(Rs, alpha_Rs, gamma_in), Rs)


def _potential(r, Rs, alpha_Rs, gamma_in):
    """Lensing potential [arcsec^2] at radius r [arcsec]."""
    return 4 * alpha_Rs_to_kappa_s(Rs, alpha_Rs, gamma_in) * Rs**2 * _psi(scaled(r, Rs), gamma_in)


def _mean_convergence(r, Rs, alpha_Rs, gamma_in):
    """Mean convergence inside the projected radius r [arcsec]."""
    return 4 * alpha_Rs_to_kappa_s(Rs, alpha_Rs, gamma_in) * _alpha_over_x(scaled(r, Rs), gamma_in)


def kappa(R, Rs, alpha_Rs, gamma_in):
    """Convergence at the projected radius R [arcsec]."""
    return kappa_of_kappa_s(R, Rs, alpha_Rs_to_kappa_s(Rs, alpha_Rs, gamma_in), gamma_in)


def alpha(R, Rs, alpha_Rs, gamma_in):
    """Deflection [arcsec] at radius R [arcsec]."""
    return R * _mean_convergence(R, Rs, alpha_Rs, gamma_in)


def alpha_of_kappa_s(R, Rs, kappa_s, gamma_in):
    """Deflection [arcsec] at radius R [arcsec]."""
    return 4 * kappa_s * R * _alpha_over_x(scaled(R, Rs), gamma_in)


def kappa_of_kappa_s(R, Rs, kappa_s, gamma_in):
    """Convergence at the projected radius R [arcsec]."""
    return 2 * kappa_s * _kappa(scaled(R, Rs), gamma_in)


def density(R, Rs, rho0, gamma_in):
    """3d density at radius R [arcsec]."""
    x = R / Rs
    return rho0 * power(x, -gamma_in) * power(1 + x, gamma_in - 3)


def density_lens(R, Rs, alpha_Rs, gamma_in):
    """3d density at radius R [arcsec] whose projection is the convergence."""
    return density(R, Rs, alpha2rho0(alpha_Rs, Rs, gamma_in), gamma_in)


def density_2d(x, y, Rs, rho0, gamma_in, center_x=0, center_y=0):
    """Convergence at a position [arcsec]."""
    r = safe_hypot(x - center_x, y - center_y)
    return kappa_of_kappa_s(r, Rs, rho0_to_kappa_s(rho0, Rs), gamma_in)


def mass_3d(R, Rs, rho0, gamma_in):
    """Mass inside the sphere of radius R [arcsec]."""
    x = R / Rs
    return 4 * math.pi * rho0 * Rs**3 * power(x, 3 - gamma_in) * _inside(x, gamma_in)


def mass_3d_lens(R, Rs, alpha_Rs, gamma_in):
    """Mass inside the sphere of radius R [arcsec]."""
    return mass_3d(R, Rs, alpha2rho0(alpha_Rs, Rs, gamma_in), gamma_in)


ROUND = Round(_potential, _mean_convergence, kappa)


class GNFW(LensProfileBase):
    __doc__ = __doc__

    model_name = "GNFW"
    parameters = (RS, ALPHA_RS, GAMMA_IN, *CENTRE)
    kernel = centred(ROUND.kernel())

    def __init__(self, trapezoidal_integration=False, integration_steps=1000):
        """The options are those of lenstronomy's integrals; ours are exact whatever they are.

        :param trapezoidal_integration: accepted for compatibility
        :param integration_steps: accepted for compatibility
        """
        super().__init__(trapezoidal_integration=trapezoidal_integration, integration_steps=integration_steps)

    density = method(density)
    density_lens = method(density_lens)
    density_2d = method(density_2d)
    mass_3d = method(mass_3d)
    mass_3d_lens = method(mass_3d_lens)
    alpha = method(alpha)
    kappa = method(kappa)
    _alpha = method(alpha_of_kappa_s)
    _kappa = method(kappa_of_kappa_s)
    kappa_s_to_alpha_Rs = method(kappa_s_to_alpha_Rs)
    alpha_Rs_to_kappa_s = method(alpha_Rs_to_kappa_s)
    rho02alpha = method(rho02alpha)
    alpha2rho0 = method(alpha2rho0)
    rho0_to_kappa_s = staticmethod(elementwise(rho0_to_kappa_s))
    kappa_s_to_rho0 = staticmethod(elementwise(kappa_s_to_rho0))
    get_alpha_Rs_for_kappa_s_1 = method(get_alpha_Rs_for_kappa_s_1)
