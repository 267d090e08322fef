r"""Lens mappings: everything that follows from the deflection of a sum of terms.

A :class:`LensMap` holds pure functions ``(terms, x, y, *extra)``, elementwise in ``x`` and ``y``: the deflection, its
first derivatives, if they are known better than by differentiation, and the time delay surface. The rest (ray shooting,
convergence, shear, magnification, flexion, finite differences) follows here, for single planes, line-of-sight
corrections and multiple planes alike. ``extra`` are scalings or distances, arguments of the compiled programs.

With :math:`\mathbf{A} = 1 - \partial\boldsymbol\alpha/\partial\boldsymbol\theta`:
:math:`\kappa = (f_{xx} + f_{yy})/2`, :math:`\gamma_1 = (f_{xx} - f_{yy})/2`, :math:`\gamma_2 = f_{xy}`,
:math:`\mu = 1/\det\mathbf{A}` (Schneider, Ehlers & Falco 1992, section 5.1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import jax
import jax.numpy as jnp

__all__ = ["LensMap", "jacobian"]


def jacobian(function: Callable, x: jax.Array, y: jax.Array) -> tuple:
    """``(values, d/dx of each, d/dy of each)`` of an elementwise function with a tuple of outputs, by forward mode."""
    x, y = jnp.asarray(x, float), jnp.asarray(y, float)
    along_x = (jnp.stack([jnp.ones_like(x), jnp.zeros_like(x)]), jnp.stack([jnp.zeros_like(y), jnp.ones_like(y)]))
    values, slopes = jax.vmap(lambda dx, dy: jax.jvp(function, (x, y), (dx, dy)), out_axes=(None, 0))(*along_x)
    return values, tuple(s[0] for s in slopes), tuple(s[1] for s in slopes)


def _shifted(x, y, diff, offsets):
    """Copies of the positions, stacked along a new first axis and moved by ``offsets`` times ``diff``."""
    column = (len(offsets),) + (1,) * jnp.ndim(x)
    dx, dy = (jnp.reshape(jnp.array(o, float), column) for o in zip(*offsets))
    return x[None] + dx * diff, y[None] + dy * diff


_CROSS = ((0.5, 0), (-0.5, 0), (0, 0.5), (0, -0.5))
_SQUARE = ((0.5, 0.5), (0.5, -0.5), (-0.5, 0.5), (-0.5, -0.5))


@dataclass(frozen=True, eq=False)
class LensMap:
    """A mapping from the image to the source plane.

    :param deflection: ``(terms, x, y, *extra) -> (alpha_x, alpha_y)`` [arcsec]
    :param second: ``-> (f_xx, f_xy, f_yx, f_yy)``; None: the derivatives of the deflection, by forward mode
    :param potential: ``-> potential`` [arcsec^2], None where there is none
    :param delay: ``-> time delay surface`` of an image at its own source position, in any unit: it orders images
    :param approximate: whether ``second`` is an approximation, that Newton steps should not rely on
    """

    deflection: Callable
    second: Callable | None = None
    potential: Callable | None = None
    delay: Callable | None = None
    approximate: bool = False

    @cached_property
    def ray_shooting(self) -> Callable:
        """Source-plane position."""

        def ray_shooting(terms, x, y, *extra):
            f_x, f_y = self.deflection(terms, x, y, *extra)
            return x - f_x, y - f_y

        return ray_shooting

    @cached_property
    def ray_shooting_and_hessian(self) -> Callable:
        """Source-plane position and the four second derivatives."""

        def ray_shooting_and_hessian(terms, x, y, *extra):
            if self.second and not self.approximate:
                return self.ray_shooting(terms, x, y, *extra), self.second(terms, x, y, *extra)
            (f_x, f_y), (f_xx, f_yx), (f_xy, f_yy) = jacobian(lambda u, v: self.deflection(terms, u, v, *extra), x, y)
            return (x - f_x, y - f_y), (f_xx, f_xy, f_yx, f_yy)

        return ray_shooting_and_hessian

    @cached_property
    def hessian(self) -> Callable:
        """``f_xx, f_xy, f_yx, f_yy``."""
        if self.second:
            return self.second

        def hessian(terms, x, y, *extra):
            return self.ray_shooting_and_hessian(terms, x, y, *extra)[1]

        return hessian

    @cached_property
    def hessian_cross(self) -> Callable:
        """The Hessian by differences of the deflection on a cross; its width is the first of the extra arguments."""

        def hessian_cross(terms, x, y, diff, *extra):
            f_x, f_y = self.deflection(terms, *_shifted(x, y, diff, _CROSS), *extra)
            f_xx, f_yx = (f_x[0] - f_x[1]) / diff, (f_y[0] - f_y[1]) / diff
            f_xy, f_yy = (f_x[2] - f_x[3]) / diff, (f_y[2] - f_y[3]) / diff
            return f_xx, f_xy, f_yx, f_yy

        return hessian_cross

    @cached_property
    def hessian_square(self) -> Callable:
        """The Hessian by differences on the corners of a square; its width is the first of the extra arguments."""

        def hessian_square(terms, x, y, diff, *extra):
            f_x, f_y = self.deflection(terms, *_shifted(x, y, diff, _SQUARE), *extra)
            f_xx, f_yx = ((f[0] + f[1] - f[2] - f[3]) / (2 * diff) for f in (f_x, f_y))
            f_xy, f_yy = ((f[0] - f[1] + f[2] - f[3]) / (2 * diff) for f in (f_x, f_y))
            return f_xx, f_xy, f_yx, f_yy

        return hessian_square

    def _second_derivatives(self, method: str | None) -> Callable:
        """The Hessian, exact (None) or by differences ("square", "cross")."""
        return {None: self.hessian, "square": self.hessian_square, "cross": self.hessian_cross}[method]

    @cached_property
    def _derived(self) -> dict:
        """Functions of the Hessian, by name and method of differentiation."""
        return {
            (n, m): _of(f, self._second_derivatives(m))
            for n, f in _QUANTITIES.items()
            for m in (None, "square", "cross")
        }

    def of_hessian(self, name: str, method: str | None = None) -> Callable:
        """``kappa``, ``curl``, ``gamma`` or ``magnification``, the Hessian exact or by differences.

        With a method the width of the differences is the first of the extra arguments.
        """
        return self._derived[name, method]

    @cached_property
    def alpha_differences(self) -> Callable:
        """The deflection by differences of the potential on a cross of width ``diff``."""

        def alpha_differences(terms, x, y, diff, *extra):
            psi = self.potential(terms, *_shifted(x, y, diff, _CROSS), *extra)
            return (psi[0] - psi[1]) / diff, (psi[2] - psi[3]) / diff

        return alpha_differences

    @cached_property
    def flexion(self) -> Callable:
        """Third derivatives ``f_xxx, f_xxy, f_xyy, f_yyy``, by forward mode."""

        def flexion(terms, x, y, *extra):
            _, d_x, d_y = jacobian(lambda u, v: self.hessian(terms, u, v, *extra), x, y)
            return d_x[0], d_y[0], d_y[1], d_y[3]

        return flexion

    @cached_property
    def flexion_differences(self) -> Callable:
        """Third derivatives by differences of the Hessian on a cross of width ``diff``."""
        return self._flexion_differences(None)

    @cached_property
    def flexion_differences_only(self) -> Callable:
        """Third derivatives by differences of differences: of a Hessian on squares of width ``diff / 4``."""
        return self._flexion_differences("square")

    def _flexion_differences(self, method):
        second = self._second_derivatives(method)

        def flexion_differences(terms, x, y, diff, *extra):
            width = (diff / 4,) if method else ()
            f_xx, f_xy, _, f_yy = second(terms, *_shifted(x, y, diff, _CROSS), *width, *extra)
            d_y = [(f[2] - f[3]) / diff for f in (f_xx, f_xy, f_yy)]
            return (f_xx[0] - f_xx[1]) / diff, *d_y

        return flexion_differences


def _kappa(f_xx, f_xy, f_yx, f_yy):
    """Convergence."""
    return (f_xx + f_yy) / 2


def _curl(f_xx, f_xy, f_yx, f_yy):
    """Curl of the deflection."""
    return f_xy - f_yx


def _gamma(f_xx, f_xy, f_yx, f_yy):
    """Shear."""
    return (f_xx - f_yy) / 2, f_xy


def _magnification(f_xx, f_xy, f_yx, f_yy):
    """Signed magnification."""
    return 1 / ((1 - f_xx) * (1 - f_yy) - f_xy * f_yx)


_QUANTITIES = {"kappa": _kappa, "curl": _curl, "gamma": _gamma, "magnification": _magnification}


def _of(quantity, second):
    """The quantity as a function of the terms and the position."""

    def of_hessian(terms, x, y, *extra):
        return quantity(*second(terms, x, y, *extra))

    of_hessian.__name__ = quantity.__name__.strip("_")
    return of_hessian
