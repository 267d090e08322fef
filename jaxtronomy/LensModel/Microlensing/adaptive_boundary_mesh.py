r"""Inverse ray shooting with an adaptive boundary mesh (Meena, Arad & Zitrin 2022, arXiv:2203.08131).

The image plane is divided again and again into smaller squares, of which those are kept that map close to the source.
"""

import math

import numpy as np

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.numerics import safe_hypot
from jaxtronomy.Cosmo.micro_lensing import einstein_radius, source_size
from jaxtronomy.LensModel.lens_model import LensModel

__all__ = ["adaptive_boundary_mesh", "inverse_ray_shooting", "loop_information", "splitting_centers", "within_distance"]

_distance = elementwise(safe_hypot)


def splitting_centers(x, y, side_length, n_p):
    """Centres of the parts of squares.

    :param x: centres of the squares [arcsec]
    :param y: centres of the squares [arcsec]
    :param side_length: side of the squares [arcsec]
    :param n_p: number of parts along each side
    :return: x, y of the centres of the parts, row by row, their side [arcsec]
    """
    offset = ((np.arange(n_p) + 0.5) / n_p - 0.5) * side_length
    down, along = (a.ravel() for a in np.meshgrid(offset, offset, indexing="ij"))
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    return (x[:, None] + along).ravel(), (y[:, None] + down).ravel(), side_length / n_p


def loop_information(eta, beta_0, beta_s):
    """Number of divisions, and the factor of the last reduction of the radius.

    :param eta: factor by which the radius in the source plane is reduced
    :param beta_0: first radius
    :param beta_s: last radius
    :return: number, factor
    """
    number = 1 + math.log(beta_0 / beta_s, eta)
    return math.ceil(number), eta ** (number - math.floor(number))


def within_distance(x, y, test_point, threshold, threshold_2):
    """Which points are within both distances.

    :param x: positions
    :param y: positions
    :param test_point: x, y of the centre
    :param threshold: one distance
    :param threshold_2: another distance
    :return: array of bools
    """
    return _distance(x - test_point[0], y - test_point[1]) < min(threshold, threshold_2)


def inverse_ray_shooting(
    source_position, L, beta_0, beta_s, n_p, eta, number_of_iterations, final_eta, kwargs_lens, lens_model=None
):
    """Squares of the image plane that map into a disc of the source plane.

    In every division those squares are kept whose centres map into the current radius, which shrinks to that of the
    disc. (lenstronomy compares with the final radius from the start, and so loses the parts of images that have not yet
    been resolved; :func:`adaptive_boundary_mesh` gives its numbers.)

    :param source_position: centre of the disc [arcsec]
    :param L: side of the image plane [arcsec]
    :param beta_0: first radius in the source plane [arcsec]
    :param beta_s: radius of the disc [arcsec]
    :param n_p: number of parts along the side of a square
    :param eta: factor by which the radius is reduced
    :param number_of_iterations: number of divisions plus one, see :func:`loop_information`
    :param final_eta: factor of the last reduction
    :param kwargs_lens: parameters of each lens model
    :param lens_model: :class:`~jaxtronomy.LensModel.lens_model.LensModel`, None: one 'POINT_MASS'
    :return: side of the squares [arcsec], number of rays that were kept on the way, x, y of the squares [arcsec]
    """
    lens_model = lens_model or LensModel(["POINT_MASS"])
    return _divide(
        source_position, L, beta_0, beta_s, n_p, eta, number_of_iterations, final_eta, kwargs_lens, lens_model, False
    )


def _divide(source, side, radius, final, n_p, eta, iterations, final_eta, kwargs_lens, lens_model, only_final):
    """The loop over the divisions."""
    x = y = np.zeros(1)
    kept = 0
    for i in range(2, iterations + 1):
        last = i == iterations
        x, y, side = splitting_centers(x, y, side, n_p)
        beta = lens_model.ray_shooting(x, y, kwargs_lens)
        inside = within_distance(*beta, source, radius, final if only_final or last else np.inf)
        kept += np.count_nonzero(inside)
        if last or not only_final:
            x_inside, y_inside = x[inside], y[inside]
        if not only_final:
            x, y = x_inside, y_inside
        radius /= final_eta if last else eta
    return side, kept, x_inside, y_inside


def adaptive_boundary_mesh(source_position, L, beta_0, beta_s, n_p, eta, number_of_iterations, final_eta, kwargs_lens):
    """The demonstration of lenstronomy: a star of 20 solar radii at 8 kpc behind a lens of 0.01 solar masses at 4 kpc.

    As in lenstronomy, all arguments are replaced by the values of this example, and all squares are divided, not only
    those that are kept; :func:`inverse_ray_shooting` takes its arguments.

    :param source_position: not used
    :param L: not used
    :param beta_0: not used
    :param beta_s: not used
    :param n_p: not used
    :param eta: not used
    :param number_of_iterations: not used
    :param final_eta: not used
    :param kwargs_lens: not used
    :return: side of the squares [arcsec], number of rays that were kept on the way, x, y of the squares [arcsec]
    """
    theta_E = einstein_radius(0.01, 4000, 8000)
    radius, n_p = source_size(20, 8000) / 2, 5
    side, eta = 4 * theta_E, 0.7 * 5
    kwargs_lens = [{"theta_E": theta_E, "center_x": theta_E / 4, "center_y": theta_E / 6}]
    iterations, final_eta = loop_information(eta, 4 * side, radius)
    return _divide(
        (0, 0), side, 4 * side, radius, n_p, eta, iterations, final_eta, kwargs_lens, LensModel(["POINT_MASS"]), True
    )
