"""Physical constants in SI units, and the conversion of Fermat potentials to time delays.

The values are lenstronomy's, so that distances and masses agree to rounding.
"""

from math import pi

__all__ = [
    "G",
    "c",
    "M_sun",
    "M_earth",
    "M_jupiter",
    "AU",
    "Mpc",
    "kpc",
    "pc",
    "day_s",
    "arcsec",
    "a_ES",
    "F_ES",
    "delay_arcsec2days",
]

G = 6.67384e-11  # gravitational constant [m^3 / kg / s^2]
c = 299792458  # speed of light [m/s]

M_sun = 1.9891 * 10**30  # [kg]
M_earth = 5.9972e24  # [kg]
M_jupiter = 1.89813 * 10**27  # [kg]
AU = 1.495978707e11  # [m]

Mpc = 3.08567758 * 10**22  # [m]
kpc = 3.08567758e19  # [m]
pc = 3.08567758e16  # [m]
r_sun = 6.96e8  # [m]

day_s = 86400  # [s]
arcsec = pi / 648000  # [rad]

a_ES = G * M_sun / AU**2  # acceleration of the Earth towards the Sun [m / s^2]
F_ES = G * M_sun * M_earth / AU**2  # force between the Earth and the Sun [N]


def delay_arcsec2days(delay_arcsec, ddt):
    """Time delay of a difference in Fermat potential.

    :param delay_arcsec: Fermat potential [arcsec^2]
    :param ddt: time-delay distance [Mpc]
    :return: time delay [days]
    """
    return ddt * Mpc / c * delay_arcsec / day_s * arcsec**2
