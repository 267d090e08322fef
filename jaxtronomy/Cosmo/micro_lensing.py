"""Angles of microlensing events."""

from ..Util import constants

__all__ = ["einstein_radius", "source_size"]


def einstein_radius(mass, d_l, d_s):
    """Einstein radius of a point mass.

    :param mass: mass [M_sun]
    :param d_l: distance to the lens [pc]
    :param d_s: distance to the source [pc]
    :return: Einstein radius [arcsec]
    """
    radius = 4 * constants.G * constants.M_sun * mass / constants.c**2  # twice Schwarzschild's [m]
    return (radius * (d_s - d_l) / (d_s * d_l * constants.pc)) ** 0.5 / constants.arcsec


def source_size(diameter, d_s):
    """Angle of a star.

    :param diameter: diameter [diameters of the sun]
    :param d_s: distance [pc]
    :return: diameter [arcsec]
    """
    return 2 * constants.r_sun * diameter / (d_s * constants.pc) / constants.arcsec
