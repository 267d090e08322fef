"""Lens kernels: pure, elementwise functions of position and parameters.

A :class:`Kernel` is what a deflector *is*: potential, deflection and Hessian as functions ``(x, y, *parameters)`` in
the profile's own frame. What it does not define in closed form follows by forward-mode differentiation; the frame it is
not written in is added by a combinator of :mod:`jaxtronomy.core.frames`. Nothing here knows about ``jit``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import jax
import jax.numpy as jnp

from .numerics import safe_divide, safe_hypot, safe_sqrt

__all__ = ["Kernel", "Round", "bounded_ellipticity", "slopes", "squeezed", "total"]

MAX_ELLIPTICITY = 0.9999


def bounded_ellipticity(e1: jax.Array, e2: jax.Array) -> tuple:
    """The ellipticity, its modulus at most 0.9999 (lenstronomy's bound)."""
    size = safe_hypot(e1, e2)
    shrink = jnp.where(size > MAX_ELLIPTICITY, MAX_ELLIPTICITY / jnp.maximum(size, MAX_ELLIPTICITY), 1.0)
    return e1 * shrink, e2 * shrink


def squeezed(x: jax.Array, y: jax.Array, e1: jax.Array, e2: jax.Array) -> tuple:
    """``w = z - e conj(z)``: ellipses of the complex ellipticity ``e`` become circles."""
    return x - e1 * x - e2 * y, y - e2 * x + e1 * y


def slopes(f: Callable, x: jax.Array, y: jax.Array) -> tuple:
    """``df/dx`` and ``df/dy`` of an elementwise ``f(x, y)``, by forward mode."""
    x, y = (jnp.asarray(v, jnp.result_type(v, jnp.float32)) for v in (x, y))
    along_x = jax.jvp(lambda u: f(u, y), (x,), (jnp.ones_like(x),))[1]
    return along_x, jax.jvp(lambda v: f(x, v), (y,), (jnp.ones_like(y),))[1]


@dataclass(frozen=True, eq=False)
class Kernel:
    """Potential [arcsec^2], deflection [arcsec] and Hessian [1] of one deflector.

    :param psi: ``(x, y, *parameters) -> potential``; None where there is no closed form
    :param alpha: ``-> (f_x, f_y)``; None: the gradient of ``psi``
    :param second: ``-> (f_xx, f_xy, f_yx, f_yy)``; None: the gradient of the deflection
    """

    psi: Callable | None = None
    alpha: Callable | None = None
    second: Callable | None = None

    @cached_property
    def potential(self) -> Callable:
        """Lensing potential [arcsec^2]."""
        if self.psi is None:
            raise ValueError("this deflector has no lensing potential in closed form.")
        return self.psi

    @cached_property
    def deflection(self) -> Callable:
        """Deflection angles ``f_x, f_y`` [arcsec]."""
        return self.alpha or (lambda x, y, *p: slopes(lambda u, v: self.potential(u, v, *p), x, y))

    @cached_property
    def hessian(self) -> Callable:
        """Second derivatives ``f_xx, f_xy, f_yx, f_yy``."""
        if self.second:
            return self.second

        def hessian(x, y, *p):
            (fxx, fyx), (fxy, fyy) = slopes(lambda u, v: self.deflection(u, v, *p), x, y)
            return fxx, fxy, fyx, fyy

        return hessian


@dataclass(frozen=True, eq=False)
class Round:
    """A deflector that depends on position only through the radius.

    :param psi: ``(r, *parameters) -> potential``
    :param mean_convergence: ``-> alpha(r) / r``, the mean convergence inside ``r``
    :param convergence: ``-> kappa(r)``
    :param squared: whether these functions take ``r^2`` in place of ``r``, to save the root
    """

    psi: Callable | None
    mean_convergence: Callable
    convergence: Callable
    squared: bool = False

    def kernel(self) -> Kernel:
        """The deflector as a function of ``x, y, *parameters``."""

        def radius(x, y):
            return x * x + y * y if self.squared else safe_hypot(x, y)

        return Kernel(
            self.psi and (lambda x, y, *p: self.psi(radius(x, y), *p)),
            lambda x, y, *p: self._deflection(x, y, radius(x, y), p),
            lambda x, y, *p: self._hessian(x, y, radius(x, y), p),
        )

    def elliptical_potential(self) -> Kernel:
        r"""The deflector with elliptical iso-potential contours; ``e1, e2`` follow its parameters.

        The radius becomes :math:`r'^2 = (1-\epsilon)x'^2 + (1+\epsilon)y'^2` in the major-axis frame, with
        :math:`\epsilon = (1-q^2)/(1+q^2)`. In the complex ellipticity :math:`e = e_1 + i e_2` that is
        :math:`r'^2 = |z|^2 - \mathrm{Re}(z^2 \hat e^*)`, :math:`\hat e = 2e/(1+|e|^2)`: no rotation, and smooth where
        it is round.
        """

        def frame(x, y, e1, e2):
            e1, e2 = bounded_ellipticity(e1, e2)
            scale = 2 / (1 + e1 * e1 + e2 * e2)
            e1, e2 = e1 * scale, e2 * scale
            u, v = squeezed(x, y, e1, e2)
            square = x * u + y * v
            return u, v, square if self.squared else safe_sqrt(square), e1, e2

        def psi(x, y, *p):
            *p, e1, e2 = p
            return self.psi(frame(x, y, e1, e2)[2], *p)

        def alpha(x, y, *p):
            *p, e1, e2 = p
            u, v, r, *_ = frame(x, y, e1, e2)
            return self._deflection(u, v, r, p)

        def second(x, y, *p):
            *p, e1, e2 = p
            u, v, r, e1, e2 = frame(x, y, e1, e2)
            return self._hessian(u, v, r, p, (1 - e1, -e2, 1 + e1))

        return Kernel(self.psi and psi, alpha, second)

    def _deflection(self, u, v, r, p):
        """Gradient of the potential, with (u, v) the gradient of r^2 / 2."""
        mean = self.mean_convergence(r, *p)
        return mean * u, mean * v

    def _hessian(self, u, v, r, p, metric=(1.0, 0.0, 1.0)):
        """Second derivatives, with ``metric`` those of r^2 / 2."""
        mean = self.mean_convergence(r, *p)
        bend = 2 * safe_divide(self.convergence(r, *p) - mean, r if self.squared else r * r)
        fxy = mean * metric[1] + bend * u * v
        return mean * metric[0] + bend * u * u, fxy, fxy, mean * metric[2] + bend * v * v


def total(*kernels: Kernel, split: Callable) -> Kernel:
    """The sum of kernels that share parameters.

    :param split: ``split(*parameters) -> one tuple of parameters per kernel``
    """

    def add(name):
        def summed(x, y, *p):
            parts = [getattr(k, name)(x, y, *q) for k, q in zip(kernels, split(*p))]
            return jax.tree.map(lambda *terms: sum(terms), *parts)

        return summed

    psi = add("potential") if all(k.psi for k in kernels) else None
    return Kernel(psi, add("deflection"), add("hessian"))
