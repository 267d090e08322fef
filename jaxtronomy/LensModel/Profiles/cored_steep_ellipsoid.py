r"""Cored steep ellipsoid (Keeton & Kochanek 1998, astro-ph/9705194; Oguri 2021, arXiv:2106.11464).

.. math::
    \kappa = \frac{A}{2 (s^2 + \rho^2)^{3/2}}, \qquad \rho^2 = q x'^2 + y'^2/q

In the complex ellipticity :math:`e`, with :math:`R^2 = s^2 + \rho^2`,

.. math::
    \psi = \frac{A}{2s} \ln\left[1 + \frac{1-|e|^2}{4 s^2} \left(r^2 + 2s\,(R - s)\right)\right].

Along the major axis the radius is :math:`\rho/\sqrt q` instead.  Sums of many such terms approximate other ellipsoids.
"""

import jax
import jax.numpy as jnp

from jaxtronomy.core.blocks import accumulated
from jaxtronomy.core.frames import bounded_ellipticity, centred, reparametrised, squeezed
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import log1p, safe_hypot, spread
from jaxtronomy.core.parameters import Parameter

from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase

__all__ = ["CSE", "CSEMajorAxis", "CSEMajorAxisSet", "CSEProductAvg", "CSEProductAvgSet"]

BLOCK = 4  # terms of a sum in one pass over the positions


def parts(x, y, s, e1, e2):
    """1 - |e|^2, half the gradient of |w|^2, R, and 4 s^2 times the argument of the logarithm less one."""
    flat, u, v, radius, square = _frame(x, y, e1, e2)
    r = jnp.sqrt(s * s + square)
    return flat, u, v, r, flat * (radius + 2 * s * square / (r + s))


def potential(x, y, a, s, e1, e2):
    """Logarithm of the module's docstring."""
    e1, e2 = bounded_ellipticity(e1, e2)
    *_, rise = parts(x, y, s, e1, e2)
    return a / (2 * s) * log1p(rise / (4 * s * s))


def _frame(x, y, e1, e2):
    """1 - |e|^2, half the gradient of |w|^2, and the squares of the radius and of rho."""
    flat = 1 - e1 * e1 - e2 * e2
    wx, wy = squeezed(x, y, e1, e2)
    return flat, *squeezed(wx, wy, e1, e2), x * x + y * y, (wx * wx + wy * wy) / flat


def _weights(a, s, flat, radius, square):
    """What multiplies (1 - |e|^2) (x, y) and half the gradient of |w|^2 in the deflection: one root, one division."""
    r = jnp.sqrt(s * s + square)
    # what is lost in the difference is small beside s
    inverse = 1 / (r * (flat * (radius + 2 * s * (r - s)) + 4 * s * s))
    return a / s * (r * inverse), a * inverse


def deflection(x, y, a, s, e1, e2):
    """Its gradient."""
    return _weighted(x, y, *bounded_ellipticity(e1, e2), lambda *frame: _weights(a, s, *frame))


def _weighted(x, y, e1, e2, weights):
    """The deflection of these weights of the frame."""
    flat, u, v, *squares = _frame(x, y, e1, e2)
    along, across = weights(*spread(x, flat), *squares)
    along = flat * along
    return along * x + across * u, along * y + across * v


def hessian(x, y, a, s, e1, e2):
    """Its second derivatives."""
    e1, e2 = bounded_ellipticity(e1, e2)
    flat, u, v, r, rise = parts(x, y, s, e1, e2)
    inverse, ratio = 1 / (rise + 4 * s * s), s / r
    scale, bend = a / s * inverse, ratio / (flat * r * r)
    n, m = flat * x + ratio * u, flat * y + ratio * v
    f_xx = flat + ratio * ((1 - e1) ** 2 + e2 * e2) - bend * u * u - 2 * n * n * inverse
    f_yy = flat + ratio * ((1 + e1) ** 2 + e2 * e2) - bend * v * v - 2 * m * m * inverse
    f_xy = scale * (-2 * ratio * e2 - bend * u * v - 2 * n * m * inverse)
    return scale * f_xx, f_xy, f_xy, scale * f_yy


def along_major_axis(kernel):
    """The kernel with the radius of the major axis, which is not smooth in the ellipticity where it is round."""

    def ratio(e1, e2):
        size = safe_hypot(*bounded_ellipticity(e1, e2))
        return (1 - size) / (1 + size)

    def scaled(f, power):
        def function(x, y, a, s, e1, e2):
            q = ratio(e1, e2)
            root = jnp.sqrt(q)
            return jax.tree.map(lambda value: q / root**power * value, f(x / root, y / root, a, s, e1, e2))

        return function

    return Kernel(scaled(kernel.psi, 0), scaled(kernel.alpha, 1), scaled(kernel.second, 2))


def _over(term, a_list, s_list):
    """The sum of ``term(a, s)`` over arrays of amplitudes and cores, a few in each pass over the positions."""
    a, s = jnp.atleast_1d(a_list), jnp.atleast_1d(s_list)
    missing = -a.size % BLOCK
    rows = jnp.stack([jnp.pad(a, (0, missing)), jnp.pad(s, (0, missing), mode="edge")], -1)
    return accumulated(lambda row: term(row[0], row[1]), rows.reshape(-1, BLOCK, 2))


def _potential_of_many(x, y, a_list, s_list, e1, e2):
    return _over(lambda a, s: potential(x, y, a, s, e1, e2), a_list, s_list)


def _deflection_of_many(x, y, a_list, s_list, e1, e2):
    """All terms share a frame: their weights are summed."""
    weights = lambda *frame: _over(lambda a, s: _weights(a, s, *frame), a_list, s_list)  # noqa: E731
    return _weighted(x, y, *bounded_ellipticity(e1, e2), weights)


def _hessian_of_many(x, y, a_list, s_list, e1, e2):
    return _over(lambda a, s: hessian(x, y, a, s, e1, e2), a_list, s_list)


def from_axis_ratio(a, s, q):
    """Ellipticity along the x-axis."""
    return a, s, (1 - q) / (1 + q), jnp.zeros_like(q)


cse = Kernel(potential, deflection, hessian)
sum_of_cse = Kernel(_potential_of_many, _deflection_of_many, _hessian_of_many)
A = Parameter("a", -1000, 1000)
S = Parameter("s", 0, 10000, unit="arcsec")
Q = Parameter("q", 0.001, 0.99999)
LISTS = (Parameter("a_list"), Parameter("s_list", unit="arcsec"), Parameter("q"))


class CSE(LensProfileBase):
    __doc__ = __doc__

    parameters = (A, S, *ELLIPTICITY, *CENTRE)

    def __init__(self, axis="product_avg"):
        """
        :param axis: radius of the profile: 'product_avg' of both axes, or 'major'
        :raises ValueError: for anything else
        """
        if axis not in ("major", "product_avg"):
            raise ValueError(f"axis must be 'major' or 'product_avg', not {axis!r}.")
        self.kernel = centred(along_major_axis(cse) if axis == "major" else cse)
        super().__init__(axis=axis)


class CSEMajorAxis(LensProfileBase):
    r"""Cored steep ellipsoid along the x-axis, :math:`\xi^2 = x^2 + y^2/q^2`."""

    parameters = (A, S, Q, *CENTRE)
    kernel = centred(reparametrised(along_major_axis(cse), from_axis_ratio))


class CSEMajorAxisSet(LensProfileBase):
    """Sum of cored steep ellipsoids along the x-axis with one axis ratio, by the radius of the major axis."""

    parameters = LISTS
    kernel = reparametrised(along_major_axis(sum_of_cse), from_axis_ratio)


class CSEProductAvg(LensProfileBase):
    r"""Cored steep ellipsoid along the x-axis, :math:`\xi^2 = q x^2 + y^2/q`."""

    parameters = (A, S, Q, *CENTRE)
    kernel = centred(reparametrised(cse, from_axis_ratio))


class CSEProductAvgSet(LensProfileBase):
    """Sum of cored steep ellipsoids along the x-axis with one axis ratio, by the product-averaged radius."""

    parameters = LISTS
    kernel = reparametrised(sum_of_cse, from_axis_ratio)
