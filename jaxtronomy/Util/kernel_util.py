"""Convolution kernels: centring, supersampling and degrading, splitting, cutting out. NumPy on the host.

A kernel is a square image; its middle is a pixel, so its size is odd. Resampling acts on rows and columns in the same
way, as ``M kernel M^T`` with a small matrix M.
"""

import numpy as np
import scipy

from . import image_util, util
from .multi_gauss_expansion import mge_1d

__all__ = [
    "de_shift_kernel",
    "center_kernel",
    "kernel_make_odd",
    "kernel_norm",
    "subgrid_kernel",
    "kernel_pixelsize_change",
    "cut_psf",
    "pixel_kernel",
    "kernel_average_pixel",
    "kernel_gaussian_grid",
    "kernel_gaussian",
    "kernel_moffat_grid",
    "kernel_moffat",
    "split_kernel",
    "degrade_kernel",
    "averaging_even_kernel",
    "cutout_source",
    "fwhm_kernel",
    "estimate_amp",
    "mge_kernel",
    "match_kernel_size",
]


def de_shift_kernel(kernel, shift_x, shift_y, iterations=20, fractional_step_size=1):
    """Undo the shift of a kernel: find the one whose linear interpolation, shifted, is the kernel given.

    :param kernel: shifted kernel, e.g. the cutout of a star
    :param shift_x: shift along x [pixels]
    :param shift_y: shift along y [pixels]
    :param iterations: number of corrections
    :param fractional_step_size: how much of each correction is applied, above 0 and at most 1
    :return: kernel of the same shape
    """
    corners = kernel[0, 0] + kernel[0, -1] + kernel[-1, 0] + kernel[-1, -1]
    padded = np.pad(np.asarray(kernel, dtype=float), 1, constant_values=corners / 4)
    int_x, int_y = round(shift_x), round(shift_y)
    target = scipy.ndimage.shift(padded, shift=[int_y, int_x], order=1)
    norm = np.sum(target)
    guess = target
    for _ in range(iterations):
        shifted = scipy.ndimage.shift(guess, shift=[int_y - shift_y, int_x - shift_x], order=1)
        guess = guess + (target - kernel_norm(shifted) * norm) * fractional_step_size
        guess = kernel_norm(guess) * norm
    return guess[1:-1, 1:-1]


def center_kernel(kernel, iterations=20):
    """A kernel shifted so that its first moments vanish.

    :param kernel: kernel of odd size
    :param iterations: number of corrections, see :func:`de_shift_kernel`
    :return: normalised kernel
    :raises ValueError: when the size is even
    """
    kernel = kernel_norm(kernel)
    if len(kernel) % 2 == 0:
        raise ValueError(f"the kernel to centre has shape {kernel.shape}; an odd number of pixels is needed.")
    x, y = (util.array2image(axis) for axis in util.make_grid(len(kernel), delta_pix=1))
    return kernel_norm(de_shift_kernel(kernel, -np.sum(kernel * x), -np.sum(kernel * y), iterations=iterations))


def kernel_make_odd(kernel_even):
    """A kernel of even size as one of odd size, one pixel larger, by quadratic splines.

    :param kernel_even: kernel; returned as it is when its size is odd
    :return: kernel of odd size with the same middle
    """
    rows, columns = np.shape(kernel_even)
    if rows != columns:
        raise AssertionError(f"the kernel has shape ({rows}, {columns}); a square is needed.")
    if rows % 2 == 1:
        return kernel_even
    corners = np.arange(rows + 1) + 0.5
    return scipy.ndimage.map_coordinates(np.pad(kernel_even, 1), np.meshgrid(corners, corners, indexing="ij"), order=2)


def kernel_norm(kernel):
    """The kernel divided by its sum (a new array)."""
    kernel = np.asarray(kernel)
    return kernel / np.sum(kernel)


def _resample(matrix, kernel):
    """A linear map applied to rows and columns alike."""
    return matrix @ kernel @ matrix.T


def _blocks(size, factor):
    """Matrix of sums over blocks of ``factor`` pixels (odd), as many blocks as fit."""
    return np.kron(np.eye(size // factor), np.ones(factor))


def _shared_blocks(size, factor):
    """Matrix of sums over ``factor`` pixels (even), those on the border of two blocks shared, the middle kept."""
    if size % 2 == 0:
        raise ValueError(f"the kernel to average in blocks of {factor} has {size} pixels; an odd number is needed.")
    low = round(size / factor + 0.5)
    low += low % 2 == 0
    pixel = np.arange(size)
    block, place = np.divmod(pixel + (low * factor - 1 - size) // 2, factor)
    border = place == factor - 1
    matrix = np.zeros((low, size))
    matrix[block, pixel] = np.where(border, 0.5, 1.0)
    matrix[block[border] + 1, pixel[border]] = 0.5
    return matrix


def subgrid_kernel(kernel, subgrid_res, odd=False, num_iter=100):
    """A supersampled kernel: linear interpolation, corrected until its average in the pixels is the kernel.

    :param kernel: square kernel of odd size
    :param subgrid_res: subpixels per pixel and axis
    :param odd: bool, an even size of the result is reduced by one; needed for an even ``subgrid_res``
    :param num_iter: number of corrections
    :return: kernel of ``subgrid_res`` times the size; its sum is that of the kernel where ``subgrid_res`` is odd and 1
        where it is even
    """
    res = int(subgrid_res)
    if res == 1:
        return kernel
    kernel = np.asarray(kernel, dtype=float)
    n, norm = len(kernel), np.sum(kernel)
    fine = n * res
    if odd is True and fine % 2 == 0:
        fine -= 1
    if res % 2 == 0:
        average = _shared_blocks(fine, res) / res
    else:
        average = _blocks(fine, res) / res
    expand = image_util.interpolation_matrix((np.arange(n) + 0.5) / n, (np.arange(fine) + 0.5) / fine)
    guess = kernel / norm
    result = kernel_norm(_resample(expand, guess))
    for _ in range(max(num_iter, 1)):
        guess = guess + (kernel - _resample(average, result))
        result = kernel_norm(_resample(expand, guess))
    if res % 2 == 0:
        return result
    # what is not matched yet is taken off evenly in each pixel
    excess = kernel_norm(_resample(average, result)) - kernel / norm
    return kernel_norm(result - np.kron(excess, np.ones((res, res))) / res**2) * norm


def kernel_pixelsize_change(kernel, delta_pix_in, delta_pix_out):
    """A kernel interpolated (linearly) to another pixel size.

    :param kernel: square kernel
    :param delta_pix_in: its pixel size
    :param delta_pix_out: new pixel size
    :return: normalised kernel of odd size
    """
    size = len(kernel)
    size_new = round(size * delta_pix_in / delta_pix_out)
    size_new -= size_new % 2 == 0
    x_in = (np.arange(size) - (size - 1) / 2) * delta_pix_in
    x_out = (np.arange(size_new) - (size_new - 1) / 2) * delta_pix_out
    return kernel_norm(image_util.re_size_array(x_in, x_in, kernel, x_out, x_out))


def cut_psf(psf_data, psf_size, normalisation=True):
    """The middle of a kernel.

    :param psf_data: kernel
    :param psf_size: pixels per side of the result
    :param normalisation: bool, the result has the sum 1
    :return: kernel
    """
    kernel = image_util.cut_edges(psf_data, psf_size)
    return kernel_norm(kernel) if normalisation is True else kernel


def _sum_of_shifts(kernel, size, first, number):
    """The kernel added in an image of ``size`` pixels, its middle on each of ``number`` pixels from ``first`` on."""
    if len(kernel) % 2 == 0:
        raise ValueError(f"the kernel has {len(kernel)} pixels per side; an odd number is needed.")
    distance = np.arange(size)[:, None] - (np.arange(len(kernel)) + first - len(kernel) // 2)
    return _resample(((distance >= 0) & (distance < number)).astype(float), kernel)


def pixel_kernel(point_source_kernel, subgrid_res=7):
    """The kernel of a uniformly bright pixel from that of a point source.

    :param point_source_kernel: kernel of a point source in the middle of a pixel, odd size
    :param subgrid_res: subpixels per pixel and axis, odd
    :return: normalised kernel of the same size
    """
    size = len(point_source_kernel)
    fine = subgrid_kernel(point_source_kernel, subgrid_res, num_iter=10)
    spread = _sum_of_shifts(fine, size * subgrid_res, (size - 1) // 2 * subgrid_res, subgrid_res)
    return kernel_norm(_resample(_blocks(len(spread), subgrid_res), spread))


def kernel_average_pixel(kernel_super, supersampling_factor):
    """The kernel of a uniformly bright pixel from the supersampled one of a point source.

    :param kernel_super: supersampled kernel of odd size
    :param supersampling_factor: subpixels per pixel and axis
    :return: kernel, not supersampled, with the same sum
    """
    factor = supersampling_factor
    size = round(len(kernel_super) / factor + 0.5)
    size += size % 2 == 0
    fine = size * factor + (size * factor % 2 == 0)
    spread = _sum_of_shifts(kernel_super, fine, (size - 1) // 2 * factor, factor)
    kernel = _resample(_shared_blocks(fine, factor) if factor % 2 == 0 else _blocks(fine, factor), spread)
    return kernel_norm(kernel) * np.sum(kernel_super)


def kernel_gaussian_grid(x_grid, y_grid, sigma):
    """Gaussian on a grid, with the sum 1.

    :param x_grid: x-coordinates
    :param y_grid: y-coordinates
    :param sigma: standard deviation, in the same units
    :return: array of the shape of the grid
    """
    return kernel_norm(np.exp(-(x_grid**2 + y_grid**2) / (2 * sigma**2)))


def kernel_gaussian(num_pix, delta_pix, fwhm):
    """Gaussian kernel.

    :param num_pix: pixels per side
    :param delta_pix: pixel size
    :param fwhm: full width at half maximum, in the same units
    :return: image with the sum 1
    """
    x, y = util.make_grid(num_pix, delta_pix)
    return util.array2image(kernel_gaussian_grid(x, y, util.fwhm2sigma(fwhm)))


def kernel_moffat_grid(x, y, fwhm, moffat_beta):
    """Moffat profile on a grid, with the sum 1.

    :param x: x-coordinates
    :param y: y-coordinates
    :param fwhm: full width at half maximum, in the same units
    :param moffat_beta: exponent
    :return: array of the shape of the grid
    """
    alpha = fwhm / (2 * np.sqrt(2 ** (1 / moffat_beta) - 1))
    return kernel_norm((1 + (x**2 + y**2) / alpha**2) ** -moffat_beta)


def kernel_moffat(num_pix, delta_pix, fwhm, moffat_beta):
    """Moffat kernel.

    :param num_pix: pixels per side
    :param delta_pix: pixel size
    :param fwhm: full width at half maximum, in the same units
    :param moffat_beta: exponent
    :return: image with the sum 1
    """
    x, y = util.make_grid(num_pix, delta_pix)
    return util.array2image(kernel_moffat_grid(x, y, fwhm, moffat_beta))


def split_kernel(kernel_super, supersampling_kernel_size, supersampling_factor, normalized=True):
    """A supersampled kernel as its middle, supersampled, and the rest, on pixels.

    :param kernel_super: supersampled kernel of odd size
    :param supersampling_kernel_size: pixels (not subpixels) per side of the middle, odd
    :param supersampling_factor: subpixels per pixel and axis, above 1
    :param normalized: bool, the two parts have the sum of the kernel; the density is kept otherwise
    :return: kernel with a hole, on pixels; supersampled middle
    :raises ValueError: when the factor is 1 or less or the size of the middle is even
    """
    if supersampling_factor <= 1:
        raise ValueError(f"a kernel is split with a supersampling_factor above 1, not {supersampling_factor}.")
    if supersampling_kernel_size % 2 == 0:
        raise ValueError(f"supersampling_kernel_size has to be odd, not {supersampling_kernel_size}.")
    size = len(kernel_super)
    middle = supersampling_kernel_size * supersampling_factor
    middle = min(middle + (middle % 2 == 0), size)
    first = (size - middle) // 2
    inside = (slice(first, first + middle),) * 2
    hole = np.array(kernel_super)
    hole[inside] = 0
    hole = degrade_kernel(hole, supersampling_factor)
    return (hole if normalized else hole / supersampling_factor**2), np.array(kernel_super)[inside]


def degrade_kernel(kernel_super, degrading_factor):
    """A supersampled kernel on pixels.

    :param kernel_super: supersampled kernel of odd size
    :param degrading_factor: subpixels per pixel and axis
    :return: kernel of odd size with the same sum
    """
    if degrading_factor == 1:
        return kernel_super
    average = averaging_even_kernel if degrading_factor % 2 == 0 else averaging_odd_kernel
    return average(kernel_super, degrading_factor) * degrading_factor**2


def averaging_odd_kernel(kernel_super, degrading_factor):
    """Means over blocks of an odd number of subpixels.

    :param kernel_super: supersampled kernel of odd size
    :param degrading_factor: subpixels per pixel and axis, odd
    :return: kernel of odd size
    """
    size = len(kernel_super)
    low = round(size / degrading_factor)
    low += low % 2 == 0
    if low * degrading_factor < size:
        low += 2
    before = (low * degrading_factor - size) // 2
    padded = np.pad(kernel_super, (before, low * degrading_factor - size - before))
    return util.averaging(padded, num_grid=len(padded), num_pix=low)


def averaging_even_kernel(kernel_high_res, subgrid_res):
    """Means over blocks of an even number of subpixels; those on the border of blocks are shared.

    :param kernel_high_res: supersampled kernel of odd size
    :param subgrid_res: subpixels per pixel and axis, even
    :return: kernel of odd size
    """
    return _resample(_shared_blocks(len(kernel_high_res), subgrid_res), kernel_high_res) / subgrid_res**2


def cutout_source(x_pos, y_pos, image, kernelsize, shift=True):
    """Cutout around a point source.

    :param x_pos: column of the source [pixels]
    :param y_pos: row of the source [pixels]
    :param image: image
    :param kernelsize: pixels per side, odd
    :param shift: bool, the source is moved to the middle of the middle pixel
    :return: cutout, zero where it reaches beyond the image
    :raises ValueError: when kernelsize is even
    """
    if kernelsize % 2 == 0:
        raise ValueError(f"kernelsize has to be odd, not {kernelsize}.")
    x_int, y_int = round(x_pos), round(y_pos)
    there, here = [], []
    for middle, length in zip((y_int, x_int), np.shape(image)):
        first = middle - kernelsize // 2
        start, stop = max(first, 0), min(first + kernelsize, length)
        there.append(slice(start, stop))
        here.append(slice(start - first, stop - first))
    cutout = np.array(image[tuple(there)], dtype=float)
    if shift is True:
        cutout = de_shift_kernel(cutout, x_int - x_pos, y_int - y_pos, iterations=50)
    result = np.zeros((kernelsize, kernelsize))
    result[tuple(here)] = cutout
    return result


def fwhm_kernel(kernel):
    """Full width at half maximum of a kernel [pixels], from the means in rings.

    :param kernel: square kernel of odd size
    :return: full width at half maximum
    :raises ValueError: when the size is even, or no ring is below half the value in the middle
    """
    n = len(kernel)
    if n % 2 == 0:
        raise ValueError(f"the kernel has {n} pixels per side; an odd number is needed for its width.")
    half = kernel[n // 2, n // 2] / 2
    profile = image_util.radial_profile(kernel, center=[n // 2, n // 2])
    below = np.flatnonzero(profile[1:] < half)
    if len(below) == 0:
        raise ValueError("the kernel is nowhere below half its value in the middle: its width is not defined.")
    i = below[0]
    # a third of a pixel: about the mean radius of the pixels of a ring beyond its inner edge
    return 2 * ((half - profile[i]) / (profile[i + 1] - profile[i]) + i + 0.33)


def estimate_amp(data, x_pos, y_pos, psf_kernel):
    """Amplitude of a point source, from the 5 x 5 pixels around it.

    :param data: image
    :param x_pos: column of the source [pixels]
    :param y_pos: row of the source [pixels]
    :param psf_kernel: kernel of a point source
    :return: amplitude, not below 0; 0 for a source at the edge of the image
    """
    rows, columns = np.shape(data)
    x, y = round(x_pos - 0.49999), round(y_pos - 0.49999)
    if not (2 < x < columns - 2 and 2 < y < rows - 2):
        return 0
    middle = int((len(psf_kernel) - 0.5) / 2)
    flux = np.sum(data[y - 2 : y + 3, x - 2 : x + 3])
    return max(flux, 0) / np.sum(psf_kernel[middle - 2 : middle + 3, middle - 2 : middle + 3])


def mge_kernel(kernel, order=5):
    """Sum of round Gaussians closest to the radial profile of a kernel.

    :param kernel: square kernel
    :param order: number of Gaussians
    :return: amplitudes, widths [pixels], norm of the residuals
    """
    middle = (len(kernel) - 1) / 2
    profile = image_util.radial_profile(kernel, center=[middle, middle])
    return mge_1d(np.arange(len(profile), dtype=float), profile, N=order, linspace=True)


def match_kernel_size(image, size):
    """A square image cut, or surrounded by zeros, to a size.

    :param image: square image of odd size
    :param size: pixels per side, odd
    :return: image
    """
    n = len(image)
    if n == size:
        return image
    if n > size:
        first = (n - size) // 2
        return np.array(image)[first : first + size, first : first + size]
    before = (size - n) // 2
    return np.pad(image, (before, size - n - before))
