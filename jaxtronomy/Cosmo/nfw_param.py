"""Mass, concentration, radius and density of NFW haloes.

Lengths are physical, in Mpc/h, masses in M_sun/h; r200 is the radius of 200 times the critical density of the redshift.
"""

import numpy as np
import scipy

from ..core.compile import elementwise
from ..core.numerics import log1p

__all__ = ["NFWParam"]

_mass_function = elementwise(lambda c: log1p(c) - c / (1 + c))
CONCENTRATIONS = np.linspace(0.1, 30, 100)  # of the inverse of rho0_c


class NFWParam:
    """NFW haloes in a cosmology.

    :param cosmo: astropy.cosmology instance; None for astropy's default
    """

    rhoc = 2.77536627e11  # critical density today [h^2 M_sun / Mpc^3]

    def __init__(self, cosmo=None):
        if cosmo is None:
            from astropy.cosmology import default_cosmology

            cosmo = default_cosmology.get()
        self.cosmo = cosmo
        self._c_of_rho0 = {}  # splines, by redshift

    def rhoc_z(self, z):
        """Critical density [h^2 M_sun / Mpc^3].

        :param z: redshift
        :return: density
        """
        return self.rhoc * self.cosmo.efunc(z) ** 2

    @staticmethod
    def M200(rs, rho0, c):
        r"""Mass within r200, :math:`4\pi\rho_0 r_s^3 [\ln(1+c) - c/(1+c)]`.

        :param rs: scale radius
        :param rho0: density normalisation
        :param c: concentration, r200 / rs
        :return: mass, in units of rho0 rs^3
        """
        return 4 * np.pi * rho0 * rs**3 * _mass_function(c)

    def r200_M(self, M, z):
        """Radius r200.

        :param M: mass within r200 [M_sun/h]
        :param z: redshift
        :return: radius [Mpc/h]
        """
        return (3 * M / (4 * np.pi * self.rhoc_z(z) * 200)) ** (1.0 / 3.0)

    def M_r200(self, r200, z):
        """Mass within r200.

        :param r200: radius [Mpc/h]
        :param z: redshift
        :return: mass [M_sun/h]
        """
        return self.rhoc_z(z) * 200 * r200**3 * 4 * np.pi / 3.0

    def rho0_c(self, c, z):
        """Density normalisation of a concentration.

        :param c: concentration, r200 / rs
        :param z: redshift
        :return: density [h^2 M_sun / Mpc^3]
        """
        return 200.0 / 3 * self.rhoc_z(z) * c**3 / _mass_function(c)

    def c_rho0(self, rho0, z):
        """Concentration of a density normalisation: a spline through concentrations from 0.1 to 30.

        :param rho0: density [h^2 M_sun / Mpc^3]
        :param z: redshift
        :return: concentration
        """
        if z not in self._c_of_rho0:
            self._c_of_rho0[z] = scipy.interpolate.InterpolatedUnivariateSpline(
                self.rho0_c(CONCENTRATIONS, z), CONCENTRATIONS, k=3
            )
        return self._c_of_rho0[z](rho0)

    @staticmethod
    def c_M_z(M, z):
        """Mean concentration of a mass (Duffy et al. 2008, MNRAS 390, L64).

        :param M: mass [M_sun/h]
        :param z: redshift
        :return: concentration
        """
        return 5.22 * (M / 2e12) ** -0.072 * (1 + z) ** -0.42

    def nfw_Mz(self, M, z):
        """The halo of a mass, with its mean concentration.

        :param M: mass [M_sun/h]
        :param z: redshift
        :return: r200 [Mpc/h], density normalisation [h^2 M_sun / Mpc^3], concentration, scale radius [Mpc/h]
        """
        c, r200 = self.c_M_z(M, z), self.r200_M(M, z)
        return r200, self.rho0_c(c, z), c, r200 / c
