r"""Frames: centred, rotated, reparametrised kernels, and the elliptical radius.

**Complex ellipticity.** (e1, e2) satisfies :math:`|e| = (1-q)/(1+q)`, :math:`\arg e = 2\phi`. With
:math:`z = x + iy`, :math:`w = z - e z^*`, the elliptical radius is :math:`\rho = |w|/\sqrt{1-|e|^2} =
\sqrt{q x'^2 + y'^2/q}`. No rotation, no arctangent, smooth through the round profile.
"""

from collections.abc import Callable
from dataclasses import replace

import jax
import jax.numpy as jnp

from .kernel import MAX_ELLIPTICITY, Kernel, bounded_ellipticity, squeezed
from .numerics import arctan2, safe_hypot, spread

__all__ = [
    "bounded_ellipticity",
    "centred",
    "circularised",
    "ellipticity_to_phi_q",
    "phi_q_to_ellipticity",
    "reparametrised",
    "rotate",
    "rotated",
    "squeezed",
]


def ellipticity_to_phi_q(e1: jax.Array, e2: jax.Array) -> tuple:
    """Position angle [rad] and axis ratio; the angle is 0, with zero slope, where it is round."""
    size = jnp.minimum(safe_hypot(e1, e2), MAX_ELLIPTICITY)
    is_round = (e1 == 0) & (e2 == 0)
    phi = arctan2(jnp.where(is_round, 0.0, e2), jnp.where(is_round, 1.0, e1)) / 2
    return phi, (1 - size) / (1 + size)


def phi_q_to_ellipticity(phi: jax.Array, q: jax.Array) -> tuple:
    """``e1, e2`` of a position angle [rad] and an axis ratio."""
    size = (1 - q) / (1 + q)
    return size * jnp.cos(2 * phi), size * jnp.sin(2 * phi)


def elliptical_radius_squared(x: jax.Array, y: jax.Array, e1: jax.Array, e2: jax.Array) -> jax.Array:
    """q x'^2 + y'^2 / q in the major-axis frame [arcsec^2]."""
    e1, e2 = bounded_ellipticity(e1, e2)
    u, v = squeezed(x, y, e1, e2)
    return (u * u + v * v) * (1 / (1 - e1 * e1 - e2 * e2))


def circularised(x: jax.Array, y: jax.Array, e1: jax.Array, e2: jax.Array) -> tuple:
    """``(z - e conj(z)) / sqrt(1 - |e|^2)``: ellipses become circles of the same area, the axes stay."""
    scale = 1 / jnp.sqrt(jnp.maximum(jnp.abs(1 - e1**2 - e2**2), 1e-6))
    along_x, along_y, across = (1 - e1) * scale, (1 + e1) * scale, *spread(x, e2 * scale)
    return along_x * x - across * y, along_y * y - across * x


def rotate(x: jax.Array, y: jax.Array, phi: jax.Array) -> tuple:
    """Coordinates in axes turned by ``phi`` [rad] counter-clockwise."""
    c, s = jnp.cos(phi), jnp.sin(phi)
    return c * x + s * y, c * y - s * x


def centred(kernel: Kernel, alpha: Callable | None = None) -> Kernel:
    """Move the origin: ``center_x, center_y`` follow the parameters.

    :param kernel: a kernel around the origin
    :param alpha: its deflection, if that takes the centre itself, for the derivatives by it
    """

    def wrap(f):
        def moved(x, y, *p):
            center_x, center_y = spread(x, *p[-2:])
            return f(x - center_x, y - center_y, *p[:-2])

        return moved

    moved = _wrapped(kernel, wrap)
    return replace(moved, alpha=alpha or moved.alpha)


def reparametrised(kernel: Kernel, convert: Callable) -> Kernel:
    """The same deflector, described by other numbers: ``convert(*new) -> old``."""
    return _wrapped(kernel, lambda f: lambda x, y, *p: f(x, y, *convert(*p)))


def rotated(kernel: Kernel) -> Kernel:
    """Turn the major axis from x to the position angle ``phi`` [rad], the last parameter."""

    def scalar(f):
        return lambda x, y, *p: f(*rotate(x, y, p[-1]), *p[:-1])

    def vector(f):
        return lambda x, y, *p: rotate(*f(*rotate(x, y, p[-1]), *p[:-1]), -p[-1])

    def tensor(f):
        def hessian(x, y, *p):
            fxx, fxy, _, fyy = f(*rotate(x, y, p[-1]), *p[:-1])
            kappa, (g1, g2) = (fxx + fyy) / 2, rotate((fxx - fyy) / 2, fxy, -2 * p[-1])
            return kappa + g1, g2, g2, kappa - g1

        return hessian

    return Kernel(
        kernel.psi and scalar(kernel.psi),
        kernel.alpha and vector(kernel.alpha),
        kernel.second and tensor(kernel.second),
    )


def _wrapped(kernel, wrap):
    """The kernel with each of the functions it has replaced by ``wrap(function)``."""
    return Kernel(*(f and wrap(f) for f in (kernel.psi, kernel.alpha, kernel.second)))
