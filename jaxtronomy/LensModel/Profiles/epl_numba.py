"""Elliptical power law under the name of lenstronomy's fast variant: the same kernel as EPL
(Tessore & Metcalf 2015, https://arxiv.org/abs/1507.01819)."""

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.frames import ellipticity_to_phi_q
from jaxtronomy.core.numerics import power, safe_hypot
from jaxtronomy.core.special.angular import angular

from .base_profile import LensProfileBase
from .epl import EPL

__all__ = ["EPL_numba"]


@elementwise
def param_transform(x, y, theta_E, gamma, e1, e2, center_x=0.0, center_y=0.0):
    """Position and parameters in the frame of Tessore & Metcalf (2015).

    :param x: position [arcsec]
    :param y: position [arcsec]
    :return: complex position along the major axis, scale b = theta_E sqrt(q) [arcsec], slope t = gamma - 1, axis ratio,
        position angle [rad]
    """
    phi, q = ellipticity_to_phi_q(e1, e2)
    z = jnp.exp(-1j * phi) * (x - center_x + 1j * (y - center_y))
    return z, theta_E * jnp.sqrt(q), gamma - 1, q, phi


@elementwise
def omega(phi, t, q, niter_max=200, tol=1e-16):
    """Angular part of the deflection, the last two factors of equation 13 of Tessore & Metcalf (2015), to rounding.

    :param phi: elliptical angle [rad]
    :param t: slope of the convergence
    :param q: axis ratio
    :param niter_max: not used: as many terms are summed as the axis ratio needs
    :param tol: not used
    :return: complex number
    """
    f = (1 - q) / (1 + q)
    real, imag = angular(t, -f * jnp.cos(2 * phi), -f * jnp.sin(2 * phi), f)
    return jnp.exp(1j * phi) * (real + 1j * imag)


@elementwise
def _amplitude(x, y, b, q, t):
    """Modulus of the deflection over that of its angular part, and the elliptical angle."""
    x = q * x
    r = safe_hypot(x, y)
    return jnp.where(r > 0, 2 * b / (1 + q) * power(b / jnp.where(r > 0, r, 1.0), t - 1), 0.0), jnp.arctan2(y, x)


def alpha(x, y, b, q, t, Omega=None):
    """Complex deflection in the frame of the major axis, Tessore & Metcalf (2015), equation 13.

    :param x: position along the major axis [arcsec]
    :param y: position along the minor axis [arcsec]
    :param b: scale [arcsec]
    :param q: axis ratio
    :param t: slope of the convergence
    :param Omega: angular part, where it is known already
    :return: complex deflection [arcsec]
    """
    size, phi = _amplitude(x, y, b, q, t)
    return size * (omega(phi, t, q) if Omega is None else Omega)


class EPL_numba(LensProfileBase):
    """Elliptical power law, see :mod:`~jaxtronomy.LensModel.Profiles.epl`."""

    parameters = EPL.parameters
    kernel = EPL.kernel

    @staticmethod
    def function(x, y, theta_E, gamma, e1, e2, center_x=0.0, center_y=0.0):
        """Lensing potential.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: potential [arcsec^2]
        """
        return EPL().function(x, y, theta_E, gamma, e1, e2, center_x, center_y)

    @staticmethod
    def derivatives(x, y, theta_E, gamma, e1, e2, center_x=0.0, center_y=0.0):
        """Deflection angles.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: f_x, f_y [arcsec]
        """
        return EPL().derivatives(x, y, theta_E, gamma, e1, e2, center_x, center_y)

    @staticmethod
    def hessian(x, y, theta_E, gamma, e1, e2, center_x=0.0, center_y=0.0):
        """Second derivatives of the potential.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: f_xx, f_xy, f_yx, f_yy
        """
        return EPL().hessian(x, y, theta_E, gamma, e1, e2, center_x, center_y)
