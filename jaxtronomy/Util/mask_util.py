"""Masks: integer arrays of zeros and ones on grids of coordinates, of any shape. NumPy on the host."""

import numpy as np

from . import param_util

__all__ = ["mask_center_2d", "mask_azimuthal", "mask_ellipse", "mask_eccentric", "mask_half_moon"]


def _radius(x, y, center_x, center_y):
    """Distance from a centre."""
    x, y = np.asarray(x) - center_x, np.asarray(y) - center_y
    return np.sqrt(x * x + y * y)


def mask_center_2d(center_x, center_y, r, x_grid, y_grid):
    """Mask of a disc: 0 inside, 1 outside.

    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :param r: radius
    :param x_grid: x-coordinates
    :param y_grid: y-coordinates
    :return: integer array
    """
    return (_radius(x_grid, y_grid, center_x, center_y) > r).astype(int)


def mask_azimuthal(x, y, center_x, center_y, r):
    """A disc: 1 inside, 0 outside.

    :param x: x-coordinates
    :param y: y-coordinates
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :param r: radius
    :return: integer array
    """
    return (_radius(x, y, center_x, center_y) <= r).astype(int)


def mask_ellipse(x, y, center_x, center_y, a, b, angle):
    """An ellipse: 1 inside, 0 outside.

    :param x: x-coordinates
    :param y: y-coordinates
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :param a: semi-axis at the angle
    :param b: the other semi-axis
    :param angle: angle [rad]
    :return: integer array
    """
    z = ((np.asarray(x) - center_x) + 1j * (np.asarray(y) - center_y)) * np.exp(-1j * angle)
    return (z.real**2 / a**2 + z.imag**2 / b**2 <= 1).astype(int)


def mask_eccentric(x, y, center_x, center_y, e1, e2, r):
    """An ellipse: 1 inside, 0 outside.

    :param x: x-coordinates
    :param y: y-coordinates
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :param e1: ellipticity component
    :param e2: ellipticity component
    :param r: geometric mean of the semi-axes
    :return: integer array
    """
    u, v = param_util.transform_e1e2_product_average(x, y, e1, e2, center_x, center_y)
    return ((u**2 + v**2) / r**2 <= 1).astype(int)


def mask_half_moon(x, y, center_x, center_y, r_in, r_out, phi0=0, delta_phi=2 * np.pi):
    """A sector of a ring: 1 inside, 0 outside.

    :param x: x-coordinates
    :param y: y-coordinates
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :param r_in: inner radius
    :param r_out: outer radius
    :param phi0: direction of the middle of the sector, from the y-axis towards the x-axis [rad]
    :param delta_phi: opening angle [rad]; when negative, the sector is what the positive angle leaves
    :return: integer array
    """
    r = _radius(x, y, center_x, center_y)
    phi = np.arctan2(np.asarray(x) - center_x, np.asarray(y) - center_y)
    start, stop = phi0 - delta_phi / 2, phi0 + delta_phi / 2
    sector = (phi > start) & (phi < stop) if stop > start else (phi > stop) | (phi < start)
    return ((r < r_out) & (r > r_in) & sector).astype(int)


def mask_shell(x, y, center_x, center_y, r_in, r_out):
    """A ring: 1 inside, 0 outside.

    :param x: x-coordinates
    :param y: y-coordinates
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :param r_in: inner radius, inside
    :param r_out: outer radius, outside
    :return: integer array
    """
    r = _radius(x, y, center_x, center_y)
    return ((r >= r_in) & (r < r_out)).astype(int)
