r"""Conversions between the parameters of positions, shears and ellipticities.

Ellipticity is :math:`(e_1, e_2)` with :math:`|e| = (1-q)/(1+q)` and :math:`\arg e = 2\phi`, q the axis ratio (minor
over major) and :math:`\phi` the position angle of the major axis. Every function takes NumPy arrays, Python numbers and
JAX arrays alike. Angles and moduli have a value and a finite slope where they are undefined, at the origin.
"""

import jax.numpy as jnp

from ..core.compile import elementwise
from ..core.frames import circularised, ellipticity_to_phi_q, phi_q_to_ellipticity
from ..core.frames import rotate as _rotate
from ..core.numerics import arctan2, safe_hypot, sincos

__all__ = [
    "cart2polar",
    "polar2cart",
    "shear_polar2cartesian",
    "shear_cartesian2polar",
    "phi_q2_ellipticity",
    "ellipticity2phi_q",
    "transform_e1e2_product_average_old",
    "transform_e1e2_product_average",
    "elliptical_distortion_product_average",
    "transform_e1e2_square_average",
]

_phi_q2_ellipticity = elementwise(phi_q_to_ellipticity)
_ellipticity2phi_q = elementwise(ellipticity_to_phi_q)


@elementwise
def cart2polar(x, y, center_x=0, center_y=0):
    """Polar coordinates around a centre.

    :param x: x-coordinates
    :param y: y-coordinates
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :return: radius, polar angle [rad] between -pi and pi
    """
    x, y = x - center_x, y - center_y
    return safe_hypot(x, y), arctan2(y, x)


@elementwise
def polar2cart(r, phi, center):
    """Cartesian coordinates, relative to ``center``, of points given in polar coordinates.

    :param r: radius
    :param phi: polar angle [rad]
    :param center: pair of coordinates that is subtracted
    :return: x- and y-coordinates
    """
    sine, cosine = sincos(phi)
    return r * cosine - center[0], r * sine - center[1]


@elementwise
def shear_polar2cartesian(phi, gamma):
    """Components of a shear.

    :param phi: angle of the shear [rad]
    :param gamma: strength of the shear
    :return: gamma1, gamma2
    """
    sine, cosine = sincos(2 * phi)
    return gamma * cosine, gamma * sine


@elementwise
def shear_cartesian2polar(gamma1, gamma2):
    """Angle and strength of a shear.

    :param gamma1: first component
    :param gamma2: second component
    :return: angle [rad] between -pi/2 and pi/2, strength
    """
    return arctan2(gamma2, gamma1) / 2, safe_hypot(gamma1, gamma2)


def phi_q2_ellipticity(phi, q):
    """Components of an ellipticity.

    :param phi: position angle of the major axis [rad]
    :param q: axis ratio, minor over major
    :return: e1, e2
    """
    return _phi_q2_ellipticity(phi, q)


def ellipticity2phi_q(e1, e2):
    """Position angle and axis ratio of an ellipticity; its modulus counts as at most 0.9999.

    :param e1: first component
    :param e2: second component
    :return: angle [rad] between -pi/2 and pi/2, axis ratio (minor over major)
    """
    return _ellipticity2phi_q(e1, e2)


def _major_axes(x, y, e1, e2, center_x, center_y):
    """Coordinates along the major and the minor axis, and the axis ratio."""
    phi, q = ellipticity_to_phi_q(e1, e2)
    return *_rotate(x - center_x, y - center_y, phi), q


@elementwise
def transform_e1e2_product_average_old(x, y, e1, e2, center_x, center_y):
    """Coordinates along the axes of an ellipse, scaled to the circle of radius sqrt(R_major R_minor).

    :param x: x-coordinates
    :param y: y-coordinates
    :param e1: ellipticity component
    :param e2: ellipticity component
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :return: sqrt(q) x', y'/sqrt(q), with x' along the major axis
    """
    major, minor, q = _major_axes(x, y, e1, e2, center_x, center_y)
    return major * jnp.sqrt(q), minor / jnp.sqrt(q)


@elementwise
def transform_e1e2_product_average(x, y, e1, e2, center_x, center_y):
    """Coordinates relative to the centre in which an ellipse is the circle of radius sqrt(R_major R_minor).

    :param x: x-coordinates
    :param y: y-coordinates
    :param e1: ellipticity component
    :param e2: ellipticity component
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :return: x- and y-coordinates, not rotated
    """
    return circularised(x - center_x, y - center_y, e1, e2)


@elementwise
def elliptical_distortion_product_average(x, y, e1, e2, center_x, center_y):
    """The map of :func:`transform_e1e2_product_average` about the centre, which stays where it is.

    :param x: x-coordinates
    :param y: y-coordinates
    :param e1: ellipticity component
    :param e2: ellipticity component
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :return: x- and y-coordinates
    """
    x, y = circularised(x - center_x, y - center_y, e1, e2)
    return x + center_x, y + center_y


@elementwise
def transform_e1e2_square_average(x, y, e1, e2, center_x, center_y):
    """Coordinates along the axes of an ellipse, scaled so that the mean square of its semi-axes is kept.

    :param x: x-coordinates
    :param y: y-coordinates
    :param e1: ellipticity component
    :param e2: ellipticity component
    :param center_x: x-coordinate of the centre
    :param center_y: y-coordinate of the centre
    :return: sqrt(1 - e) x', sqrt(1 + e) y', with x' along the major axis and e from :func:`q2e`
    """
    major, minor, q = _major_axes(x, y, e1, e2, center_x, center_y)
    e = q2e(q)
    return major * jnp.sqrt(1 - e), minor * jnp.sqrt(1 + e)


def q2e(q):
    r"""Ellipticity :math:`|1 - q^2| / (1 + q^2)` of an axis ratio (minor over major)."""
    return abs(1 - q**2) / (1 + q**2)
