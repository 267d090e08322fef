"""Cosmological parameters from the distances of a lens and a source."""

import numpy as np
import scipy
from astropy.cosmology import FlatLambdaCDM

from .lens_cosmo import LensCosmo

__all__ = ["cosmo2angular_diameter_distances", "ddt2h0", "SolverFlatLCDM", "InvertCosmo"]


def cosmo2angular_diameter_distances(H_0, omega_m, z_lens, z_source):
    """Distances in a flat universe.

    :param H_0: Hubble constant [km/s/Mpc]
    :param omega_m: matter density
    :param z_lens: redshift of the lens
    :param z_source: redshift of the source
    :return: angular diameter distance to the lens [Mpc]; that to the source over that from lens to source
    """
    lens = LensCosmo(z_lens, z_source, cosmo=FlatLambdaCDM(H0=H_0, Om0=omega_m, Ob0=0.0))
    return lens.dd, lens.ds / lens.dds


def ddt2h0(ddt, z_lens, z_source, cosmo):
    """Hubble constant of a time-delay distance, for the expansion history of a cosmology.

    :param ddt: time-delay distance [Mpc]
    :param z_lens: redshift of the lens
    :param z_source: redshift of the source
    :param cosmo: astropy.cosmology instance; its own Hubble constant cancels
    :return: Hubble constant [km/s/Mpc]
    """
    return cosmo.H0.value * LensCosmo(z_lens, z_source, cosmo=cosmo).ddt / ddt


class SolverFlatLCDM:
    """Hubble constant and matter density of a flat universe from distances, by root finding.

    :param z_d: redshift of the lens
    :param z_s: redshift of the source
    """

    def __init__(self, z_d, z_s):
        self.z_d = z_d
        self.z_s = z_s

    def F(self, x, Dd, Ds_Dds):
        """What is zero at the solution.

        :param x: Hubble constant [km/s/Mpc], matter density (folded into 0 to 1)
        :param Dd: angular diameter distance to the lens [Mpc]
        :param Ds_Dds: that to the source over that from lens to source
        :return: differences of the two
        """
        H_0, omega_m = x
        return np.array([Dd, Ds_Dds]) - cosmo2angular_diameter_distances(H_0, abs(omega_m) % 1, self.z_d, self.z_s)

    def solve(self, init, dd, ds_dds):
        """Parameters of the distances.

        :param init: Hubble constant [km/s/Mpc] and matter density to start from
        :param dd: angular diameter distance to the lens [Mpc]
        :param ds_dds: that to the source over that from lens to source
        :return: Hubble constant, matter density; (-1, -1) when there is no solution
        """
        x = scipy.optimize.fsolve(self.F, init, args=(dd, ds_dds), xtol=1.49012e-08, factor=0.1)
        x[1] = abs(x[1]) % 1
        return x if np.all(np.abs(self.F(x, dd, ds_dds)) < 0.1) else np.array([-1, -1])


class InvertCosmo:
    """Hubble constant and matter density of a flat universe from distances, by interpolation in a table.

    :param z_d: redshift of the lens
    :param z_s: redshift of the source
    :param H0_range: Hubble constants of the table [km/s/Mpc]; None for 10 to 100
    :param omega_m_range: matter densities of the table; None for 0.05 to 1
    """

    def __init__(self, z_d, z_s, H0_range=None, omega_m_range=None):
        self.z_d = z_d
        self.z_s = z_s
        self._H0_range = np.linspace(10, 100, 90) if H0_range is None else H0_range
        self._omega_m_range = np.linspace(0.05, 1, 95) if omega_m_range is None else omega_m_range

    def _make_interpolation(self):
        """Fill the table; all distances go with the inverse of the Hubble constant."""
        H0, omega_m = (axis.ravel() for axis in np.meshgrid(self._H0_range, self._omega_m_range))
        unit = [cosmo2angular_diameter_distances(1.0, density, self.z_d, self.z_s) for density in self._omega_m_range]
        dd, ratio = np.repeat(unit, len(self._H0_range), axis=0).T
        self._table = scipy.interpolate.LinearNDInterpolator(
            np.stack([dd / H0, ratio], axis=1), np.stack([H0, omega_m], axis=1)
        )

    def get_cosmo(self, Dd, Ds_Dds):
        """Parameters of the distances.

        :param Dd: angular diameter distance to the lens [Mpc]
        :param Ds_Dds: that to the source over that from lens to source
        :return: Hubble constant, matter density; (-1, -1) outside the table
        """
        if not hasattr(self, "_table"):
            self._make_interpolation()
        H0, omega_m = self._table(Dd, Ds_Dds).ravel()
        if np.isnan(H0):
            return -1, -1
        again = cosmo2angular_diameter_distances(H0, omega_m, self.z_d, self.z_s)
        return (H0, omega_m) if np.allclose(again, (Dd, Ds_Dds), rtol=0.01, atol=0) else (-1, -1)
