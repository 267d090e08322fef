"""Measurements on images: radii, profiles, moments, ellipticities. NumPy on the host."""

import numpy as np

from . import mask_util, param_util

__all__ = [
    "half_light_radius",
    "radial_profile",
    "azimuthal_average",
    "moments",
    "_ellipticities",
    "ellipticities",
    "bic_model",
    "profile_center",
]


def _enclosed(light, x, y, center_x, center_y, n, step):
    """Largest radius of the grid times ``step`` times 1 to n, and the sums of the light within."""
    r = np.sqrt((np.ravel(x) - center_x) ** 2 + (np.ravel(y) - center_y) ** 2)
    order = np.argsort(r)
    total = np.concatenate([[0], np.cumsum(np.ravel(light)[order])])
    radii = r[order[-1]] * (step * np.arange(1, n + 1))
    radii[radii > (1 - 1e-12) * r[order[-1]]] *= 1 + 1e-12  # the outermost pixel, whatever rounding does
    return radii, total[np.searchsorted(r[order], radii, side="right")]


def half_light_radius(lens_light, x_grid, y_grid, center_x=0, center_y=0):
    """Radius that encloses half of the light, in steps of 1/500 of the largest radius of the grid.

    :param lens_light: surface brightness; negative values count as zero
    :param x_grid: x-coordinates
    :param y_grid: y-coordinates
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :return: radius, or -1 when there is no light
    """
    light = np.maximum(lens_light, 0)
    radii, flux = _enclosed(light, x_grid, y_grid, center_x, center_y, 999, 1 / 500)
    beyond = np.flatnonzero(flux > np.sum(light) / 2)
    return radii[beyond[0]] if len(beyond) else -1


def radial_profile(light_grid, x_grid, y_grid, center_x=0, center_y=0, n=None):
    """Sums of the light in rings of equal width.

    :param light_grid: surface brightness
    :param x_grid: x-coordinates, flat
    :param y_grid: y-coordinates, flat
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :param n: number of rings; None for the square root of the number of pixels
    :return: sums, outer radii of the rings
    """
    n = int(np.sqrt(len(x_grid))) if n is None else n
    radii, flux = _enclosed(light_grid, x_grid, y_grid, center_x, center_y, n, 1 / n)
    return np.diff(flux, prepend=0), radii


def azimuthal_average(image, center=None):
    """Means of the pixels in rings one pixel wide, without the innermost and the outermost.

    :param image: image
    :param center: column and row of the centre [pixels]; None for the middle of the image
    :return: means, radii of the rings [pixels]
    """
    rows, columns = image.shape
    x, y = ((columns - 1) / 2, (rows - 1) / 2) if center is None else center
    row, column = np.indices(image.shape)
    ring = np.hypot(column - x, row - y).astype(int).ravel()
    number, total = np.bincount(ring), np.bincount(ring, np.ravel(image))
    inside = np.flatnonzero(number)[1:-1]
    return total[inside] / number[inside], np.linspace(1, len(inside) + 0.5, len(inside))


def moments(I_xy_input, x, y):
    """Second moments of a surface brightness around its centroid, within a third of the width of the grid.

    :param I_xy_input: surface brightness; when it is negative somewhere, its minimum is subtracted
    :param x: x-coordinates
    :param y: y-coordinates
    :return: Q_xx, Q_xy, Q_yy, the value subtracted (0 or negative) over the mean that is left
    """
    light = np.asarray(I_xy_input, dtype=float)
    background = min(0, np.min(light))
    light = light - background
    x0, y0 = np.sum(light * x) / np.sum(light), np.sum(light * y) / np.sum(light)
    light_inside = light * mask_util.mask_azimuthal(x, y, x0, y0, r=(np.max(x) - np.min(x)) / 3.0)
    dx, dy = x - x0, y - y0
    Q_xx, Q_xy, Q_yy = (np.sum(light_inside * product) for product in (dx**2, dx * dy, dy**2))
    return Q_xx, Q_xy, Q_yy, background / np.mean(light)


def _ellipticities(I_xy, x, y):
    """Ellipticity of the second moments (Schneider & Seitz 1995), corrected for the background of :func:`moments`."""
    Q_xx, Q_xy, Q_yy, background = moments(I_xy, x, y)
    norm = Q_xx + Q_yy + 2 * np.sqrt(Q_xx * Q_yy - Q_xy**2)
    return (Q_xx - Q_yy) / norm / (1 + background), 2 * Q_xy / norm / (1 + background)


def ellipticities(I_xy, x_grid, y_grid, num_iterative=30, iterative=False, center_x=0, center_y=0):
    """Ellipticity of a surface brightness.

    :param I_xy: surface brightness
    :param x_grid: x-coordinates
    :param y_grid: y-coordinates
    :param num_iterative: number of iterations
    :param iterative: bool, repeat it within an ellipse of the ellipticity found, against effects of the edge
    :param center_x: x-coordinate of the centre of the aperture
    :param center_y: y-coordinate of the centre of the aperture
    :return: e1, e2
    """
    radius = (np.max(x_grid) - np.min(x_grid)) / 2.0
    x, y = x_grid - center_x, y_grid - center_y
    e1, e2 = _ellipticities(I_xy * mask_util.mask_azimuthal(x_grid, y_grid, center_x, center_y, r=radius), x, y)
    for _ in range(num_iterative if iterative else 0):
        _, q = param_util.ellipticity2phi_q(e1, e2)
        mask = mask_util.mask_eccentric(x_grid, y_grid, center_x, center_y, e1, e2, r=radius * q / np.sqrt(2))
        e1, e2 = _ellipticities(I_xy * mask, x, y)
    return e1, e2


def bic_model(logL, num_data, num_param):
    """Bayesian information criterion.

    :param logL: log likelihood
    :param num_data: number of data
    :param num_param: number of parameters
    :return: -2 logL + num_param ln(num_data)
    """
    return -2 * logL + np.log(num_data) * num_param


def profile_center(kwargs_list, center_x=None, center_y=None):
    """The centre given, or that of the first profile.

    :param kwargs_list: keyword arguments of profiles
    :param center_x: x-coordinate or None
    :param center_y: y-coordinate or None
    :return: center_x, center_y
    :raises ValueError: when neither there is
    """
    if center_x is not None and center_y is not None:
        return center_x, center_y
    if "center_x" not in kwargs_list[0]:
        raise ValueError(
            f"no centre: center_x, center_y are needed, or in the first profile, which has {kwargs_list[0]}."
        )
    return kwargs_list[0]["center_x"], kwargs_list[0]["center_y"]
