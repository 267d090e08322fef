"""Distances and densities of a homogeneous universe."""

import numpy as np

from ..Util import constants as const
from .cosmo_interp import CosmoInterp

__all__ = ["Background"]


class Background:
    """Distances between redshifts.

    :param cosmo: astropy.cosmology instance; None for astropy's default
    :param interp: bool, distances are interpolated, see :class:`~jaxtronomy.Cosmo.cosmo_interp.CosmoInterp`
    :param kwargs_interp: keyword arguments of CosmoInterp
    """

    rhoc = 2.77536627e11  # critical density today [h^2 M_sun / Mpc^3]

    def __init__(self, cosmo=None, interp=False, **kwargs_interp):
        if cosmo is None:
            from astropy.cosmology import default_cosmology

            cosmo = default_cosmology.get()
        self.cosmo = CosmoInterp(cosmo, **kwargs_interp) if interp else cosmo

    @staticmethod
    def a_z(z):
        """Scale factor of a redshift, 1 today."""
        return 1.0 / (1 + z)

    def d_xy(self, z_observer, z_source):
        """Angular diameter distance [Mpc].

        :param z_observer: redshift from which it is seen
        :param z_source: redshift that is seen
        :return: distance [Mpc]
        """
        return self.cosmo.angular_diameter_distance(z_observer, z_source).value

    def ddt(self, z_lens, z_source):
        """Time-delay distance [Mpc].

        :param z_lens: redshift of the lens
        :param z_source: redshift of the source
        :return: distance [Mpc]
        """
        ratio = self.d_xy(0, z_source) / self.d_xy(z_lens, z_source)
        return self.d_xy(0, z_lens) * ratio * (1 + z_lens)

    def T_xy(self, z_observer, z_source):
        """Transverse comoving distance [Mpc].

        :param z_observer: redshift from which it is seen
        :param z_source: redshift that is seen
        :return: distance [Mpc]
        """
        return self.d_xy(z_observer, z_source) * (1 + z_source)

    @property
    def rho_crit(self):
        """Critical density today [M_sun / Mpc^3]."""
        h = self.cosmo.H(0).value / 100.0
        return 3 * h**2 / (8 * np.pi * const.G) * 10**10 * const.Mpc / const.M_sun

    def rho_crit_z(self, z):
        """Critical density [M_sun / Mpc^3, physical].

        :param z: redshift
        :return: density
        """
        h = self.cosmo.H(0).value / 100.0
        return self.rhoc * (self.cosmo.efunc(z) * h) ** 2

    def beta_double_source_plane(self, z_lens, z_source_1, z_source_2):
        r"""Ratio of the reduced deflections of two sources, :math:`\beta = D_{ds1} D_{s2} / (D_{s1} D_{ds2})`.

        :param z_lens: redshift of the lens
        :param z_source_1: redshift of the first source
        :param z_source_2: redshift of the second source
        :return: deflection of the first over that of the second
        """
        if z_source_1 == z_source_2:
            return 1
        first = self.d_xy(z_lens, z_source_1) / self.d_xy(0, z_source_1)
        return first * self.d_xy(0, z_source_2) / self.d_xy(z_lens, z_source_2)

    def ddt_scaling(self, z_lens, z_source_1, z_source_2):
        """Ratio of the time-delay distances of two sources.

        :param z_lens: redshift of the lens
        :param z_source_1: redshift of the first source
        :param z_source_2: redshift of the second source
        :return: time-delay distance of the second over that of the first
        """
        if z_source_1 == z_source_2:
            return 1
        return self.ddt(z_lens, z_source_2) / self.ddt(z_lens, z_source_1)
