"""Rectangular grids of pixels on the sky."""

import numpy as np

from .angular_sensitivity import AngularSensitivity
from .coord_transforms import Coordinates

__all__ = ["PixelGrid"]


class PixelGrid(Coordinates, AngularSensitivity):
    """The pixels of an image and their coordinates.

    :param nx: number of columns
    :param ny: number of rows
    :param transform_pix2angle: 2x2 matrix from pixels to angles [arcsec]
    :param ra_at_xy_0: RA of pixel (0, 0) [arcsec]
    :param dec_at_xy_0: DEC of pixel (0, 0) [arcsec]
    :param antenna_primary_beam: primary beam, shape (ny, nx), or None
    :raises ValueError: when the primary beam has another shape than the grid
    """

    def __init__(self, nx, ny, transform_pix2angle, ra_at_xy_0, dec_at_xy_0, antenna_primary_beam=None):
        if antenna_primary_beam is not None and np.shape(antenna_primary_beam) != (ny, nx):
            raise ValueError(
                f"antenna_primary_beam has shape {np.shape(antenna_primary_beam)}, and the image {(ny, nx)}; "
                "they have to be the same."
            )
        Coordinates.__init__(self, transform_pix2angle, ra_at_xy_0, dec_at_xy_0)
        AngularSensitivity.__init__(self, antenna_primary_beam)
        self._nx, self._ny = nx, ny
        self._x_grid, self._y_grid = self.coordinate_grid(nx, ny)

    @property
    def num_pixel(self):
        """Number of pixels."""
        return self._nx * self._ny

    @property
    def num_pixel_axes(self):
        """Number of columns, number of rows."""
        return self._nx, self._ny

    @property
    def width(self):
        """Width and height [arcsec]."""
        return self._nx * self.pixel_width, self._ny * self.pixel_width

    @property
    def center(self):
        """RA and DEC [arcsec] of the middle."""
        return np.mean(self._x_grid), np.mean(self._y_grid)

    def shift_coordinate_system(self, x_shift, y_shift, pixel_unit=False):
        """Move the pixels to other angles.

        :param x_shift: shift in RA [arcsec], or along the rows [pixels]
        :param y_shift: shift in DEC [arcsec], or along the columns [pixels]
        :param pixel_unit: bool, the shift is in pixels
        """
        super().shift_coordinate_system(x_shift, y_shift, pixel_unit=pixel_unit)
        self._x_grid, self._y_grid = self.coordinate_grid(self._nx, self._ny)

    @property
    def pixel_coordinates(self):
        """RA and DEC [arcsec] of the pixels, arrays of shape (ny, nx)."""
        return self._x_grid, self._y_grid
