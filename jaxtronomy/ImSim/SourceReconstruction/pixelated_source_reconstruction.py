r"""The linear problem of a source on a grid of pixels, of which the lensed image is interpolated bilinearly.

With the lensing A (image pixel by source pixel), the convolution K and the weights W of the data d, the most probable
amplitudes solve :math:`M a = b`,

.. math::
    M = A^T K^T W K A, \quad b = A^T K^T W d \quad\text{(images)}, \qquad
    M = A^T K A / \sigma^2, \quad b = A^T d / \sigma^2 \quad\text{(interferometers, natural weighting)} .

A has four elements in each row and is never written out: M is made a few columns at a time.
"""

import jax.numpy as jnp
import numpy as np
from tqdm import tqdm

from jaxtronomy.core.compile import namespace
from jaxtronomy.core.fft import FFTKernel
from jaxtronomy.core.tree import Model, evaluate_method

__all__ = ["PixelatedSourceReconstruction"]

COLUMNS = 32  # of M, that are made at a time


class PixelatedSourceReconstruction(Model):
    """Normal equations of the pixels of a source; they can be differentiated by the parameters of the lens.

    Sparse images are lists of ``[row, column, value]``.
    """

    _arrays = ("_fft", "_fft_back", "_weight", "_beam", "_image_data")

    def __init__(self, data_class, psf_class, lens_model_class, source_pixel_grid_class):
        """
        :param data_class: ImageData instance
        :param psf_class: PSF instance
        :param lens_model_class: LensModel instance
        :param source_pixel_grid_class: PixelGrid instance of the source, its axes along those of the sky
        :raises ValueError: for a source grid that is rotated or has pixels that are no squares, and for a beam of an
            interferometer that does not reach over the image
        """
        transform = source_pixel_grid_class.transform_pix2angle
        if transform[0, 1] != 0 or transform[1, 0] != 0 or transform[0, 0] != transform[1, 1]:
            raise ValueError(
                f"the source grid has to have square pixels and no rotation; its matrix is {transform.tolist()}."
            )
        self._lens_model_class, self._source_grid_class = lens_model_class, source_pixel_grid_class
        self._image_data, self._noise_rms = data_class.data, data_class.background_rms
        self._C_D, self._primary_beam = data_class.C_D, data_class.primary_beam
        self._logL_method = data_class.likelihood_method()
        self._shape, self._num_pix = self._image_data.shape, data_class.num_pixel_axes[0]
        self._x_grid_data, self._y_grid_data = data_class.pixel_coordinates
        self._nx_source, self._ny_source = source_pixel_grid_class.num_pixel_axes
        self._num_pixel_source = source_pixel_grid_class.num_pixel
        self._pixel_width_source = source_pixel_grid_class.pixel_width
        self._source_min_x, self._source_min_y = source_pixel_grid_class.radec_at_xy_0
        self._ratio_data_pixel_source_pixel = data_class.pixel_area / source_pixel_grid_class.pixel_area
        self._kernel = psf_class.kernel_point_source
        self._shape_kernel = self._kernel.shape
        if self._logL_method == "interferometry_natwt" and min(self._shape_kernel) < 2 * self._num_pix - 1:
            raise ValueError(
                f"the kernel of an interferometer has to have at least {2 * self._num_pix - 1} pixels per axis "
                f"(2 * num_pix - 1), not {self._shape_kernel}."
            )
        self._fft = FFTKernel(self._kernel, self._shape)
        self._fft_back = FFTKernel(self._kernel[::-1, ::-1], self._shape)
        self._weight = np.ones(self._shape) / self._C_D
        self._beam = np.ones(self._shape) if self._primary_beam is None else np.asarray(self._primary_beam, float)

    def _structure(self):
        return self._shape, self._num_pixel_source

    # pure methods

    def _columns(self, places, weights, start):
        """A e_i of a few source pixels i from ``start`` on, as images."""
        pixels = jnp.broadcast_to(jnp.arange(places.shape[1]), places.shape)
        columns = jnp.where(places >= start, places - start, COLUMNS)  # negative indices would count from the end
        images = jnp.zeros((COLUMNS, places.shape[1]), weights.dtype).at[columns, pixels].add(weights, mode="drop")
        return images.reshape(COLUMNS, *self._shape)

    def _onto_source(self, images, places, weights):
        """A^T of images, (source pixels, images)."""
        values = weights[..., None] * images.reshape(len(images), -1).T[None]
        return jnp.zeros((self._num_pixel_source, len(images)), values.dtype).at[places].add(values, mode="drop")

    def _columns_of_M(self, places, weights, start, interferometer=False):
        """A few columns of M, up to the constant variance of an interferometer."""
        blurred = self._fft.apply(self._columns(places, weights, start))
        if not interferometer:
            blurred = self._fft_back.apply(blurred * self._weight[None])
        return self._onto_source(blurred, places, weights)

    def _vector(self, places, weights, interferometer=False):
        """b, up to the constant variance of an interferometer."""
        image = self._image_data[None]
        if not interferometer:
            image = self._fft_back.apply(image * self._weight[None])
        return self._onto_source(image, places, weights)[:, 0]

    # public interface

    def generate_M_b(self, kwargs_lens, verbose=False, show_progress=True):
        """Normal equations for the likelihood of the data.

        :param kwargs_lens: parameters of each lens model
        :param verbose: whether the steps are printed
        :param show_progress: whether a bar shows the progress
        :return: M (source pixels, source pixels), b (source pixels)
        """
        if verbose:
            print(
                f"number of source pixels: {self._num_pixel_source} (x axis: {self._nx_source} pixels;  "
                f"y axis: {self._ny_source} pixels)"
            )
            print("likelihood method:", self._logL_method)
        if self._logL_method == "interferometry_natwt":
            return self.generate_M_b_interferometry_natwt_likelihood(kwargs_lens, verbose, show_progress)
        return self.generate_M_b_diagonal_likelihood(kwargs_lens, verbose, show_progress)

    def generate_M_b_diagonal_likelihood(self, kwargs_lens, verbose=False, show_progress=True):
        """Normal equations for noise that is independent in each pixel.

        :param kwargs_lens: parameters of each lens model
        :param verbose: whether the steps are printed
        :param show_progress: whether a bar shows the progress
        :return: M (source pixels, source pixels), b (source pixels)
        """
        steps = ("Lensing the source pixels", "Convolve the lensed pixels", "Compute the matrix M and vector b")
        return self._equations(kwargs_lens, steps, verbose, show_progress, interferometer=False)

    def generate_M_b_interferometry_natwt_likelihood(self, kwargs_lens, verbose=False, show_progress=True):
        """Normal equations for the dirty image of an interferometer with natural weighting.

        :param kwargs_lens: parameters of each lens model
        :param verbose: whether the steps are printed
        :param show_progress: whether a bar shows the progress
        :return: M (source pixels, source pixels), b (source pixels)
        """
        steps = ("Lensing the source pixels", "Compute the matrix M and vector b (including the convolution step)")
        M, b = self._equations(kwargs_lens, steps, verbose, show_progress, interferometer=True)
        return M / self._noise_rms**2, b / self._noise_rms**2

    def _equations(self, kwargs_lens, steps, verbose, show_progress, interferometer):
        """M and b, telling of the steps, of which all but the first are made together."""

        def tell(number, end):
            if verbose:
                print(f"Step {number}: {'Finished!' if end else steps[number - 1]}")

        tell(1, False)
        places, weights = self._lensing(kwargs_lens)
        tell(1, True)
        for number in range(2, len(steps)):
            tell(number, False)
            tell(number, True)
        tell(len(steps), False)
        blocks = [
            evaluate_method(
                PixelatedSourceReconstruction._columns_of_M, self, places, weights, start, interferometer=interferometer
            )
            for start in tqdm(
                range(0, self._num_pixel_source, COLUMNS),
                desc="Running (iteration times vary)",
                disable=not show_progress,
            )
        ]
        xp = namespace(blocks)
        M = xp.concatenate(blocks, axis=1)[:, : self._num_pixel_source]
        M = xp.tril(M) + xp.tril(M, -1).T  # symmetric to the last digit, and where the beam is not
        b = evaluate_method(PixelatedSourceReconstruction._vector, self, places, weights, interferometer=interferometer)
        tell(len(steps), True)
        return M, b

    def _position(self, kwargs_lens):
        """Where the image pixels are on the source grid, in source pixels: column, row; and whole numbers below."""
        x, y = self._lens_model_class.ray_shooting(self._x_grid_data.ravel(), self._y_grid_data.ravel(), kwargs_lens)
        column, row = (
            (x - self._source_min_x) / self._pixel_width_source,
            (y - self._source_min_y) / self._pixel_width_source,
        )
        xp = namespace(x, y)
        return column, row, xp.floor(column), xp.floor(row)

    def _corners(self, kwargs_lens):
        """The four source pixels around each image pixel, their weights, and whether they are on the grid; (4, image
        pixels) each, those to the left before those to the right, below before above.
        """
        column, row, left, below = self._position(kwargs_lens)
        xp = namespace(column, row)
        u, v = column - left, row - below
        i = xp.stack([left, left + 1, left, left + 1])
        j = xp.stack([below, below, below + 1, below + 1])
        weights = xp.stack([(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v]) * self._ratio_data_pixel_source_pixel
        inside = (i >= 0) & (i < self._nx_source) & (j >= 0) & (j < self._ny_source)
        return xp.where(inside, j * self._nx_source + i, self._num_pixel_source).astype(int), weights, inside

    def _lensing(self, kwargs_lens):
        """The elements of A: source pixels, their number for none, and weights (4, image pixels)."""
        places, weights, inside = self._corners(kwargs_lens)
        return places, namespace(weights).where(inside, weights, 0.0) * self._beam.reshape(1, -1)

    def lens_pixel_source_of_a_rectangular_region(self, kwargs_lens):
        """The lensed image of each source pixel (with the primary beam, where there is one).

        :param kwargs_lens: parameters of each lens model
        :return: for each source pixel a sparse image
        """
        places, weights = (np.asarray(a) for a in self._lensing(kwargs_lens))
        images = [[] for _ in range(self._num_pixel_source)]
        rows, columns = np.unravel_index(np.arange(places.shape[1]), self._shape)
        corner, pixel = np.nonzero((places < self._num_pixel_source).T)[::-1]
        for source, row, column, weight in zip(
            places[corner, pixel].tolist(),
            rows[pixel].tolist(),
            columns[pixel].tolist(),
            weights[corner, pixel].tolist(),
        ):
            images[source].append([row, column, weight])
        return images

    def lens_an_image_by_rayshooting(self, kwargs_lens, source_image):
        """The lensed image of a source on the grid, without the primary beam.

        It is zero in front of the first row and column of the grid.

        :param kwargs_lens: parameters of each lens model
        :param source_image: amplitudes of the source pixels (rows, columns)
        :return: image
        :raises ValueError: for another shape than that of the grid
        """
        if np.shape(source_image) != (self._ny_source, self._nx_source):
            raise ValueError(
                f"the source image has the shape {np.shape(source_image)}, the source grid "
                f"{(self._ny_source, self._nx_source)}."
            )
        places, weights, inside = self._corners(kwargs_lens)
        xp = namespace(weights, source_image)
        amplitudes = xp.append(xp.ravel(xp.asarray(source_image)), 0.0)
        flux = xp.sum(weights * amplitudes[places], axis=0)
        return xp.where(inside[0], flux, 0.0).reshape(self._shape)

    def sparse_to_array(self, sparse):
        """A sparse image as an array.

        :param sparse: sparse image
        :return: 2d image
        """
        image = np.zeros(self._shape)
        for row, column, value in sparse:
            image[row, column] = value
        return image

    def sum_sparse_elementwise_product(self, sparse, ordinary):
        """Sum of the products of the pixels of two images.

        :param sparse: sparse image
        :param ordinary: 2d image
        :return: number
        """
        return sum(value * ordinary[row, column] for row, column, value in sparse)

    def sparse_convolve_and_dot_product(self, sp1, sp2, kernel=None):
        """Sum of the products of the pixels of two images, of which one is convolved.

        :param sp1: sparse image, which is convolved
        :param sp2: sparse image
        :param kernel: kernel of odd size, None for that of the PSF
        :return: number
        """
        kernel = self._kernel if kernel is None else kernel
        (y1, x1, v1), (y2, x2, v2) = (np.array(sp, dtype=float).reshape(-1, 3).T for sp in (sp1, sp2))
        j, i = (np.subtract.outer(a, b).astype(int) + len(kernel) // 2 for a, b in ((y2, y1), (x2, x1)))
        inside = (j >= 0) & (j < kernel.shape[0]) & (i >= 0) & (i < kernel.shape[1])
        return v2 @ np.where(inside, kernel[np.where(inside, j, 0), np.where(inside, i, 0)], 0.0) @ v1

    def sparse_convolution(self, sp, kernel=None):
        """A sparse image convolved.

        :param sp: sparse image
        :param kernel: kernel of odd size, None for that of the PSF
        :return: 2d image
        """
        fft = self._fft if kernel is None else FFTKernel(kernel, self._shape)
        image = np.zeros(self._shape)
        for row, column, value in sp:
            image[row, column] += value
        return evaluate_method(FFTKernel.apply, fft, image)
