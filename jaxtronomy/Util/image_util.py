"""Operations on images: adding layers, noise, rebinning, cutting, profiles. NumPy on the host."""

import numpy as np
import scipy
from jax import numpy as jnp

from ..core.compile import elementwise
from ..core.numerics import safe_hypot
from . import util

__all__ = [
    "add_layer2image",
    "add_layer2image_int",
    "add_background",
    "add_poisson",
    "rotateImage",
    "shift_image",
    "re_size_array",
    "symmetry_average",
    "findOverlap",
    "coord_in_image",
    "re_size",
    "rebin_image",
    "rebin_coord_transform",
    "stack_images",
    "cut_edges",
    "radial_profile",
    "gradient_map",
]


def add_layer2image(grid2d, x_pos, y_pos, kernel, order=1):
    """An image with a kernel added at a position, shifted by the fraction of a pixel.

    :param grid2d: image
    :param x_pos: x-position of the middle of the kernel [pixels]
    :param y_pos: y-position of the middle of the kernel [pixels]
    :param kernel: image of odd size per axis
    :param order: order of the spline that shifts the kernel
    :return: new image; what reaches beyond its edges is lost
    """
    x_int, y_int = round(x_pos), round(y_pos)
    shifted = scipy.ndimage.shift(kernel, shift=[y_pos - y_int, x_pos - x_int], order=order)
    return add_layer2image_int(grid2d, x_int, y_int, shifted)


def add_layer2image_int(grid2d, x_pos, y_pos, kernel):
    """An image with a kernel added at a pixel.

    :param grid2d: image
    :param x_pos: column of the middle of the kernel, rounded
    :param y_pos: row of the middle of the kernel, rounded
    :param kernel: image of odd size per axis
    :return: new image; what reaches beyond its edges is lost
    :raises ValueError: when the kernel has an axis of even size
    """
    kernel = np.asarray(kernel)
    if kernel.shape[0] % 2 == 0 or kernel.shape[1] % 2 == 0:
        raise ValueError(f"the kernel has shape {kernel.shape}; odd numbers of pixels are needed.")
    image = np.array(grid2d)
    here, there = [], []
    for middle, size, length in zip((y_pos, x_pos), kernel.shape, image.shape):
        first = round(middle) - size // 2
        start, stop = max(first, 0), min(first + size, length)
        if start >= stop:
            return image
        here.append(slice(start, stop))
        there.append(slice(start - first, stop - first))
    image[tuple(here)] += kernel[tuple(there)]
    return image


def add_background(image, sigma_bkd):
    """A realisation of Gaussian background noise.

    :param image: image, of which only the shape counts
    :param sigma_bkd: standard deviation of a pixel
    :return: noise, of the shape of the image; it is not added to it
    """
    return np.random.randn(*np.shape(image)) * sigma_bkd


def add_poisson(image, exp_time):
    """A realisation of Poisson noise, in the Gaussian approximation.

    :param image: counts per unit of exposure time and pixel
    :param exp_time: exposure time, a number or an image
    :return: noise, of the shape of the image; it is not added to it
    """
    return np.random.randn(*np.shape(image)) * np.sqrt(np.abs(image) / exp_time)


def rotateImage(img, angle):
    """An image turned about its middle by cubic splines.

    :param img: image
    :param angle: angle [degrees]
    :return: image of the same shape
    """
    return scipy.ndimage.rotate(img, angle, reshape=False)


def shift_image(img, shift):
    """An image shifted by cubic splines.

    :param img: image
    :param shift: shift along rows and columns [pixels]
    :return: image of the same shape
    """
    return scipy.ndimage.shift(img, shift)


def interpolation_matrix(x_in, x_out):
    """Matrix of the linear interpolation from ``x_in`` (rising) to ``x_out``, constant beyond the ends."""
    return np.array([np.interp(x_out, x_in, unit) for unit in np.eye(len(x_in))]).T


def re_size_array(x_in, y_in, input_values, x_out, y_out):
    """Bilinear interpolation of an image, constant beyond its edges.

    :param x_in: positions of the first axis of the image, rising
    :param y_in: positions of the second axis, rising
    :param input_values: image of shape (len(x_in), len(y_in))
    :param x_out: new positions of the first axis
    :param y_out: new positions of the second axis
    :return: image of shape (len(x_out), len(y_out))
    """
    return interpolation_matrix(x_in, x_out) @ np.asarray(input_values) @ interpolation_matrix(y_in, y_out).T


def symmetry_average(image, symmetry):
    """Mean of the copies of an image turned by multiples of 360/symmetry degrees.

    :param image: image
    :param symmetry: number of copies
    :return: image of the same shape
    """
    return sum(rotateImage(image, 360 / symmetry * i) for i in range(symmetry)) / symmetry


def findOverlap(x_mins, y_mins, min_distance):
    """Positions without those that are close, in both coordinates, to an earlier one.

    :param x_mins: x-positions
    :param y_mins: y-positions
    :param min_distance: positions are distinct from here on
    :return: x- and y-positions that remain
    """
    x, y = np.asarray(x_mins), np.asarray(y_mins)
    close = (abs(x[:, None] - x) < min_distance) & (abs(y[:, None] - y) < min_distance)
    keep = ~np.tril(close, -1).any(axis=1)
    return x[keep], y[keep]


def coord_in_image(x_coord, y_coord, num_pix, delta_pix):
    """The positions that lie in a square image centred on (0, 0).

    :param x_coord: x-positions [arcsec]
    :param y_coord: y-positions [arcsec]
    :param num_pix: pixels per side
    :param delta_pix: pixel size [arcsec]
    :return: x- and y-positions inside
    """
    x, y = np.asarray(x_coord), np.asarray(y_coord)
    inside = np.maximum(abs(x), abs(y)) <= delta_pix * num_pix / 2
    return x[inside], y[inside]


def re_size(image, factor=1):
    """An image averaged over blocks of pixels.

    :param image: image (NumPy or JAX)
    :param factor: pixels per block and axis
    :return: image with the axes ``factor`` times shorter
    :raises ValueError: when the factor is below 1 or does not divide the axes
    """
    if factor < 1:
        raise ValueError(f"the factor to resize the image is {factor}; 1 or more is allowed.")
    if factor == 1:
        return image
    factor = int(factor)
    rows, columns = np.shape(image)
    if rows % factor or columns % factor:
        raise ValueError(
            f"an image of shape ({rows}, {columns}) cannot be resized by {factor}, which divides not both."
        )
    return image.reshape(rows // factor, factor, columns // factor, factor).mean((1, 3))


def rebin_image(bin_size, image, wht_map, sigma_bkg, ra_coords, dec_coords, idex_mask):
    """Merge pixels of a square image and of what belongs to it; an incomplete last bin is cut off.

    :param bin_size: pixels per bin and axis
    :param image: image, summed
    :param wht_map: weights, averaged
    :param sigma_bkg: background rms of a pixel, added in quadrature
    :param ra_coords: RA of the pixels, averaged
    :param dec_coords: DEC of the pixels, averaged
    :param idex_mask: mask, 1 where any pixel of the bin has it
    :return: the same six things (image, weights, rms, RA, DEC, mask), binned
    """
    size = len(image) // bin_size * bin_size

    def mean(values):
        return re_size(np.array(values)[:size, :size], bin_size)

    mask = mean(idex_mask)
    mask[mask > 0] = 1
    return mean(image) * bin_size**2, mean(wht_map), bin_size * sigma_bkg, mean(ra_coords), mean(dec_coords), mask


def rebin_coord_transform(factor, x_at_radec_0, y_at_radec_0, transform_pix2coord, transform_coord2pix):
    """Coordinate system of an image whose pixels are merged.

    :param factor: pixels per bin and axis
    :param x_at_radec_0: column of (RA, DEC) = (0, 0)
    :param y_at_radec_0: row of (RA, DEC) = (0, 0)
    :param transform_pix2coord: 2x2 matrix from pixels to angles
    :param transform_coord2pix: 2x2 matrix from angles to pixels
    :return: ra_at_xy_0, dec_at_xy_0, x_at_radec_0, y_at_radec_0, transform_pix2coord, transform_coord2pix
    """
    factor = int(factor)
    pix2coord, coord2pix = transform_pix2coord * factor, transform_coord2pix / factor
    x, y = (x_at_radec_0 + 0.5) / factor - 0.5, (y_at_radec_0 + 0.5) / factor - 0.5
    return *util.map_coord2pix(-x, -y, 0, 0, pix2coord), x, y, pix2coord, coord2pix


def stack_images(image_list, wht_list, sigma_list):
    """Weighted mean of images.

    :param image_list: images
    :param wht_list: weights of their pixels
    :param sigma_list: background rms of each
    :return: stacked image, mean weights, background rms of the stack
    """
    weight = sum(wht_list)
    image = sum(image * wht for image, wht in zip(image_list, wht_list)) / weight
    variance = sum(sigma**2 * np.median(wht) for sigma, wht in zip(sigma_list, wht_list)) / np.median(weight)
    return image, weight / len(wht_list), np.sqrt(variance)


def cut_edges(image, num_pix):
    """The middle of an image.

    :param image: image, both axes even or both odd
    :param num_pix: pixels per side of the cutout, even or odd as the image
    :return: cutout, a copy; exactly (num_pix, num_pix) for a square image, longer along a longer axis by its excess cut
    :raises ValueError: when the image is too small, or even and odd are mixed
    """
    rows, columns = image.shape
    if rows < num_pix or columns < num_pix:
        raise ValueError(f"a cutout of {num_pix} x {num_pix} pixels does not fit in an image of shape {image.shape}.")
    if rows % 2 != columns % 2:
        raise ValueError(f"the image to cut has shape {image.shape}; both axes have to be even, or both odd.")
    if rows % 2 != num_pix % 2:
        raise ValueError(
            f"a cutout of {num_pix} pixels from {rows} has no pixel or corner in common for its middle: "
            "odd can be cut to odd and even to even."
        )
    top, left = (rows - num_pix) // 2, (columns - num_pix) // 2
    return image[top : rows - top, left : columns - left].copy()


def radial_profile(data, center):
    """Mean of the pixels in rings one pixel wide.

    :param data: image
    :param center: middle of the rings, column and row [pixels]
    :return: profile from the middle on, one value per ring
    """
    row, column = np.indices(data.shape)
    ring = np.sqrt((column - center[0]) ** 2 + (row - center[1]) ** 2).astype(int).ravel()
    return np.bincount(ring, np.ravel(data)) / np.bincount(ring)


@elementwise
def gradient_map(image):
    """Root mean square of the two Sobel filters of an image: differences over two pixels, averaged across.

    :param image: image (NumPy or JAX)
    :return: image of the same shape
    """
    padded = jnp.pad(image, 1, mode="symmetric")
    down, right = padded[2:] - padded[:-2], padded[:, 2:] - padded[:, :-2]
    along_rows = down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    along_columns = right[:-2] + 2 * right[1:-1] + right[2:]
    return safe_hypot(along_rows, along_columns) / (4 * 2**0.5)
