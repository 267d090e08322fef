"""Where surface brightness is evaluated, and how it becomes an image.

In programs the points of one pixel are ``factor**2`` leading planes, so that a pixel's mean is a sum over planes; the
public interface has lenstronomy's order.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.blocks import in_blocks
from jaxtronomy.core.threads import on_cpu
from jaxtronomy.core.tree import Model, evaluate_method
from jaxtronomy.Data.coord_transforms import Coordinates1D

__all__ = ["AdaptiveGrid", "RegularGrid"]


class _Grid(Coordinates1D, Model):
    """What the two grids share.

    ``x, y`` are the coordinates in the order of programs; ``order`` are their places in the public order. The planes
    are the ``centres`` of pixels, each moved by one of the ``shifts``.
    """

    _arrays = ("x", "y", "coarse", "fine", "centres", "shifts")

    def _set(self, order, coarse, fine, num_coarse, centres, shifts):
        """Points: first ``num_coarse`` single ones at pixels ``coarse``, then planes of points at pixels ``fine``."""
        self._order, self.coarse, self.fine, self._num_coarse = order, coarse, fine, num_coarse
        self.centres, self.shifts = np.array(centres), np.array(shifts)
        self.x, self.y = self._public_x[order], self._public_y[order]

    def _structure(self):
        return self._nx, self._ny, self._supersampling_factor, self._num_coarse

    @property
    def coordinates_evaluate(self):
        """1d arrays of the coordinates at which the surface brightness is evaluated [arcsec]."""
        return self._public_x, self._public_y

    @property
    def supersampling_factor(self):
        """Points per pixel and axis."""
        return self._supersampling_factor

    def images(self, flux: jax.Array, high: bool = False) -> tuple:
        """Images of the flux at the points, in the order of programs; pure.

        :param flux: (..., points)
        :param high: whether the image on the finer grid is wanted
        :return: images (..., ny, nx), the same on the finer grid or None
        """
        s, nc = self._supersampling_factor, self._num_coarse
        lead = flux.shape[:-1]
        planes = flux[..., nc:].reshape(*lead, s * s, -1)
        low = self._place(planes.mean(-2) if s > 1 else planes[..., 0, :], self.fine)
        if nc:
            low = low + self._place(flux[..., :nc], self.coarse)
        if not high:
            return low, None
        full = self._place(planes, self.fine).reshape(*lead, s, s, self._ny, self._nx)
        fine = jnp.moveaxis(full, (-4, -3), (-3, -1))
        return low, fine.reshape(*lead, self._ny * s, self._nx * s)

    def rendered(self, light: Callable, weight: jax.Array | None = None) -> list:
        """Images on the pixels of a surface brightness; pure.

        On a CPU the points of a pixel are taken one after the other: no array of all points is made, nor kept for the
        derivatives.

        :param light: function of coordinates, with a list of arrays (components, points)
        :param weight: factor at each point, None: 1
        :return: list of images (components, ny, nx)
        """
        s, weights = self._supersampling_factor, () if weight is None else (weight,)

        def weighted(x, y, *weight):
            return [flux * weight[0][None] if weight else flux for flux in light(x, y)]

        if s == 1 or self._num_coarse or not on_cpu():
            return [self.images(flux)[0] for flux in weighted(self.x, self.y, *weights)]

        def plane(x, y, dx, dy, *weight):  # of centres that stay in the cache, not of coordinates from the memory
            return weighted(x + dx, y + dy, *weight)

        parts = [*self.shifts, *(w.reshape(s * s, -1) for w in weights)]
        return [self._place(total / s**2, self.fine) for total in in_blocks(plane, *self.centres, parts=parts)]

    def _place(self, values, pixels):
        """Values at flat pixel indices as images; None: at every pixel."""
        if pixels is not None:
            full = jnp.zeros((*values.shape[:-1], self._ny * self._nx), values.dtype)
            values = full.at[..., pixels].set(values)
        return values.reshape(*values.shape[:-1], self._ny, self._nx)

    def flux_array2image_low_high(self, flux_array, high_res_return=True):
        """Images of the flux at the coordinates.

        :param flux_array: 1d array in the order of :attr:`coordinates_evaluate`
        :param high_res_return: whether the image on the finer grid is wanted
        :return: 2d image on the pixels, 2d image on the finer grid or None
        """
        flux = np.asarray(flux_array, dtype=float)[self._order]
        high = bool(high_res_return) and self._supersampling_factor > 1
        return evaluate_method(type(self).images, self, flux, high=high)


class RegularGrid(_Grid):
    """Every pixel, or every selected pixel, has the same number of points."""

    def __init__(
        self,
        nx,
        ny,
        transform_pix2angle,
        ra_at_xy_0,
        dec_at_xy_0,
        supersampling_factor=1,
        flux_evaluate_indexes=None,
    ):
        """
        :param nx: number of pixels in x
        :param ny: number of pixels in y
        :param transform_pix2angle: 2x2 matrix from pixels to angles
        :param ra_at_xy_0: coordinate of pixel (0, 0)
        :param dec_at_xy_0: coordinate of pixel (0, 0)
        :param supersampling_factor: points per pixel and axis
        :param flux_evaluate_indexes: 2d bool array, the pixels that are evaluated, None: all
        """
        super().__init__(transform_pix2angle, ra_at_xy_0, dec_at_xy_0)
        self._nx, self._ny, s = nx, ny, supersampling_factor
        self._supersampling_factor = s
        self._x_grid, self._y_grid = self.coordinate_grid(nx, ny)
        use = np.ones((ny, nx), bool) if flux_evaluate_indexes is None else np.asarray(flux_evaluate_indexes, bool)
        shift_x, shift_y = _sub_pixel_shifts(s, transform_pix2angle)
        x, y = (
            (np.reshape(grid, (ny, 1, nx, 1)) + shift.reshape(1, s, 1, s)).ravel()
            for grid, shift in ((self._x_grid, shift_x), (self._y_grid, shift_y))
        )
        self._compute_indexes = np.repeat(np.repeat(use, s, 0), s, 1).ravel()
        self._public_x, self._public_y = x[self._compute_indexes], y[self._compute_indexes]
        place = np.cumsum(self._compute_indexes) - 1
        planes = place.reshape(ny, s, nx, s).transpose(1, 3, 0, 2).reshape(s * s, ny * nx)
        fine = None if use.all() else np.flatnonzero(use)
        centres = [grid.ravel()[use.ravel()] for grid in (self._x_grid, self._y_grid)]
        self._set(planes[:, use.ravel()].ravel(), None, fine, 0, centres, (shift_x, shift_y))

    @property
    def grid_points_spacing(self):
        """Distance between points [arcsec]."""
        return self.pixel_width / self._supersampling_factor

    @property
    def num_grid_points_axes(self):
        """Number of points along x and y."""
        return self._nx * self._supersampling_factor, self._ny * self._supersampling_factor

    def flux_array2image_low_high(self, flux_array, **kwargs):
        """Images of the flux at the coordinates.

        :param flux_array: 1d array in the order of :attr:`coordinates_evaluate`
        :return: 2d image on the pixels, 2d image on the finer grid (None where it is not finer)
        """
        return super().flux_array2image_low_high(flux_array, True)


class AdaptiveGrid(_Grid):
    """Selected pixels have many points, the others one."""

    def __init__(
        self,
        nx,
        ny,
        transform_pix2angle,
        ra_at_xy_0,
        dec_at_xy_0,
        supersampling_indexes,
        supersampling_factor,
        flux_evaluate_indexes=None,
    ):
        """
        :param nx: number of pixels in x
        :param ny: number of pixels in y
        :param transform_pix2angle: 2x2 matrix from pixels to angles
        :param ra_at_xy_0: coordinate of pixel (0, 0)
        :param dec_at_xy_0: coordinate of pixel (0, 0)
        :param supersampling_indexes: 2d bool array, the pixels with many points
        :param supersampling_factor: points per such pixel and axis
        :param flux_evaluate_indexes: bool array, the pixels that are evaluated, None: all
        """
        super().__init__(transform_pix2angle, ra_at_xy_0, dec_at_xy_0)
        self._nx, self._ny, s = nx, ny, supersampling_factor
        self._supersampling_factor = s
        self._x_grid, self._y_grid = (np.ravel(c) for c in self.coordinate_grid(nx, ny))
        use = np.ones(ny * nx, bool) if flux_evaluate_indexes is None else np.ravel(flux_evaluate_indexes).astype(bool)
        many = np.ravel(supersampling_indexes).astype(bool)
        self._high_res_indexes1d, self._low_res_indexes1d = many & use, ~many & use
        coarse, fine = np.flatnonzero(self._low_res_indexes1d), np.flatnonzero(self._high_res_indexes1d)
        shift_x, shift_y = _sub_pixel_shifts(s, transform_pix2angle)
        high_x = (self._x_grid[fine][:, None] + shift_x).ravel()
        high_y = (self._y_grid[fine][:, None] + shift_y).ravel()
        self._public_x = np.concatenate([self._x_grid[coarse], high_x])
        self._public_y = np.concatenate([self._y_grid[coarse], high_y])
        planes = (len(coarse) + np.arange(len(fine) * s * s)).reshape(len(fine), s * s).T.ravel()
        centres = [grid[fine] for grid in (self._x_grid, self._y_grid)]
        order = np.concatenate([np.arange(len(coarse)), planes])
        self._set(order, coarse, fine, len(coarse), centres, (shift_x, shift_y))

    # parts of the image by lenstronomy's names

    @property
    def _x_low_res(self):
        return self._public_x[: self._num_coarse]

    @property
    def _y_low_res(self):
        return self._public_y[: self._num_coarse]

    @property
    def _high_res_coordinates(self):
        """Points inside the pixels with many, pixel by pixel."""
        return self._public_x[self._num_coarse :], self._public_y[self._num_coarse :]

    def _merge_low_high_res(self, low_res_values, supersampled_values):
        """Image of the values at single points and at many."""
        return self.flux_array2image_low_high(np.concatenate([low_res_values, supersampled_values]), False)[0]

    def _high_res_image(self, supersampled_values):
        """Image on the finer grid, zero where there is one point."""
        return self.flux_array2image_low_high(np.append(np.zeros(self._num_coarse), supersampled_values))[1]

    def _average_subgrid(self, subgrid_values):
        """Means of the pixels with many points."""
        return self._merge_low_high_res(np.zeros(self._num_coarse), subgrid_values).ravel()[self.fine]


def _sub_pixel_shifts(factor, transform_pix2angle):
    """Angles from the centre of a pixel to its points, rows first."""
    offset = (np.arange(factor) + 0.5) / factor - 0.5
    dx, dy = (o.ravel() for o in np.meshgrid(offset, offset))
    return tuple(dx * a + dy * b for a, b in np.asarray(transform_pix2angle, dtype=float))
