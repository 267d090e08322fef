"""Deflector given by maps on a rectangular grid: potential, deflection and (optionally) second derivatives.

Every map is interpolated by a spline of its own, bilinear unless ``kwargs_spline`` gives other degrees, and constant
beyond the edges of the grid.  Without maps of the second derivatives the Hessian is the slope of the interpolated
deflection (which lenstronomy takes by finite differences).  Maps and axes are ordinary parameters: a new map of the
same shape runs the same program, and derivatives with respect to its pixels are there.
"""

import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.interpolate import spline
from jaxtronomy.core.kernel import Kernel, slopes
from jaxtronomy.core.parameters import Parameter

from .base_profile import LensProfileBase

__all__ = ["Interpol", "InterpolScaled"]

DEFAULT_SPLINE = (("kx", 1), ("ky", 1), ("s", 0))
MAPS = ("f_", "f_x", "f_y", "f_xx", "f_yy", "f_xy")
GRID = ("grid_interp_x", "grid_interp_y")


def degrees(kwargs_spline):
    """Hashable options, and the degrees along y and x, of scipy's options for a spline.

    :raises ValueError: for options that are not there
    """
    options = dict(DEFAULT_SPLINE) if kwargs_spline is None else dict(kwargs_spline)
    kx, ky, s = options.pop("kx", 3), options.pop("ky", 3), options.pop("s", 0)
    if options:
        raise ValueError(f"kwargs_spline: {', '.join(options)} is not supported; kx, ky and s are.")
    if s != 0:
        raise ValueError(f"kwargs_spline: smoothing s={s} is not supported, the spline interpolates (s=0).")
    for name, k in (("kx", kx), ("ky", ky)):
        if k not in (1, 2, 3, 4, 5):
            raise ValueError(f"kwargs_spline: degree {name}={k}; it has to be 1, 2, 3, 4 or 5.")
    # lenstronomy's first axis is y
    return (("kx", kx), ("ky", ky), ("s", s)), (kx, ky)


def kernel_of(degree):
    """Kernel of the maps, interpolated with these degrees along y and x."""

    def at(x, y, grid_x, grid_y, values):
        return spline(values, grid_y, grid_x, y, x, degree)

    def psi(x, y, grid_x, grid_y, f_, f_x, f_y, f_xx, f_yy, f_xy):
        return at(x, y, grid_x, grid_y, given(f_=f_))

    def alpha(x, y, grid_x, grid_y, f_, f_x, f_y, f_xx, f_yy, f_xy):
        both = at(x, y, grid_x, grid_y, jnp.stack([given(f_x=f_x), given(f_y=f_y)]))
        return both[0], both[1]

    def second(x, y, grid_x, grid_y, f_, f_x, f_y, f_xx, f_yy, f_xy):
        if f_xx is None or f_yy is None or f_xy is None:
            (a, c), (b, d) = slopes(lambda u, v: alpha(u, v, grid_x, grid_y, f_, f_x, f_y, None, None, None), x, y)
            return a, b, c, d
        f_xx, f_xy, f_yy = at(x, y, grid_x, grid_y, jnp.stack([f_xx, f_xy, f_yy]))
        return f_xx, f_xy, f_xy, f_yy

    return Kernel(psi, alpha, second)


def given(**maps):
    """The one map, which has to be there."""
    ((name, values),) = maps.items()
    if values is None:
        raise ValueError(f"INTERPOL: the map {name!r} is needed here and was not given.")
    return values


def scaled(kernel):
    """The kernel times a factor, the first parameter."""

    def times(f):
        def function(x, y, scale_factor, *p):
            out = f(x, y, *p)
            return tuple(scale_factor * o for o in out) if isinstance(out, tuple) else scale_factor * out

        return function

    return Kernel(times(kernel.psi), times(kernel.alpha), times(kernel.second))


def interpolate(x, y, x_grid, y_grid, values, kx=1, ky=1):
    """One map at positions [arcsec]."""
    return spline(values, y_grid, x_grid, y, x, (kx, ky))


interpolated = elementwise(interpolate, static=("kx", "ky"))


class Interpol(LensProfileBase):
    __doc__ = __doc__

    parameters = tuple(Parameter(name, optional=True) for name in (*GRID, *MAPS))

    def __init__(self, grid=False, min_grid_number=100, kwargs_spline=None):
        """
        :param grid: accepted for compatibility: positions on a grid are no special case
        :param min_grid_number: the same
        :param kwargs_spline: degrees ``kx`` (first axis, y) and ``ky`` of the splines, 1 to 5; bilinear by default
        :raises ValueError: for other options, and for a smoothing ``s`` that is not zero
        """
        options, self._degree = degrees(kwargs_spline)
        self.kernel = kernel_of(self._degree)
        self._maps = {}
        super().__init__(grid=grid, min_grid_number=min_grid_number, kwargs_spline=options)

    def _kwargs(self, args, kwargs):
        return self._maps | {k: v for k, v in super()._kwargs(args, kwargs).items() if v is not None}

    def do_interp(self, x_grid, y_grid, f_, f_x, f_y, f_xx=None, f_yy=None, f_xy=None):
        """Keep maps for calls of this object without any.  As in lenstronomy, their first axis is ``x_grid``, which
        is then the axis of y.

        :param x_grid: coordinates of the first axis of the maps [arcsec]
        :param y_grid: coordinates of the second axis
        :param f_, f_x, f_y: potential and deflection
        :param f_xx, f_yy, f_xy: second derivatives, or None
        """
        maps = dict(zip(MAPS, (f_, f_x, f_y, f_xx, f_yy, f_xy)))
        self._maps = {"grid_interp_x": y_grid, "grid_interp_y": x_grid} | {
            k: v for k, v in maps.items() if v is not None
        }

    def _interp(self, name, x, y, x_grid, y_grid, values, grid):
        """One map at positions, or at every pair of an x and a y."""
        kept = self._maps
        x_grid = kept.get("grid_interp_x") if x_grid is None else x_grid
        y_grid = kept.get("grid_interp_y") if y_grid is None else y_grid
        values = given(**{name: kept.get(name) if values is None else values})
        if grid:
            x, y = np.meshgrid(x, y)
        return interpolated(x, y, x_grid, y_grid, values, kx=self._degree[0], ky=self._degree[1])

    def f_interp(self, x, y, x_grid=None, y_grid=None, f_=None, grid=False):
        """Potential [arcsec^2] at positions, or with ``grid`` at every pair of ``y`` and ``x``."""
        return self._interp("f_", x, y, x_grid, y_grid, f_, grid)

    def f_x_interp(self, x, y, x_grid=None, y_grid=None, f_x=None, grid=False):
        """Deflection in x [arcsec], see :meth:`f_interp`."""
        return self._interp("f_x", x, y, x_grid, y_grid, f_x, grid)

    def f_y_interp(self, x, y, x_grid=None, y_grid=None, f_y=None, grid=False):
        """Deflection in y [arcsec], see :meth:`f_interp`."""
        return self._interp("f_y", x, y, x_grid, y_grid, f_y, grid)

    def f_xx_interp(self, x, y, x_grid=None, y_grid=None, f_xx=None, grid=False):
        """Second derivative in x, see :meth:`f_interp`."""
        return self._interp("f_xx", x, y, x_grid, y_grid, f_xx, grid)

    def f_xy_interp(self, x, y, x_grid=None, y_grid=None, f_xy=None, grid=False):
        """Mixed second derivative, see :meth:`f_interp`."""
        return self._interp("f_xy", x, y, x_grid, y_grid, f_xy, grid)

    def f_yy_interp(self, x, y, x_grid=None, y_grid=None, f_yy=None, grid=False):
        """Second derivative in y, see :meth:`f_interp`."""
        return self._interp("f_yy", x, y, x_grid, y_grid, f_yy, grid)


class InterpolScaled(LensProfileBase):
    """Interpolated deflector times a factor, a mass-to-light ratio say."""

    parameters = (Parameter("scale_factor", 0, 100, default=1), *Interpol.parameters)

    def __init__(self, grid=True, min_grid_number=100, kwargs_spline=None):
        """
        :param grid: accepted for compatibility: positions on a grid are no special case
        :param min_grid_number: the same
        :param kwargs_spline: degrees of the splines, see :class:`Interpol`
        """
        options, degree = degrees(kwargs_spline)
        self.kernel = scaled(kernel_of(degree))
        super().__init__(grid=grid, min_grid_number=min_grid_number, kwargs_spline=options)
