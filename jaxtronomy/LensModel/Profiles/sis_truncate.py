r"""Truncated singular isothermal sphere.

.. math::
    \alpha = \theta_E \;\; (r < r_t), \qquad \theta_E \left(2 - \frac{r}{r_t}\right) \;\; (r_t < r < 2 r_t), \qquad
    0 \;\; (r > 2 r_t)

lenstronomy's Hessian is that of a profile at the origin wherever the centre is; this one is right.
"""

import jax.numpy as jnp

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import safe_divide
from jaxtronomy.core.parameters import Parameter

from .base_profile import CENTRE, THETA_E, LensProfileBase

__all__ = ["SIS_truncate"]


def by_region(r, r_trunc, inner, middle, outer):
    """One of three values."""
    return jnp.where(r < r_trunc, inner, jnp.where(r < 2 * r_trunc, middle, outer))


def potential(r, theta_E, r_trunc):
    """Zero at the centre, constant outside."""
    middle = theta_E * r_trunc + theta_E / 2 * (3 - safe_divide(r, r_trunc)) * (r - r_trunc)
    return by_region(r, r_trunc, theta_E * r, middle, 1.5 * theta_E * r_trunc)


def mean_convergence(r, theta_E, r_trunc):
    """Deflection over radius."""
    inner = safe_divide(theta_E, r)
    return by_region(r, r_trunc, inner, 2 * inner - safe_divide(theta_E, r_trunc), 0.0)


def convergence(r, theta_E, r_trunc):
    """Half that of the isothermal sphere inside, falling linearly in 1/r."""
    inner = safe_divide(theta_E, r)
    return by_region(r, r_trunc, inner / 2, inner - safe_divide(theta_E, r_trunc), 0.0)


class SIS_truncate(LensProfileBase):
    __doc__ = __doc__

    parameters = (THETA_E, Parameter("r_trunc", 0, 100, unit="arcsec"), *CENTRE)
    kernel = centred(Round(potential, mean_convergence, convergence).kernel())
