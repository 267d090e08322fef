"""Numerics on the smallest rectangle that holds the pixels to be evaluated."""

import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.tree import Model
from jaxtronomy.Data.pixel_grid import PixelGrid
from jaxtronomy.ImSim.Numerics.numerics import Camera, Numerics
from jaxtronomy.ImSim.Numerics.point_source_rendering import PointSourceRendering

__all__ = ["NumericsSubFrame"]


class FramedCamera(Model):
    """A camera whose image is a part of a larger frame; outside it is zero."""

    _arrays = ("camera",)

    def __init__(self, camera, margins):
        self.camera, self.margins = camera, margins

    def _structure(self):
        return self.margins

    @property
    def coordinates(self):
        """Where the surface brightness is to be evaluated [arcsec]."""
        return self.camera.coordinates

    def image(self, flux, unconvolved=False):
        """Surface brightness (..., points) as images (..., ny, nx) of the whole frame; pure."""
        return self._framed(self.camera.image(flux, unconvolved))

    rendered = Camera.rendered  # of the two halves below

    def sky(self, light, unconvolved=False, weight=None):
        """The first half of :meth:`rendered`: arrays (components, ...) that are to be convolved; pure."""
        return self.camera.sky(light, unconvolved, weight)

    def blurred(self, sky, unconvolved=False):
        """The second half of :meth:`rendered`, linear; pure."""
        return self._framed(self.camera.blurred(sky, unconvolved))

    def _framed(self, image):
        """Images within the whole frame."""
        return jnp.pad(image, [(0, 0)] * (image.ndim - 2) + list(self.margins))


class NumericsSubFrame(PointSourceRendering):
    """The numerical options of an image, evaluated within the rectangle that holds ``flux_evaluate_indexes``."""

    def __init__(
        self,
        pixel_grid,
        psf,
        supersampling_factor=1,
        compute_mode="regular",
        supersampling_convolution=False,
        supersampling_kernel_size=5,
        flux_evaluate_indexes=None,
        supersampled_indexes=None,
        compute_indexes=None,
        point_source_supersampling_factor=None,
        convolution_kernel_size=None,
        convolution_type="fft_static",
        truncation_conv=None,
    ):
        """Parameters as in :class:`~jaxtronomy.ImSim.Numerics.numerics.Numerics`."""
        self._nx, self._ny = pixel_grid.num_pixel_axes
        self._init_sub_frame(flux_evaluate_indexes)
        self._numerics_subframe = Numerics(
            pixel_grid=self._sub_pixel_grid(pixel_grid),
            psf=psf,
            supersampling_factor=supersampling_factor,
            compute_mode=compute_mode,
            supersampling_convolution=supersampling_convolution,
            supersampling_kernel_size=supersampling_kernel_size,
            flux_evaluate_indexes=self._cut_frame(flux_evaluate_indexes),
            supersampled_indexes=self._cut_frame(supersampled_indexes),
            compute_indexes=self._cut_frame(compute_indexes),
            point_source_supersampling_factor=point_source_supersampling_factor,
            convolution_kernel_size=convolution_kernel_size,
            convolution_type=convolution_type,
            truncation_conv=truncation_conv,
        )
        super().__init__(pixel_grid=pixel_grid, supersampling_factor=point_source_supersampling_factor, psf=psf)

    @property
    def camera(self):
        """Grid and convolution as an argument of programs."""
        inner = self._numerics_subframe.camera
        if not self._subframe_calc:
            return inner
        margins = (
            (self._x_min_sub, self._ny - 1 - self._x_max_sub),
            (self._y_min_sub, self._nx - 1 - self._y_max_sub),
        )
        return FramedCamera(inner, margins)

    def re_size_convolve(self, flux_array, unconvolved=False):
        """The convolved image of surface brightness.

        :param flux_array: 1d array in the order of :attr:`coordinates_evaluate`
        :param unconvolved: True for the image without convolution
        :return: 2d image of the flux in each pixel, of the whole frame
        """
        return self._complete_frame(self._numerics_subframe.re_size_convolve(flux_array, unconvolved=unconvolved))

    @property
    def grid_supersampling_factor(self):
        """Points per pixel and axis."""
        return self._numerics_subframe.grid_supersampling_factor

    @property
    def coordinates_evaluate(self):
        """1d arrays of the coordinates at which surface brightness is evaluated [arcsec]."""
        return self._numerics_subframe.coordinates_evaluate

    @property
    def convolution_class(self):
        """The convolution (None without a PSF)."""
        return self._numerics_subframe.convolution_class

    @property
    def grid_class(self):
        """The grid."""
        return self._numerics_subframe.grid_class

    def _complete_frame(self, image_sub_frame):
        """The image of the whole frame, zero outside the rectangle."""
        if not self._subframe_calc:
            return image_sub_frame
        image = np.zeros((self._ny, self._nx))
        image[self._rectangle] = image_sub_frame
        return image

    def _init_sub_frame(self, flux_evaluate_indexes):
        """The rectangle that holds the pixels to be evaluated; x is lenstronomy's name for the first axis here."""
        self._subframe_calc = flux_evaluate_indexes is not None
        if self._subframe_calc:
            rows, columns = np.nonzero(flux_evaluate_indexes)
            if not len(rows):
                raise ValueError("flux_evaluate_indexes selects no pixel; at least one has to be evaluated.")
            self._x_min_sub, self._x_max_sub = int(rows.min()), int(rows.max())
            self._y_min_sub, self._y_max_sub = int(columns.min()), int(columns.max())
        else:
            self._x_min_sub, self._x_max_sub, self._y_min_sub, self._y_max_sub = 0, self._nx, 0, self._ny

    @property
    def _rectangle(self):
        """The rectangle as an index of the image."""
        return slice(self._x_min_sub, self._x_max_sub + 1), slice(self._y_min_sub, self._y_max_sub + 1)

    def _cut_frame(self, image):
        """The part of an image within the rectangle."""
        return np.asarray(image)[self._rectangle] if self._subframe_calc and image is not None else image

    def _sub_pixel_grid(self, pixel_grid):
        """The pixel grid of the rectangle."""
        if not self._subframe_calc:
            return pixel_grid
        # pixel coordinates are (column, row)
        ra, dec = pixel_grid.map_pix2coord(self._y_min_sub, self._x_min_sub)
        return PixelGrid(
            nx=self._y_max_sub - self._y_min_sub + 1,
            ny=self._x_max_sub - self._x_min_sub + 1,
            transform_pix2angle=pixel_grid.transform_pix2angle,
            ra_at_xy_0=ra,
            dec_at_xy_0=dec,
        )
