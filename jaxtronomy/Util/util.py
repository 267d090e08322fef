"""Grids, reshaping, coordinate maps and other small routines used throughout the package.

What describes a grid (pixel numbers, resolutions) is NumPy on the host. Functions of coordinates take NumPy arrays,
Python numbers and JAX arrays alike.
"""

from itertools import permutations

import jax
import numpy as np

from ..core.compile import elementwise
from ..core.frames import rotate as _rotate_axes
from ..core.numerics import safe_hypot

__all__ = [
    "merge_dicts",
    "isiterable",
    "approx_theta_E",
    "sort_image_index",
    "rotate",
    "map_coord2pix",
    "array2image",
    "image2array",
    "array2cube",
    "cube2array",
    "make_grid",
    "make_grid_transformed",
    "make_grid_with_coordtransform",
    "grid_from_coordinate_transform",
    "get_axes",
    "averaging",
    "displaceAbs",
    "get_distance",
    "compare_distance",
    "min_square_dist",
    "selectBest",
    "select_best",
    "points_on_circle",
    "local_minima_2d",
    "neighbor_select",
    "fwhm2sigma",
    "sigma2fwhm",
    "hyper2F2_array",
    "make_subgrid",
    "convert_bool_list",
]

_FWHM_PER_SIGMA = 2 * np.sqrt(2 * np.log(2))
#: offsets (rows, columns) of the ring of 8 pixels around a pixel, and of 12 of the 16 of the next ring
_FIRST_RING = ((0, -1), (0, 1), (-1, 0), (1, 0), (-1, 1), (-1, -1), (1, -1), (1, 1))
_SECOND_RING = (
    (-2, -1),
    (-2, 1),
    (-1, -2),
    (-1, 2),
    (1, -2),
    (1, 2),
    (2, -1),
    (2, 1),
    (2, 0),
    (-2, 0),
    (0, -2),
    (0, 2),
)


def _array(value):
    """JAX arrays as they are, anything else as a NumPy array."""
    return value if isinstance(value, jax.Array) else np.asarray(value)


def _side(length, what):
    """Side of the square that ``length`` pixels fill."""
    side = round(length**0.5)
    if side**2 != length:
        raise ValueError(f"{what} has {length} elements, which do not fill a square; a square number is needed.")
    return side


def merge_dicts(*dict_args):
    """One new dictionary with the entries of all; where keys are equal the last one counts."""
    merged = {}
    for entries in dict_args:
        merged.update(entries)
    return merged


def isiterable(obj):
    """Whether ``iter(obj)`` works."""
    try:
        iter(obj)
    except TypeError:
        return False
    return True


def approx_theta_E(ximg, yimg):
    """Einstein radius guessed from a quad: half the geometric mean of the two largest image separations.

    :param ximg: x-positions of four images [arcsec]
    :param yimg: y-positions of four images [arcsec]
    :return: Einstein radius [arcsec]
    """
    x, y = np.asarray(ximg)[:4], np.asarray(yimg)[:4]
    i, j = np.triu_indices(4, 1)
    separation = np.sort(np.hypot(x[i] - x[j], y[i] - y[j]))
    return 0.5 * np.sqrt(separation[-1] * separation[-2])


def sort_image_index(ximg, yimg, xref, yref):
    """Order that brings image positions closest (in the sum of squares) to reference positions.

    :param ximg: x-positions of the images
    :param yimg: y-positions of the images
    :param xref: reference x-positions, as many
    :param yref: reference y-positions, as many
    :return: indices, so that ``ximg[indices], yimg[indices]`` pair up with ``xref, yref``
    """
    if len(xref) != len(ximg):
        raise AssertionError(f"{len(ximg)} images cannot be matched with {len(xref)} reference positions.")
    orders = np.array(list(permutations(range(len(ximg)))))
    x, y = np.asarray(ximg)[orders], np.asarray(yimg)[orders]
    return orders[np.argmin(np.sum((x - np.asarray(xref)) ** 2 + (y - np.asarray(yref)) ** 2, axis=1))]


_rotate = elementwise(_rotate_axes)


def rotate(xcoords, ycoords, angle):
    """Coordinates in axes that are turned counter-clockwise.

    :param xcoords: x-coordinates
    :param ycoords: y-coordinates
    :param angle: angle [rad]
    :return: x- and y-coordinates in the turned axes
    """
    return _rotate(xcoords, ycoords, angle)


def map_coord2pix(ra, dec, x_0, y_0, transform_matrix):
    """Linear map ``M (ra, dec) + (x_0, y_0)``, of angles to pixels or of pixels to angles.

    :param ra: first coordinate
    :param dec: second coordinate
    :param x_0: first coordinate of the image of (0, 0)
    :param y_0: second coordinate of the image of (0, 0)
    :param transform_matrix: 2x2 matrix
    :return: first and second coordinate of the image
    """
    ra, dec, matrix = _array(ra), _array(dec), _array(transform_matrix)
    x = matrix[0, 0] * ra + matrix[0, 1] * dec
    y = matrix[1, 0] * ra + matrix[1, 1] * dec
    return x + x_0, y + y_0


def array2image(array, nx=0, ny=0):
    """A flat array as an image.

    :param array: pixel values, row after row
    :param nx: number of columns; the image is square where it or ``ny`` is 0
    :param ny: number of rows
    :return: array of shape (ny, nx)
    :raises ValueError: when the image is to be square and the number of pixels is not
    """
    array = _array(array)
    if nx == 0 or ny == 0:
        nx = ny = _side(len(array), "the array to make an image of")
    return array.reshape(int(ny), int(nx))


def image2array(image):
    """An image, shape (ny, nx), as a flat array, row after row."""
    image = _array(image)
    ny, nx = image.shape
    return image.reshape(ny * nx)


def array2cube(array, n_1, n_23):
    """A flat array as ``n_1`` square images of ``n_23`` pixels each.

    :param array: values, image after image, row after row
    :param n_1: number of images
    :param n_23: pixels of an image, a square number
    :return: array of shape (n_1, sqrt(n_23), sqrt(n_23))
    :raises ValueError: when n_23 is not a square number
    """
    side = _side(n_23, "an image of the cube")
    return _array(array).reshape(n_1, side, side)


def cube2array(cube):
    """A cube of shape (n_1, n_2, n_3) as a flat array."""
    cube = _array(cube)
    n_1, n_2, n_3 = cube.shape
    return cube.reshape(n_1 * n_2 * n_3)


def make_grid(num_pix, delta_pix, subgrid_res=1, left_lower=False):
    """Coordinates of the pixels of an image, row after row, (0, 0) in its middle.

    :param num_pix: pixels per side, or a pair: pixels in x, pixels in y
    :param delta_pix: pixel size [arcsec]
    :param subgrid_res: subpixels per pixel and axis
    :param left_lower: bool, the origin is in the first pixel instead
    :return: x- and y-coordinates, two flat arrays
    :raises ValueError: when a pixel number is not an integer
    """
    if isinstance(num_pix, (tuple, list, np.ndarray)):
        if len(num_pix) != 2:
            raise AssertionError(f"num_pix has {len(num_pix)} entries; a number or a pair is allowed.")
        nx, ny = num_pix
    else:
        nx = ny = num_pix
    if nx != round(nx) or ny != round(ny):
        raise ValueError(f"num_pix has to be an integer or a pair of integers, not {num_pix}.")
    nx, ny = int(round(nx) * subgrid_res), int(round(ny) * subgrid_res)
    size = delta_pix / subgrid_res
    if left_lower is True:
        shift_x = shift_y = (1 / subgrid_res - 1) / 2
    else:
        shift_x, shift_y = size * (nx - 1) / 2, size * (ny - 1) / 2
    return np.tile(np.arange(nx) * size - shift_x, ny), np.repeat(np.arange(ny) * size - shift_y, nx)


def make_grid_transformed(num_pix, transform_pix2angle):
    """Coordinates of the pixels of an image whose pixels are mapped linearly, (0, 0) in its middle.

    :param num_pix: pixels per side
    :param transform_pix2angle: 2x2 matrix from pixels to angles [arcsec]
    :return: RA and DEC [arcsec], two flat arrays
    """
    return map_coord2pix(*make_grid(num_pix, delta_pix=1), 0, 0, transform_pix2angle)


def centered_coordinate_system(num_pix, transform_pix2angle):
    """Keyword arguments of a coordinate system whose origin is in the middle of a square image.

    :param num_pix: pixels per side
    :param transform_pix2angle: 2x2 matrix from pixels to angles [arcsec]
    :return: dictionary with ra_at_xy_0, dec_at_xy_0 and transform_pix2angle
    """
    ra, dec = np.sum(transform_pix2angle, axis=1) * (num_pix - 1) / 2
    return {"ra_at_xy_0": -ra, "dec_at_xy_0": -dec, "transform_pix2angle": transform_pix2angle}


def make_grid_with_coordtransform(
    num_pix, delta_pix, subgrid_res=1, center_ra=0, center_dec=0, left_lower=False, inverse=True
):
    """Coordinates of the pixels of a square image, with the maps between pixels and angles.

    :param num_pix: pixels per side
    :param delta_pix: pixel size [arcsec]
    :param subgrid_res: subpixels per pixel and axis
    :param center_ra: RA of the middle [arcsec]
    :param center_dec: DEC of the middle [arcsec]
    :param left_lower: bool, the origin is in the first pixel instead
    :param inverse: bool, RA grows to the left (East is left), as on the sky
    :return: ra_grid, dec_grid, ra_at_xy_0, dec_at_xy_0, x_at_radec_0, y_at_radec_0, transform_pix2coord,
        transform_coord2pix
    """
    n, size = num_pix * subgrid_res, delta_pix / subgrid_res
    pixels = np.arange(n)
    if left_lower is not True:
        pixels = pixels - (n - 1) / 2
    step = -size if inverse is True else size
    shift = (subgrid_res - 1) / (2 * subgrid_res) * delta_pix
    ra_grid = np.tile(pixels * step, len(pixels)) + (center_ra - shift)
    dec_grid = np.repeat(pixels * size, len(pixels)) + (center_dec - shift)
    pix2coord = np.array([[step, 0], [0, size]])
    coord2pix = np.linalg.inv(pix2coord)
    origin = map_coord2pix(-ra_grid[0], -dec_grid[0], 0, 0, coord2pix)
    return ra_grid, dec_grid, ra_grid[0], dec_grid[0], *origin, pix2coord, coord2pix


def grid_from_coordinate_transform(nx, ny, transform_pix2coord, ra_at_xy_0, dec_at_xy_0):
    """Coordinates of the pixels of an image, row after row.

    :param nx: number of columns
    :param ny: number of rows
    :param transform_pix2coord: 2x2 matrix from pixels to angles [arcsec]
    :param ra_at_xy_0: RA of pixel (0, 0) [arcsec]
    :param dec_at_xy_0: DEC of pixel (0, 0) [arcsec]
    :return: RA and DEC [arcsec], two flat arrays
    """
    x, y = np.tile(np.arange(nx), int(ny)), np.repeat(np.arange(ny), int(nx))
    return map_coord2pix(x, y, ra_at_xy_0, dec_at_xy_0, transform_pix2coord)


def get_axes(x, y):
    """The axes of a square grid.

    :param x: x-coordinates of the grid, flat
    :param y: y-coordinates of the grid, flat
    :return: x along the first row, y along the first column
    :raises ValueError: when the grid is not square
    """
    side = _side(len(x), "the grid")
    return _array(x)[:side], _array(y)[::side]


def averaging(grid, num_grid, num_pix):
    """A square image averaged into fewer pixels.

    :param grid: image, or flat array, of num_grid x num_grid pixels
    :param num_grid: pixels per side, a multiple of num_pix
    :param num_pix: pixels per side of the result
    :return: image of shape (num_pix, num_pix)
    """
    num_pix = int(num_pix)
    block = int(num_grid / num_pix)
    return _array(grid).reshape(num_pix, block, num_pix, block).mean((1, 3))


_distance = elementwise(lambda x, y, x0, y0: safe_hypot(x - x0, y - y0))


def displaceAbs(x, y, source_pos_x, source_pos_y):
    """Distance of points from a position.

    :param x: x-coordinates
    :param y: y-coordinates
    :param source_pos_x: x-coordinate of the position
    :param source_pos_y: y-coordinate of the position
    :return: distances
    """
    return _distance(x, y, source_pos_x, source_pos_y)


def get_distance(x_mins, y_mins, x_true, y_true):
    """Sum of the squared distances of points to targets; each in turn takes the nearest target that is left.

    :param x_mins: x-positions
    :param y_mins: y-positions
    :param x_true: x-positions of the targets
    :param y_true: y-positions of the targets
    :return: sum of squares; 10**10 when the numbers of points and targets differ
    """
    if len(x_mins) != len(x_true):
        return 10**10
    x_true, y_true, total = np.array(x_true), np.array(y_true), 0
    for x, y in zip(x_mins, y_mins):
        square = (x - x_true) ** 2 + (y - y_true) ** 2
        nearest = np.min(square)
        total += nearest
        x_true, y_true = x_true[square > nearest], y_true[square > nearest]
    return total


def compare_distance(x_mapped, y_mapped):
    """Sum of the squared distances of all pairs of points.

    :param x_mapped: x-positions
    :param y_mapped: y-positions
    :return: sum of squares
    """
    x, y = _array(x_mapped), _array(y_mapped)
    i, j = np.triu_indices(len(x), 1)
    return ((x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2).sum()


def min_square_dist(x_1, y_1, x_2, y_2):
    """Squared distance of each point of a first set to the nearest one of a second.

    :param x_1: x-positions, first set
    :param y_1: y-positions, first set
    :param x_2: x-positions, second set
    :param y_2: y-positions, second set
    :return: array of the length of the first set
    """
    x_1, y_1, x_2, y_2 = (_array(a) for a in (x_1, y_1, x_2, y_2))
    return ((x_1[:, None] - x_2) ** 2 + (y_1[:, None] - y_2) ** 2).min(axis=1)


def selectBest(array, criteria, num_select, highest=True):
    """The elements with the highest (or lowest) value of a criterion, in falling order of it.

    :param array: elements
    :param criteria: their values
    :param num_select: how many to select; all, in their order, when there are fewer
    :param highest: bool, False selects the lowest
    :return: selected elements
    :raises ValueError: when array and criteria differ in length
    """
    return _select(array, criteria, num_select, highest)


def select_best(array, criteria, num_select, highest=True):
    """The same as :func:`selectBest`; only ``highest=True`` selects the highest.

    :param array: elements
    :param criteria: their values
    :param num_select: how many to select; all, in their order, when there are fewer
    :param highest: bool, anything but True selects the lowest
    :return: selected elements
    :raises ValueError: when array and criteria differ in length
    """
    return _select(array, criteria, num_select, highest is True)


def _select(array, criteria, num_select, highest):
    n = len(array)
    if n != len(criteria):
        raise ValueError(f"array has {n} elements and criteria {len(criteria)}; equal numbers are needed.")
    if n < num_select:
        return array
    falling = np.argsort(criteria)[::-1]
    return np.asarray(array)[falling[:num_select] if highest else falling[n - num_select :]]


def points_on_circle(radius, num_points, connect_ends=True):
    """Evenly spaced points on a circle around (0, 0), from the x-axis on.

    :param radius: radius of the circle
    :param num_points: number of points
    :param connect_ends: bool, the last point repeats the first
    :return: x- and y-coordinates
    """
    angle = np.linspace(0, 2 * np.pi, num_points, endpoint=bool(connect_ends))
    return np.cos(angle) * radius, np.sin(angle) * radius


def local_minima_2d(a, x, y):
    """Pixels that are lower than their 8 neighbours.

    The image is square and comes flat; rows continue into each other at the sides, as indices do.

    :param a: values, flat
    :param x: x-coordinates, flat
    :param y: y-coordinates, flat
    :return: x, y and values of the minima
    """
    return _minima(a, x, y, _FIRST_RING)


def neighbor_select(a, x, y):
    """Pixels that are lower than their 8 neighbours and than most of the next ring.

    The image is square and comes flat; it continues periodically.

    :param a: values, flat
    :param x: x-coordinates, flat
    :param y: y-coordinates, flat
    :return: x, y and values of the minima
    """
    return _minima(a, x, y, _FIRST_RING + _SECOND_RING)


def _minima(a, x, y, neighbours):
    a, x, y = np.asarray(a), np.asarray(x), np.asarray(y)
    side = int(np.sqrt(len(a)))
    i = np.arange(side + 1, len(a) - side - 1)
    for row, column in neighbours:
        j = i + row * side + column
        if max(abs(row), abs(column)) > 1:
            j = j % side**2
        i = i[a[i] < a[j]]
    return x[i], y[i], a[i]


def fwhm2sigma(fwhm):
    """Standard deviation of a Gaussian from its full width at half maximum."""
    return fwhm / _FWHM_PER_SIGMA


def sigma2fwhm(sigma):
    """Full width at half maximum of a Gaussian from its standard deviation."""
    return sigma * _FWHM_PER_SIGMA


def hyper2F2_array(a, b, c, d, x):
    """Hypergeometric function 2F2(a, b; c, d; x), by mpmath.

    :param a: first upper parameter
    :param b: second upper parameter
    :param c: first lower parameter
    :param d: second lower parameter
    :param x: argument, a number or an array
    :return: an mpmath number for a Python number, an array for an array
    """
    import mpmath

    if isinstance(x, (int, float)):
        return mpmath.hyp2f2(a, b, c, d, x)
    return np.array([float(mpmath.hyp2f2(a, b, c, d, value)) for value in x])


def make_subgrid(ra_coord, dec_coord, subgrid_res=2):
    """Coordinates of the subpixels of a square grid whose axes are straight.

    :param ra_coord: RA of the pixels, flat
    :param dec_coord: DEC of the pixels, flat
    :param subgrid_res: subpixels per pixel and axis
    :return: RA and DEC of the subpixels, flat, row after row
    """
    offset = (np.arange(subgrid_res) + 0.5) / subgrid_res - 0.5

    def refine(coordinates):
        image = array2image(coordinates)
        along_x, along_y = image[0, 1] - image[0, 0], image[1, 0] - image[0, 0]
        inside = along_y * offset[:, None, None] + along_x * offset
        return (image[:, None, :, None] + inside).reshape(-1)

    return refine(ra_coord), refine(dec_coord)


def convert_bool_list(n, k=None):
    """A selection of models as one bool for each.

    :param n: number of models
    :param k: None selects all; an integer or a list of integers selects those; a list of bools is the selection itself
    :return: list of n bools
    :raises ValueError: when an index is not below n, a list of bools has another length than n, or k is something else
    """
    if k is None:
        return [True] * n
    if isinstance(k, (int, np.integer)):
        k = [int(k)]
    elif len(k) and isinstance(k[0], (bool, np.bool_)):
        if len(k) != n:
            raise ValueError(f"the selection k = {k} has {len(k)} entries, and there are {n} models.")
        return [bool(chosen) for chosen in k]
    selection = [False] * n
    for index in k:
        if index is False:
            continue
        if not isinstance(index, (int, np.integer)):
            raise ValueError(f"the selection k = {k} is not None, an integer, a list of integers or a list of bools.")
        if not -n <= index < n:
            raise ValueError(f"the selection k = {k} has index {index}, and there are {n} models.")
        selection[index] = True
    return selection


def area(vs):
    """Area inside a contour, by Green's theorem.

    :param vs: vertices, shape (n, 2), the last one equal to the first
    :return: area
    """
    x, y = np.asarray(vs).T
    return abs(0.5 * np.sum(y[:-1] * np.diff(x) - x[:-1] * np.diff(y)))
