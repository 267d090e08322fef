"""Linear maps between pixels and angles."""

import numpy as np

from ..Util import util

__all__ = ["Coordinates", "Coordinates1D"]


class Coordinates:
    """The linear map between the pixels (column x, row y) of an image and angles (RA, DEC).

    :param transform_pix2angle: 2x2 matrix from pixels to angles [arcsec]
    :param ra_at_xy_0: RA of pixel (0, 0) [arcsec]
    :param dec_at_xy_0: DEC of pixel (0, 0) [arcsec]
    :raises ValueError: when the matrix is not 2x2 or cannot be inverted
    """

    def __init__(self, transform_pix2angle, ra_at_xy_0, dec_at_xy_0):
        matrix = np.asarray(transform_pix2angle)
        if matrix.shape != (2, 2):
            raise ValueError(f"transform_pix2angle has shape {matrix.shape}; a 2x2 matrix is needed.")
        if not np.linalg.det(matrix) != 0:
            raise ValueError(f"transform_pix2angle = {matrix.tolist()} cannot be inverted.")
        self._transform_pix2angle = matrix
        self._transform_angle2pix = np.linalg.inv(matrix)
        self._set_origin(ra_at_xy_0, dec_at_xy_0)

    def _set_origin(self, ra, dec):
        """Pixel (0, 0) is at this position."""
        self._ra_at_xy_0, self._dec_at_xy_0 = ra, dec
        self._x_at_radec_0, self._y_at_radec_0 = util.map_coord2pix(-ra, -dec, 0, 0, self._transform_angle2pix)

    @property
    def transform_angle2pix(self):
        """2x2 matrix from angles [arcsec] to pixels."""
        return self._transform_angle2pix

    @property
    def transform_pix2angle(self):
        """2x2 matrix from pixels to angles [arcsec]."""
        return self._transform_pix2angle

    @property
    def xy_at_radec_0(self):
        """Column and row of (RA, DEC) = (0, 0)."""
        return self._x_at_radec_0, self._y_at_radec_0

    @property
    def radec_at_xy_0(self):
        """RA and DEC [arcsec] of pixel (0, 0)."""
        return self._ra_at_xy_0, self._dec_at_xy_0

    def map_coord2pix(self, ra, dec):
        """Pixels of angles.

        :param ra: RA [arcsec]
        :param dec: DEC [arcsec]
        :return: column, row; the middle of a pixel is an integer
        """
        return util.map_coord2pix(ra, dec, self._x_at_radec_0, self._y_at_radec_0, self._transform_angle2pix)

    def map_pix2coord(self, x, y):
        """Angles of pixels.

        :param x: column; the middle of a pixel is an integer
        :param y: row
        :return: RA, DEC [arcsec]
        """
        return util.map_coord2pix(x, y, self._ra_at_xy_0, self._dec_at_xy_0, self._transform_pix2angle)

    @property
    def pixel_area(self):
        """Area of a pixel [arcsec^2]."""
        return np.abs(np.linalg.det(self._transform_pix2angle))

    @property
    def pixel_width(self):
        """Square root of the area of a pixel [arcsec]."""
        return np.sqrt(self.pixel_area)

    def coordinate_grid(self, nx, ny):
        """Angles of all pixels of an image.

        :param nx: number of columns
        :param ny: number of rows
        :return: RA, DEC [arcsec], arrays of shape (ny, nx)
        """
        ra, dec = self._flat_grid(nx, ny)
        return util.array2image(ra, nx, ny), util.array2image(dec, nx, ny)

    def _flat_grid(self, nx, ny):
        matrix = self._transform_pix2angle
        return util.grid_from_coordinate_transform(nx, ny, matrix, self._ra_at_xy_0, self._dec_at_xy_0)

    def shift_coordinate_system(self, x_shift, y_shift, pixel_unit=False):
        """Move the pixels to other angles.

        :param x_shift: shift in RA [arcsec], or along the rows [pixels]
        :param y_shift: shift in DEC [arcsec], or along the columns [pixels]
        :param pixel_unit: bool, the shift is in pixels
        """
        if pixel_unit is True:
            x_shift, y_shift = util.map_coord2pix(x_shift, y_shift, 0, 0, self._transform_pix2angle)
        self._set_origin(self._ra_at_xy_0 + x_shift, self._dec_at_xy_0 + y_shift)


class Coordinates1D(Coordinates):
    """:class:`Coordinates` whose grids are flat."""

    def coordinate_grid(self, nx, ny):
        """Angles of all pixels of an image, row after row.

        :param nx: number of columns
        :param ny: number of rows
        :return: RA, DEC [arcsec], flat arrays
        """
        return self._flat_grid(nx, ny)
