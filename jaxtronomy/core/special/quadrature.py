r"""Fixed quadrature rules, and the radial integrals of spherical profiles.

Every rule has a fixed number of nodes, so that an integral is a plain sum: it compiles once, vectorises over
positions and has the derivatives of its integrand.  The radial integrals work in the logarithm of the radius,
where profiles are smooth whatever their scales are:

* along the line of sight, :math:`r = R\cosh u` and the trapezoidal rule, which converges exponentially
  (Trefethen & Weideman 2014, SIAM Review 56, 385);
* inside a radius, :math:`s = R e^{-v}` and Gauss-Legendre panels.

Nothing needs to be known about the scales of the profile, and its slope may be singular at the centre.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from ..blocks import accumulated

__all__ = [
    "Rule",
    "deflection_from_convergence",
    "double_exponential",
    "gauss_legendre",
    "integrate",
    "mass_2d",
    "mass_3d",
    "potential_from_convergence",
    "projected_density",
]


class Rule(NamedTuple):
    """Nodes and weights of a quadrature rule, as NumPy arrays of equal length."""

    nodes: np.ndarray
    weights: np.ndarray


@lru_cache
def gauss_legendre(n: int, lower: float = 0.0, upper: float = 1.0) -> Rule:
    """Gauss-Legendre rule of ``n`` nodes on the interval from ``lower`` to ``upper``."""
    x, w = np.polynomial.legendre.leggauss(n)
    half = (upper - lower) / 2
    return Rule(lower + half * (1 + x), half * w)


@lru_cache
def double_exponential(n: int, reach: float = 3.2) -> Rule:
    """Tanh-sinh rule of ``n`` nodes on the unit interval, for integrands that are singular at its ends.

    ``reach`` is where the rule is cut off in the transformed variable: the first node is at
    ``exp(-pi sinh(reach))``, 1e-16 by default (Takahasi & Mori 1974, Publ. RIMS 9, 721).
    """
    v, h = np.linspace(-reach, reach, n, retstep=True)
    s = np.pi * np.sinh(v)
    t = 1 / (1 + np.exp(-s))
    return Rule(t, h * np.pi * np.cosh(v) * t / (1 + np.exp(s)))


def integrate(f: Callable[..., Any], rule: Rule | tuple, dtype: Any = None, block: int = 4) -> Any:
    """Sum of ``weights * f(nodes)``, elementwise in whatever ``f`` depends on otherwise.

    :param f: function of one node (a scalar; of several scalars where the rule has several rows of nodes) that
        returns an array, or a tree of arrays
    :param rule: nodes of shape ``(n,)`` or ``(k, n)``, and weights of shape ``(n,)``
    :param dtype: type in which nodes are handed to ``f``, by default JAX's default float
    :param block: number of nodes summed in one pass over the arrays
    :return: the integral, of the shape that ``f`` returns
    """
    dtype = jnp.result_type(float) if dtype is None else dtype
    nodes, weights = rule
    table = np.concatenate([np.atleast_2d(nodes), np.asarray(weights)[None]])
    missing = -table.shape[1] % block
    table = np.concatenate([table, np.repeat(table[:, -1:], missing, axis=1)], axis=1)
    table[-1, table.shape[1] - missing :] = 0
    blocks = jnp.asarray(table.T.reshape(-1, block, len(table)), dtype)
    return accumulated(lambda row: jax.tree.map(lambda v: row[-1] * v, f(*row[:-1])), blocks)


def _line_of_sight_rule(step=0.25, end=40.0):
    """Trapezoidal rule for an even function of ``u``."""
    u = np.arange(0, end + step / 2, step)
    return Rule(np.cosh(u), np.where(u == 0, step, 2 * step))


def _inward_rule():
    """Rule in ``v = log(R/s)`` from 0 to 136: fine panels where structure may be, wide ones for a pure power law."""
    edges = [*np.arange(0, 12.1, 1.5), 16, 24, 40, 72, 136]
    panels = [gauss_legendre(12 if b <= 12 else 16, a, b) for a, b in pairwise(edges)]
    v = np.concatenate([p.nodes for p in panels])
    return Rule(np.stack([v, np.exp(-v)]), np.concatenate([p.weights for p in panels]))


_LINE_OF_SIGHT, _INWARD = _line_of_sight_rule(), _inward_rule()


def projected_density(rho: Callable, R: ArrayLike) -> jax.Array:
    r"""Surface density :math:`\Sigma(R) = 2\int_R^\infty \rho(r)\, r\, dr/\sqrt{r^2 - R^2}` of a spherical density.

    :param rho: density as an elementwise function of radius, falling faster than ``1/r``; it is evaluated out to
        ``1e17 R``
    :param R: projected radius, positive
    :return: surface density, in units of density times length; to 1e-12 for densities without structure narrower
        than half an e-fold in radius
    """
    R = jnp.asarray(R)
    return R * integrate(lambda c: c * rho(R * c), _LINE_OF_SIGHT, R.dtype)


def mass_3d(rho: Callable, r: ArrayLike) -> jax.Array:
    r"""Mass :math:`4\pi\int_0^r \rho(s)\, s^2 ds` inside a sphere.

    :param rho: density as an elementwise function of radius, rising less steeply than ``s**-2.7`` at the centre
    :param r: radius
    """
    r = jnp.asarray(r)
    return 4 * jnp.pi * r**3 * integrate(lambda _, s: s**3 * rho(r * s), _INWARD, r.dtype)


def mass_2d(kappa: Callable, R: ArrayLike) -> jax.Array:
    r"""Mass :math:`2\pi\int_0^R \kappa(s)\, s\, ds` inside a projected radius.

    :param kappa: surface density as an elementwise function of projected radius, rising less steeply than
        ``s**-1.7`` at the centre
    :param R: projected radius
    """
    return jnp.pi * R * deflection_from_convergence(kappa, R)


def deflection_from_convergence(kappa: Callable, R: ArrayLike) -> jax.Array:
    r"""Radial deflection :math:`\alpha(R) = (2/R)\int_0^R \kappa(s)\, s\, ds` of a round convergence."""
    R = jnp.asarray(R)
    return 2 * R * integrate(lambda _, s: s * s * kappa(R * s), _INWARD, R.dtype)


def potential_from_convergence(kappa: Callable, R: ArrayLike) -> jax.Array:
    r"""Lensing potential :math:`2\int_0^R \kappa(s) \ln(R/s)\, s\, ds`, zero at the centre, of a round convergence."""
    R = jnp.asarray(R)
    return 2 * R * R * integrate(lambda v, s: v * s * s * kappa(R * s), _INWARD, R.dtype)
