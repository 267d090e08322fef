r"""Sersic profile with a power-law core in the light density (Terzic & Graham 2005; Wei & Du 2020).

The light density is :math:`j_c (r/r_c)^{-\alpha_c}` inside the radius :math:`r_c` and
:math:`j_0 (r/s)^{-u} e^{-(r/s)^\nu}` outside, continuous at :math:`r_c`, with :math:`\nu = 1/n` and
:math:`u = 1 - 0.6097\,\nu + 0.054635\,\nu^2` (Prugniel & Simien 1997). Its projection is, for :math:`R < r_c` with
:math:`\tau = \sqrt{r_c^2 - R^2}`,

.. math::
    I(R) = 2 j_c \left(\frac{r_c}{R}\right)^{\alpha_c} \tau\,
           {}_2F_1\left(\tfrac12, \tfrac{\alpha_c}{2}; \tfrac32; -\tfrac{\tau^2}{R^2}\right)
           + 2 \int_\tau^\infty j\left(\sqrt{R^2 + t^2}\right) dt

and, approximately, :math:`I_0\, e^{-(R/s)^\nu}` outside. The integral is an analytic function of :math:`\tau` between 0
and :math:`r_c` (its nearest singularity is at :math:`-r_c`), so that it is taken at a few Chebyshev nodes and
interpolated to rounding.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.numerics import exp, power, safe_sqrt
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.special import gamma, gammaincc, hyp2f1_next

from .profile_base import AMP, CENTRE, ELLIPTICITY, LightProfileBase, elliptical_radius_squared

__all__ = ["PL_Sersic"]

DEGREE = 24  # of the interpolation in tau
STEP = 0.15  # of the trapezoidal rule in log(t - tau)
LOG_T = np.arange(-37.0, 41.0, STEP)


def calculate_u_nu(n_sersic):
    """u, nu of the deprojected profile."""
    nu = 1 / n_sersic
    return 1 - 0.6097 * nu + 0.054635 * nu**2, nu


def calculate_param(R_sersic, n_sersic):
    """Scale radius s, u, nu; lenstronomy takes s = R_sersic / (2 n)."""
    return R_sersic / (2 * n_sersic), *calculate_u_nu(n_sersic)


def outer_density(r, R_sersic, n_sersic, r_c):
    """Light density outside of r_c, in units of that at r_c."""
    s, u, nu = calculate_param(R_sersic, n_sersic)
    return power(r_c / r, u) * exp(power(r_c / s, nu) - power(r / s, nu))


def chebyshev_nodes_and_transform():
    """Nodes in [-1, 1], and the matrix from values there to the coefficients of T_k."""
    angles = (np.arange(DEGREE) + 0.5) * np.pi / DEGREE
    transform = 2 / DEGREE * np.cos(np.outer(np.arange(DEGREE), angles))
    transform[0] /= 2
    return np.cos(angles), transform


NODES, TRANSFORM = chebyshev_nodes_and_transform()


def outer_integral(tau, R_sersic, n_sersic, r_c):
    """Integral of the outer density along the line of sight from tau on, for tau between 0 and r_c."""
    dtype = jnp.result_type(tau)
    node = r_c * jnp.asarray((1 + NODES) / 2, dtype)[:, None]
    step = r_c * jnp.asarray(np.exp(LOG_T), dtype)[None]  # t - tau
    r = jnp.sqrt(r_c * r_c + step * (step + 2 * node))
    values = STEP * jnp.sum(step * outer_density(r, R_sersic, n_sersic, r_c), axis=1)
    coefficients = jnp.asarray(TRANSFORM, dtype) @ values
    z = 2 * tau / r_c - 1
    last = before = jnp.zeros_like(z)
    for k in range(DEGREE - 1, 0, -1):
        last, before = coefficients[k] + 2 * z * last - before, last
    return coefficients[0] + z * last - before


def cusp(r2, tau, alpha_c, r_c):
    """Integral of (r / r_c)^(-alpha_c) along the line of sight from 0 to tau, finite at the centre."""
    r2 = jnp.maximum(r2, r_c * r_c * float(jnp.finfo(r2.dtype).tiny) ** 0.4)
    return power(r_c * r_c / r2, alpha_c / 2) * tau * hyp2f1_next(alpha_c / 2, 0.5, -tau * tau / r2)


def pl_sersic(r2, R_sersic, n_sersic, alpha_c, r_c, max_R_frac):
    """Projected profile for unit density at r_c, at the squared radius r2."""
    s, u, nu = calculate_param(R_sersic, n_sersic)
    inside = r2 < r_c * r_c
    r2_in = jnp.where(inside, r2, 0.5 * r_c * r_c)
    tau = jnp.sqrt(r_c * r_c - r2_in)
    inner = 2 * (cusp(r2_in, tau, alpha_c, r_c) + outer_integral(tau, R_sersic, n_sersic, r_c))
    r = safe_sqrt(jnp.where(inside, r_c * r_c, r2))
    scale = 2 * s * power(r_c / s, u) * gamma((3 - u) / nu) / gamma(2 / nu)
    outer = scale * exp(power(r_c / s, nu) - power(r / s, nu))
    return jnp.where(r2 > (max_R_frac * R_sersic) ** 2, 0.0, jnp.where(inside, inner, outer))


@elementwise
def _flux(amp, R_sersic, n_sersic, alpha_c, r_c):
    s, u, nu = calculate_param(R_sersic, n_sersic)
    x_c, a = power(r_c / s, nu), (3 - u) / nu
    inner = r_c**3 / (3 - alpha_c)
    outer = power(r_c / s, u) * exp(x_c) * s**3 / nu * gamma(a) * gammaincc(a, x_c)
    return 4 * math.pi * amp * (inner + outer)


class PL_Sersic(LightProfileBase):
    """PL-Sersic profile with elliptical isophotes; ``amp`` is the light density at the core radius r_c."""

    parameters = (
        AMP(unit="flux / arcsec^3"),
        Parameter("R_sersic", 0, 100, unit="arcsec"),
        Parameter("n_sersic", 0.5, 8),
        Parameter("alpha_c", 0.1, 3.0),
        Parameter("r_c", 0.1, 10, unit="arcsec"),
        *ELLIPTICITY,
        *CENTRE,
        Parameter("max_R_frac", default=1000.0, hidden=True),
    )

    def kernel(self, x, y, R_sersic, n_sersic, alpha_c, r_c, e1, e2, center_x, center_y, max_R_frac):
        """Surface brightness for unit amplitude, pure."""
        r2 = elliptical_radius_squared(x - center_x, y - center_y, e1, e2)
        return pl_sersic(r2, R_sersic, n_sersic, alpha_c, r_c, max_R_frac)

    calculate_u_nu = method(calculate_u_nu)
    calculate_param = method(calculate_param)

    @method
    def get_distance_from_center_bpl(x, y, e1, e2, center_x, center_y):
        """Elliptical radius [arcsec]."""
        return safe_sqrt(elliptical_radius_squared(x - center_x, y - center_y, e1, e2))

    def total_flux(self, amp, R_sersic, n_sersic, alpha_c, r_c, e1=0, e2=0, **kwargs):
        """Flux of the light density to infinity.

        :param amp: light density at r_c
        :param R_sersic: half-light radius [arcsec]
        :param n_sersic: Sersic index
        :param alpha_c: slope of the core, below 3
        :param r_c: radius of the core [arcsec]
        :param e1: plays no part
        :param e2: plays no part
        :return: flux
        :raises ValueError: for a core whose flux diverges
        """
        if not isinstance(alpha_c, jax.core.Tracer) and np.any(np.asarray(alpha_c) >= 3):
            raise ValueError(f"alpha_c must be < 3 for a finite flux, not {alpha_c}.")
        return _flux(amp, R_sersic, n_sersic, alpha_c, r_c)
