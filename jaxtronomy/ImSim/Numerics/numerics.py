"""From surface brightness at coordinates to a convolved image on the pixels."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from jaxtronomy.core.tree import Model, evaluate_method
from jaxtronomy.ImSim.Numerics.adaptive_numerics import AdaptiveConvolution
from jaxtronomy.ImSim.Numerics.convolution import (
    MultiGaussianConvolution,
    PixelKernelConvolution,
    SubgridKernelConvolution,
)
from jaxtronomy.ImSim.Numerics.grid import AdaptiveGrid, RegularGrid
from jaxtronomy.ImSim.Numerics.point_source_rendering import PointSourceRendering
from jaxtronomy.Util import kernel_util, util

__all__ = ["Numerics"]


class Camera(Model):
    """Grid, convolution and pixel area as an argument of programs."""

    _arrays = ("grid", "blur", "area")

    def __init__(self, grid, blur, area, high):
        self.grid, self.blur, self.area, self.high = grid, blur, float(area), high

    def _structure(self):
        return self.high

    @property
    def coordinates(self) -> tuple[jax.Array, jax.Array]:
        """Where the surface brightness is to be evaluated [arcsec]."""
        return self.grid.x, self.grid.y

    def image(self, flux: jax.Array, unconvolved: bool = False) -> jax.Array:
        """Surface brightness (..., points) as images (..., ny, nx) of the flux in each pixel; pure."""
        low, high = self.grid.images(flux, self.high and not unconvolved)
        if not (unconvolved or self.blur is None):
            low = self.blur.apply(low, high)
        return low * self.area

    def rendered(self, light: Callable, unconvolved: bool = False, weight: jax.Array | None = None) -> jax.Array:
        """Images (components, ny, nx) of a surface brightness; pure.

        :param light: function of coordinates, with a list of arrays (components, points)
        :param unconvolved: True for images without convolution
        :param weight: factor at each point, None: 1
        """
        return self.blurred(self.sky(light, unconvolved, weight), unconvolved)

    def sky(self, light: Callable, unconvolved: bool = False, weight: jax.Array | None = None) -> list:
        """The first half of :meth:`rendered`: arrays (components, ...) that are to be convolved; pure."""
        if not self.high or unconvolved:
            return self.grid.rendered(light, weight)
        flux = jnp.concatenate(light(*self.coordinates))
        return [flux if weight is None else flux * weight]

    def blurred(self, sky: list, unconvolved: bool = False) -> jax.Array:
        """The second half of :meth:`rendered`, linear: images (components, ny, nx) of what is to be convolved; pure."""
        if self.high and not unconvolved:
            return self.image(*sky)
        if unconvolved or self.blur is None:
            return (sky[0] if len(sky) == 1 else jnp.concatenate(sky)) * self.area
        return self.blur.apply(sky) * self.area


class Numerics(PointSourceRendering):
    """The numerical options of an image."""

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
        """
        :param pixel_grid: PixelGrid instance
        :param psf: PSF instance
        :param supersampling_factor: points per pixel and axis at which surface brightness is evaluated
        :param compute_mode: "regular" (the same for all pixels) or "adaptive" (fine where ``supersampled_indexes``)
        :param supersampling_convolution: whether (part of) the convolution is done on the finer grid
        :param supersampling_kernel_size: width in pixels of the part of the kernel that is convolved finely
        :param flux_evaluate_indexes: 2d bool array, pixels whose light is evaluated, None: all
        :param supersampled_indexes: 2d bool array, finely sampled pixels (adaptive mode)
        :param compute_indexes: 2d bool array, pixels on which the fine convolution is evaluated (adaptive mode)
        :param point_source_supersampling_factor: finer grid on which point sources are placed, None: that of the PSF
        :param convolution_kernel_size: width in pixels to which the kernel is cut, None: as it is
        :param convolution_type: "fft", "fft_static" or "grid"
        :param truncation_conv: where a Gaussian PSF ends in standard deviations, None: as the PSF says
        :raises ValueError: unknown ``compute_mode`` or PSF type, adaptive mode with a Gaussian PSF
        :raises TypeError: ``supersampling_factor`` is not an integer
        """
        if compute_mode not in ("regular", "adaptive"):
            raise ValueError(f"compute_mode {compute_mode!r} is not one of 'regular' and 'adaptive'.")
        if not isinstance(supersampling_factor, int):
            raise TypeError(f"supersampling_factor has to be an integer, not {supersampling_factor!r}.")
        if supersampling_factor == 1:
            supersampling_convolution = False
        self._psf_type = psf.psf_type
        self._pixel_width = pixel_grid.pixel_width
        nx, ny = pixel_grid.num_pixel_axes
        frame = (nx, ny, pixel_grid.transform_pix2angle, *pixel_grid.radec_at_xy_0)
        if compute_mode == "adaptive":
            fine = [[False] * nx] * ny if supersampled_indexes is None else supersampled_indexes
            self._grid = AdaptiveGrid(*frame, fine, supersampling_factor, flux_evaluate_indexes)
        else:
            self._grid = RegularGrid(*frame, supersampling_factor, flux_evaluate_indexes)
        self._high_res_return = bool(supersampling_convolution)
        if self._psf_type == "PIXEL":
            self._conv = self._pixel_convolution(
                psf,
                supersampling_factor if supersampling_convolution else 1,
                compute_mode,
                supersampling_kernel_size,
                supersampled_indexes,
                compute_indexes,
                convolution_kernel_size,
                convolution_type,
            )
        elif self._psf_type == "GAUSSIAN":
            if compute_mode == "adaptive":
                raise ValueError("compute_mode 'adaptive' is not possible with a GAUSSIAN PSF; use 'regular'.")
            self._conv = MultiGaussianConvolution(
                [util.fwhm2sigma(psf.fwhm)],
                [1],
                self._pixel_width,
                supersampling_factor,
                supersampling_convolution,
                truncation=psf.truncation if truncation_conv is None else truncation_conv,
            )
        elif self._psf_type == "NONE":
            self._conv = None
        else:
            raise ValueError(f"psf_type {self._psf_type!r} is not one of 'NONE', 'GAUSSIAN' and 'PIXEL'.")
        super().__init__(pixel_grid=pixel_grid, supersampling_factor=point_source_supersampling_factor, psf=psf)
        self._high = self._high_res_return and self._conv is not None

    def _pixel_convolution(self, psf, factor, mode, core, fine, targets, cut, convolution_type):
        """The convolution with a pixelised kernel."""
        if factor == 1:
            return PixelKernelConvolution(
                self._supersampling_cut_kernel(psf.kernel_point_source, cut, 1), convolution_type
            )
        kernel = self._supersampling_cut_kernel(psf.kernel_point_source_supersampled(factor), cut, factor)
        if mode == "adaptive":
            return AdaptiveConvolution(kernel, factor, fine, core, targets)
        return SubgridKernelConvolution(kernel, factor, core, convolution_type)

    @property
    def camera(self):
        """Grid and convolution as an argument of programs."""
        if "_camera" not in self.__dict__:
            blur = None if self._conv is None else self._conv.blur((self._ny, self._nx))
            self._camera = Camera(self._grid, blur, self._pixel_width**2, self._high)
        return self._camera

    def re_size_convolve(self, flux_array, unconvolved=False):
        """The convolved image of surface brightness.

        :param flux_array: 1d array in the order of :attr:`coordinates_evaluate`
        :param unconvolved: True for the image without convolution
        :return: 2d image of the flux in each pixel
        """
        flux = flux_array[..., self._grid._order]
        return evaluate_method(Camera.image, self.camera, flux, unconvolved=bool(unconvolved))

    @property
    def grid_supersampling_factor(self):
        """Points per pixel and axis."""
        return self._grid.supersampling_factor

    @property
    def coordinates_evaluate(self):
        """1d arrays of the coordinates at which surface brightness is evaluated [arcsec]."""
        return self._grid.coordinates_evaluate

    @staticmethod
    def _supersampling_cut_kernel(kernel_super, convolution_kernel_size, supersampling_factor):
        """The kernel cut to a width in pixels, made odd on the finer grid."""
        if convolution_kernel_size is None:
            return kernel_super
        size = convolution_kernel_size * supersampling_factor
        return kernel_util.cut_psf(kernel_super, size + 1 - size % 2, normalisation=False)

    @property
    def convolution_class(self):
        """The convolution (None without a PSF)."""
        return self._conv

    @property
    def grid_class(self):
        """The grid."""
        return self._grid
