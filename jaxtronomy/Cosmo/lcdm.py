"""Distances of one lens and source as functions of the cosmological parameters."""

from astropy.cosmology import FlatLambdaCDM, LambdaCDM

from .lens_cosmo import LensCosmo

__all__ = ["LCDM"]


class LCDM:
    """Distances of a lens and a source in a universe of matter and a cosmological constant.

    Every method takes the Hubble constant ``H_0`` [km/s/Mpc], the matter density ``Om0`` and, where space is not flat,
    the density of the cosmological constant ``Ode0``, and gives a distance [Mpc].

    :param z_lens: redshift of the lens
    :param z_source: redshift of the source
    :param flat: bool, space is flat
    """

    def __init__(self, z_lens, z_source, flat=True):
        self.z_lens = z_lens
        self.z_source = z_source
        self._flat = flat

    def _get_cosom(self, H_0, Om0, Ode0=None):
        """LensCosmo instance of the parameters."""
        if self._flat is True:
            cosmo = FlatLambdaCDM(H0=H_0, Om0=Om0)
        else:
            cosmo = LambdaCDM(H0=H_0, Om0=Om0, Ode0=Ode0)
        return LensCosmo(self.z_lens, self.z_source, cosmo=cosmo)

    def D_d(self, H_0, Om0, Ode0=None):
        """Angular diameter distance to the lens."""
        return self._get_cosom(H_0, Om0, Ode0).dd

    def D_s(self, H_0, Om0, Ode0=None):
        """Angular diameter distance to the source."""
        return self._get_cosom(H_0, Om0, Ode0).ds

    def D_ds(self, H_0, Om0, Ode0=None):
        """Angular diameter distance from the lens to the source."""
        return self._get_cosom(H_0, Om0, Ode0).dds

    def D_dt(self, H_0, Om0, Ode0=None):
        """Time-delay distance."""
        return self._get_cosom(H_0, Om0, Ode0).ddt
