r"""Round deflector given by its convergence at some radii.

Between the radii the convergence is linear, inside the first one constant, and beyond the last one there is no mass.
Mass, deflection and potential follow exactly, as

.. math::
    \alpha = \frac{C_i}{r} + A_i r + \frac{2 s_i}{3} r^2, \qquad \kappa = A_i + s_i r

with the constants of the interval; lenstronomy interpolates each of them linearly on its own, and agrees as the
intervals get narrow.
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.interpolate import piecewise
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import log, safe_divide
from jaxtronomy.core.parameters import Parameter

from .base_profile import LensProfileBase

__all__ = ["RadialInterpolate"]


def constants(r_bin, kappa_r):
    """Lower radius, A, s, C and potential at the lower radius of every interval, those at both ends included."""
    zero = jnp.zeros_like(r_bin[:1])
    slope = (kappa_r[1:] - kappa_r[:-1]) / (r_bin[1:] - r_bin[:-1])
    s = jnp.concatenate([zero, slope, zero])
    a = jnp.concatenate([kappa_r[:1], kappa_r[:-1] - slope * r_bin[:-1], zero])
    edges = jnp.concatenate([zero, r_bin])

    def mass(r, i):
        """Mass over pi of the interval's line, counted from the centre."""
        return a[i] * r**2 + 2 / 3 * s[i] * r**3

    inner, outer = slice(0, -1), slice(1, None)
    steps = mass(edges[outer], inner) - mass(edges[inner], inner)
    enclosed = jnp.concatenate([zero, jnp.cumsum(steps)])
    c = enclosed - mass(edges, slice(None))
    c = c.at[0].set(0.0)

    rise = smooth_part(edges[outer], a[inner], s[inner]) - smooth_part(edges[inner], a[inner], s[inner])
    first = edges[inner] > 0
    rise = rise + c[inner] * log(jnp.where(first, edges[outer] / jnp.where(first, edges[inner], 1.0), 1.0))
    return edges, a, s, c, jnp.concatenate([zero, jnp.cumsum(rise)])


def smooth_part(r, a, s):
    """Potential of a line of convergence."""
    return a * r**2 / 2 + 2 / 9 * s * r**3


def at(r, r_bin, kappa_r):
    """The constants of the interval that holds each radius."""
    table = constants(r_bin, kappa_r)
    upper = jnp.concatenate([table[0], table[0][-1:] + 1])
    index = piecewise(upper, r)
    return tuple(row.at[index].get(mode="promise_in_bounds") for row in table)


def convergence(r, r_bin, kappa_r):
    """Convergence at radius r [arcsec]."""
    _, a, s, _, _ = at(r, r_bin, kappa_r)
    return a + s * r


def mean_convergence(r, r_bin, kappa_r):
    """Mean convergence inside radius r [arcsec]."""
    _, a, s, c, _ = at(r, r_bin, kappa_r)
    return a + 2 / 3 * s * r + safe_divide(c, r * r)


def potential(r, r_bin, kappa_r):
    """Potential, zero at the centre."""
    edge, a, s, c, start = at(r, r_bin, kappa_r)
    inside = edge > 0
    growth = log(jnp.where(inside, r / jnp.where(inside, edge, 1.0), 1.0))
    return start + smooth_part(r, a, s) - smooth_part(edge, a, s) + c * growth


def alpha(r, r_bin, kappa_r):
    """Deflection [arcsec] at radius r [arcsec]."""
    return r * mean_convergence(r, r_bin, kappa_r)


class RadialInterpolate(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        Parameter("r_bin", unit="arcsec"),
        Parameter("kappa_r"),
        Parameter("center_x", default=0, unit="arcsec"),
        Parameter("center_y", default=0, unit="arcsec"),
    )
    kernel = centred(Round(potential, mean_convergence, convergence).kernel())
    alpha = method(alpha)
