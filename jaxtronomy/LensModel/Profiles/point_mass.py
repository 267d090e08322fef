r"""Point mass (Schneider, Ehlers & Falco 1992, Gravitational Lenses, Springer).

.. math::
    \psi = \theta_E^2 \ln r
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import log, safe_divide

from .base_profile import CENTRE, THETA_E, LensProfileBase

__all__ = ["PointMass"]

R_MIN = 1e-25  # [arcsec] where the potential is cut


def potential(r, theta_E):
    """theta_E^2 log r."""
    return theta_E**2 * log(jnp.maximum(r, R_MIN))


def mean_convergence(r, theta_E):
    """(theta_E / r)^2, and zero at the centre."""
    return safe_divide(theta_E, r) ** 2


def mass_3d_lens(r, theta_E):
    """Mass inside the sphere of radius r: that of the point."""
    return math.pi * theta_E**2 + 0 * r


point_mass = Round(potential, mean_convergence, lambda r, theta_E: jnp.zeros_like(r))


class PointMass(LensProfileBase):
    __doc__ = __doc__

    r_min = R_MIN
    parameters = (THETA_E, *CENTRE)
    kernel = centred(point_mass.kernel())
    mass_3d_lens = method(mass_3d_lens)
