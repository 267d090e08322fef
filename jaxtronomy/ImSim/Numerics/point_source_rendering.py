"""Point sources on the pixels.

A point source is the kernel, shifted by linear interpolation and averaged onto the pixels: for each image the product
``W_y K W_x^T`` of the kernel with two thin matrices of interpolation weights, which is differentiable in the position
and batches as matrix products do. On a CPU a small kernel makes only the window of the image that it reaches.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxtronomy.core.linear import Patches
from jaxtronomy.core.threads import on_cpu
from jaxtronomy.core.tree import Model, evaluate_method
from jaxtronomy.Util import image_util, kernel_util

__all__ = ["PointSourceRendering"]

LARGE = 1 << 12  # pixels of an image from which on windows pay: smaller ones are vectorised over many evaluations


class _Renderer(Model):
    """Pixel grid and kernel as an argument of programs."""

    _arrays = ("kernel", "matrix", "origin", "variance", "template")

    def __init__(self, kernel, matrix, origin, shape, factor, variance=None, template=None):
        self.kernel, self.matrix, self.origin = np.asarray(kernel, float), np.asarray(matrix, float), np.asarray(origin)
        self.variance, self.template = variance, template
        self._shape, self._factor = shape, factor

    def _structure(self):
        return self._shape, self._factor

    def pixels(self, ra, dec):
        """Pixel coordinates of angles."""
        ra, dec = ra - self.origin[0], dec - self.origin[1]
        m = self.matrix
        return m[0, 0] * ra + m[0, 1] * dec, m[1, 0] * ra + m[1, 1] * dec

    @property
    def window(self):
        """Shape of the part of the image that the kernel reaches, None where whole images are made."""
        size = tuple((width - 1) // self._factor + 2 for width in self.kernel.shape)
        pixels = math.prod(self._shape)
        small = pixels >= LARGE and 4 * math.prod(size) <= pixels and all(w <= n for w, n in zip(size, self._shape))
        return size if small and on_cpu() else None

    def corners(self, ra, dec):
        """First row and first column (positions, 2) of the window of each position."""
        x, y = self.pixels(ra, dec)
        first = []
        for p, width, size, n in zip((y, x), self.kernel.shape, self.window, self._shape):
            reach = p + (0.5 * (self._factor - 1) - width // 2) / self._factor
            first.append(jnp.clip(jnp.floor(lax.stop_gradient(reach)), 0, n - size))
        return jnp.stack(first, -1).astype(int)

    def weights(self, position, size, width, factor):
        """(positions, size, width): what each row of the kernel gives to each row of the image."""
        fine = position * factor + (factor - 1) / 2
        row = jnp.arange(size * factor)[None, :, None] - fine[:, None, None] + width // 2
        inside = (row >= 0) & (row <= width - 1)
        hat = jnp.maximum(0.0, 1 - jnp.abs(row - jnp.arange(width)[None, None, :])) * inside
        return hat.reshape(-1, size, factor, width).sum(2)

    def each(self, ra, dec, kernel=None, factor=None, shape=None, corners=None):
        """One image of unit amplitude per position; pure.

        :param shape: shape of the images, that of all pixels if None
        :param corners: first row and column (positions, 2) of each, 0 if None
        """
        kernel = self.kernel if kernel is None else kernel
        factor = self._factor if factor is None else factor
        x, y = self.pixels(ra, dec)
        ny, nx = self._shape if shape is None else shape
        first_y, first_x = (0.0, 0.0) if corners is None else corners.T
        rows = self.weights(y - first_y, ny, kernel.shape[0], factor)
        columns = self.weights(x - first_x, nx, kernel.shape[1], factor)
        return jnp.einsum("pik,kl,pjl->pij", rows, kernel, columns)

    def total(self, ra, dec, amp):
        """The image of all point sources; pure."""
        if self.window is None:
            return jnp.tensordot(amp, self.each(ra, dec), 1)
        return self._patches(ra, dec).added(jnp.zeros(self._shape, amp.dtype), amp)

    def separate(self, ra, dec, amp):
        """The image of each point source; pure."""
        return amp[:, None, None] * self.each(ra, dec) if self.window is None else self._patches(ra, dec).scaled(amp)

    def _patches(self, ra, dec):
        """Point sources of unit amplitude in their windows."""
        corners = self.corners(ra, dec)
        return Patches(self.each(ra, dec, shape=self.window, corners=corners), corners, self.window, self._shape)

    def variance_map(self, ra, dec, is_image, data):
        """Variance from the errors of the kernel, amplitudes as estimated from the data; pure.

        ``is_image`` is 1 for each position, 0 for those that only fill up a fixed number of images.
        """
        x, y = self.pixels(ra, dec)
        amp = jax.vmap(lambda u, v: self.estimate(data, u, v))(x, y)
        return jnp.tensordot(amp**2 * is_image, self.each(ra, dec, self.variance, 1), 1)

    def estimate(self, data, x, y):
        """Amplitude that the pixels around a position suggest, as :func:`kernel_util.estimate_amp` does."""
        ny, nx = self._shape
        # the rounding is lenstronomy's
        i, j = (jnp.round(p - 0.49999).astype(int) for p in (y, x))
        inside = (i > 2) & (i < ny - 2) & (j > 2) & (j < nx - 2)
        core = lax.dynamic_slice(data, (jnp.clip(i - 2, 0, ny - 5), jnp.clip(j - 2, 0, nx - 5)), (5, 5))
        half = (self.template.shape[0] - 1) // 2
        norm = jnp.sum(self.template[half - 2 : half + 3, half - 2 : half + 3])
        return jnp.where(inside, jnp.maximum(core.sum(), 0.0) / norm, 0.0)


class PointSourceRendering:
    """Point sources on a pixel grid."""

    def __init__(self, pixel_grid, supersampling_factor, psf):
        """
        :param pixel_grid: PixelGrid instance
        :param supersampling_factor: on which finer grid the kernel is shifted, None: that of the PSF
        :param psf: PSF instance
        """
        self._pixel_grid = pixel_grid
        self._nx, self._ny = pixel_grid.num_pixel_axes
        self._supersampling_factor = supersampling_factor or psf.point_source_supersampling_factor
        self._psf = psf

    @property
    def _kernel_supersampled(self):
        """The kernel on the finer grid."""
        return self._psf.kernel_point_source_supersampled(self._supersampling_factor, updata_cache=False)

    def renderer(self, unconvolved=False):
        """The rendering as an argument of programs.

        :param unconvolved: True to put all light on one (sub-)pixel
        """
        key = "_point_renderer" if unconvolved else "_kernel_renderer"
        if key not in self.__dict__:
            self.__dict__[key] = self._renderer(unconvolved)
        return self.__dict__[key]

    def _renderer(self, unconvolved):
        grid, factor = self._pixel_grid, self._supersampling_factor
        kernel = np.pad([[1.0]], 1) if unconvolved else self._kernel_supersampled
        variance = template = None
        if not unconvolved and self._psf.psf_variance_map_bool:
            variance, template = np.asarray(self._psf.psf_variance_map), np.asarray(self._psf.kernel_point_source)
        matrix = np.linalg.inv(np.asarray(grid.transform_pix2angle, dtype=float))
        return _Renderer(kernel, matrix, grid.radec_at_xy_0, (self._ny, self._nx), factor, variance, template)

    def point_source_rendering(self, ra_pos, dec_pos, amp, unconvolved=False):
        """The image of point sources.

        :param ra_pos: positions [arcsec]
        :param dec_pos: positions [arcsec]
        :param amp: amplitudes
        :param unconvolved: True to put all light on one (sub-)pixel
        :return: 2d image
        :raises ValueError: fewer amplitudes than positions
        """
        number = np.size(ra_pos)
        if number > np.size(amp):
            raise ValueError(f"there are {number} images but only {np.size(amp)} amplitudes.")
        if number == 0:
            return np.zeros((self._ny, self._nx))
        ra, dec = (np.atleast_1d(np.asarray(p, dtype=float)) for p in (ra_pos, dec_pos))
        amp = np.atleast_1d(np.asarray(amp, dtype=float))[:number]
        return evaluate_method(_Renderer.total, self.renderer(unconvolved), ra, dec, amp)

    def psf_variance_map(self, ra_pos, dec_pos, amp, data, fix_psf_variance_map=False):
        """Variance of the image from the errors of the kernel.

        :param ra_pos: positions [arcsec]
        :param dec_pos: positions [arcsec]
        :param amp: amplitude, used for all positions if ``fix_psf_variance_map``
        :param data: 2d image from which the amplitudes are estimated otherwise
        :param fix_psf_variance_map: True to use ``amp``
        :return: 2d image of the variance
        """
        x_pos, y_pos = self._pixel_grid.map_coord2pix(ra_pos, dec_pos)
        variance = np.zeros_like(data)
        for x, y in zip(np.atleast_1d(x_pos), np.atleast_1d(y_pos)):
            size = amp if fix_psf_variance_map else kernel_util.estimate_amp(data, x, y, self._psf.kernel_point_source)
            variance = image_util.add_layer2image(variance, x, y, self._psf.psf_variance_map * size**2)
        return variance

    def point_source_rendering_unconvolved_for_interferometry(self, ra_pos, dec_pos, amp):
        """The image of point sources without a kernel, for images that are convolved as a whole.

        :param ra_pos: positions [arcsec]
        :param dec_pos: positions [arcsec]
        :param amp: amplitudes
        :return: 2d image
        :raises ValueError: with supersampling, or fewer amplitudes than positions
        """
        if self._supersampling_factor != 1:
            raise ValueError(
                f"interferometric images take no supersampling of point sources, {self._supersampling_factor} given."
            )
        return self.point_source_rendering(ra_pos, dec_pos, amp, unconvolved=True)
