"""Mass, concentration, radius and density of generalised NFW haloes, of inner slope gamma_in.

Units as in :mod:`~jaxtronomy.Cosmo.nfw_param`, from which the relations of mass and radius are taken.
"""

import numpy as np
import scipy

from .nfw_param import CONCENTRATIONS, NFWParam

__all__ = ["GNFWParam"]

SLOPES = np.linspace(0.1, 2.99, 100)  # inner slopes of the inverse of rho0_c


def _mass_function(c, gamma_in):
    r""":math:`\int_0^c x^{2-\gamma} (1+x)^{\gamma-3} dx`."""
    return c ** (3 - gamma_in) / (3 - gamma_in) * scipy.special.hyp2f1(3 - gamma_in, 3 - gamma_in, 4 - gamma_in, -c)


def projected_mass_function(gamma_in):
    """Mass projected within the scale radius, in units of 4 pi rho0 rs^3 (Keeton 2001, astro-ph/0102341, eq. 56).

    :param gamma_in: inner slope, a number below 3
    :return: number; 1 - ln 2 for the NFW profile
    """
    outside = scipy.integrate.quad(lambda y: (1 + y) ** (gamma_in - 3) * y / (1 + np.sqrt(1 - y * y)), 0, 1)[0]
    return _mass_function(1.0, gamma_in) + outside


class GNFWParam:
    """Generalised NFW haloes in a cosmology.

    :param cosmo: astropy.cosmology instance; None for astropy's default
    """

    rhoc = NFWParam.rhoc

    def __init__(self, cosmo=None):
        self.nfw_param = NFWParam(cosmo)
        self.cosmo = self.nfw_param.cosmo
        self._rho0_of_slope = {}  # splines for each concentration, by redshift

    def rhoc_z(self, z):
        """Critical density [h^2 M_sun / Mpc^3].

        :param z: redshift
        :return: density
        """
        return self.nfw_param.rhoc_z(z)

    @staticmethod
    def M200(rs, rho0, c, gamma_in):
        r"""Mass within r200, :math:`4\pi\rho_0 r_s^3 \int_0^c x^{2-\gamma} (1+x)^{\gamma-3} dx`.

        :param rs: scale radius
        :param rho0: density normalisation
        :param c: concentration, r200 / rs
        :param gamma_in: inner slope
        :return: mass, in units of rho0 rs^3
        """
        return 4 * np.pi * rho0 * rs**3 * _mass_function(c, gamma_in)

    def r200_M(self, M, z):
        """Radius r200.

        :param M: mass within r200 [M_sun/h]
        :param z: redshift
        :return: radius [Mpc/h]
        """
        return self.nfw_param.r200_M(M, z)

    def M_r200(self, r200, z):
        """Mass within r200.

        :param r200: radius [Mpc/h]
        :param z: redshift
        :return: mass [M_sun/h]
        """
        return self.nfw_param.M_r200(r200, z)

    def rho0_c(self, c, z, gamma_in):
        """Density normalisation of a concentration.

        :param c: concentration, r200 / rs
        :param z: redshift
        :param gamma_in: inner slope
        :return: density [h^2 M_sun / Mpc^3]
        """
        return 200.0 / 3 * self.rhoc_z(z) * c**3 / _mass_function(c, gamma_in)

    def c_rho0(self, rho0, z, gamma_in):
        """Concentration of a density normalisation: splines through slopes from 0.1 to 2.99, concentrations to 30.

        :param rho0: density [h^2 M_sun / Mpc^3]
        :param z: redshift
        :param gamma_in: inner slope
        :return: concentration
        """
        if z not in self._rho0_of_slope:
            self._rho0_of_slope[z] = [
                scipy.interpolate.InterpolatedUnivariateSpline(SLOPES, self.rho0_c(c, z, SLOPES), k=3)
                for c in CONCENTRATIONS
            ]
        densities = [float(spline(gamma_in)) for spline in self._rho0_of_slope[z]]
        return scipy.interpolate.InterpolatedUnivariateSpline(densities, CONCENTRATIONS, k=3)(rho0)

    def c_M_z(self, M, z):
        """Mean concentration of a mass, that of an NFW halo.

        :param M: mass [M_sun/h]
        :param z: redshift
        :return: concentration
        """
        return self.nfw_param.c_M_z(M, z)

    def gnfw_Mz(self, M, z, gamma_in):
        """The halo of a mass, with its mean concentration.

        :param M: mass [M_sun/h]
        :param z: redshift
        :param gamma_in: inner slope
        :return: r200 [Mpc/h], density normalisation [h^2 M_sun / Mpc^3], concentration, scale radius [Mpc/h]
        """
        c, r200 = self.c_M_z(M, z), self.r200_M(M, z)
        return r200, self.rho0_c(c, z, gamma_in), c, r200 / c
