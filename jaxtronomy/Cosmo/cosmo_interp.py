"""Interpolated distances, in the place of an astropy cosmology."""

import numpy as np
from astropy import units

from ._cosmo_interp_astropy_v5 import CosmoInterp as _Integrals

__all__ = ["CosmoInterp"]

FLAT = 1e-6  # curvature parameter below which space counts as flat


class CosmoInterp:
    """Angular diameter distances from comoving distances, linearly interpolated in redshift.

    Either a cosmology is given, or distances themselves.

    :param cosmo: astropy.cosmology instance
    :param z_stop: largest redshift
    :param num_interp: number of intervals
    :param ang_dist_list: angular diameter distances [Mpc], without a cosmology
    :param z_list: their redshifts, rising
    :param Ok0: curvature parameter today, without a cosmology; 0 when None
    :param K: curvature, -Ok0 / (Hubble distance)^2 [Mpc^-2], without a cosmology
    :raises ValueError: when what is needed for either is missing
    """

    def __init__(self, cosmo=None, z_stop=None, num_interp=None, ang_dist_list=None, z_list=None, Ok0=None, K=None):
        if cosmo is not None:
            if z_stop is None or num_interp is None:
                raise ValueError(f"z_stop = {z_stop} and num_interp = {num_interp}: both are needed with a cosmology.")
            self._cosmo = cosmo
            self.Ok0 = cosmo.Ok0
            self.k = -cosmo.Ok0 / cosmo.hubble_distance**2
            self._z = np.linspace(0, z_stop, num_interp + 1)
            steps = _Integrals(cosmo)._integral_comoving_distance_z1z2(self._z[:-1], self._z[1:])
            self._distance = np.concatenate([[0.0], np.cumsum(steps.to_value(units.Mpc))])
        else:
            if ang_dist_list is None or z_list is None:
                raise ValueError(
                    "neither cosmo nor both ang_dist_list and z_list are given: one or the other is needed."
                )
            self.Ok0, curvature = (0, 0) if Ok0 is None else (Ok0, K)
            self.k = curvature / units.Mpc**2
            self._z, self._distance = self._comoving_distances(np.asarray(z_list), np.asarray(ang_dist_list))
        self._abs_sqrt_k = np.sqrt(abs(self.k))

    def _comoving_distances(self, z, distance):
        """Redshifts, from 0 on, and comoving distances [Mpc] of angular diameter distances."""
        if z[0] > 0:
            z, distance = np.append(0, z), np.append(0, distance)
        transverse = distance * (1 + z)
        if abs(self.Ok0) < FLAT:
            return z, transverse
        root = np.sqrt(abs(self.k.value))
        return z, (np.arcsinh if self.k < 0 else np.arcsin)(transverse * root) / root

    def _comoving_distance(self, z):
        """Comoving distance [Mpc] along the line of sight."""
        z = np.asarray(z)
        if np.any(z < self._z[0]) or np.any(z > self._z[-1]):
            raise ValueError(f"redshift {z} is not within the range of the interpolation, 0 to {self._z[-1]}.")
        return np.interp(z, self._z, self._distance)

    def angular_diameter_distance(self, z, z2=None):
        """Angular diameter distance.

        :param z: redshift, or that of the observer when ``z2`` is given
        :param z2: redshift that is seen from ``z``
        :return: astropy quantity [Mpc]
        """
        return self.angular_diameter_distance_z1z2(*((0, z) if z2 is None else (z, z2)))

    def angular_diameter_distance_z1z2(self, z1, z2):
        """Angular diameter distance between two redshifts.

        :param z1: redshift of the observer
        :param z2: redshift that is seen
        :return: astropy quantity [Mpc]
        """
        z1, z2 = np.asarray(z1), np.asarray(z2)
        return self._transverse_distance(z1, z2) / (1.0 + z2)

    def comoving_transverse_distance(self, z):
        """Comoving transverse distance.

        :param z: redshift
        :return: astropy quantity [Mpc]
        """
        return self._transverse_distance(0, z)

    def _transverse_distance(self, z1, z2):
        distance = (self._comoving_distance(z2) - self._comoving_distance(z1)) * units.Mpc
        if abs(self.Ok0) < FLAT:
            return distance
        curve = np.sinh if self.k < 0 else np.sin
        return curve((self._abs_sqrt_k * distance).value) / self._abs_sqrt_k
