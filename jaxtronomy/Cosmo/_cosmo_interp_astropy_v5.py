"""Comoving distances of an astropy cosmology."""

import numpy as np
import scipy

__all__ = ["CosmoInterp"]


class CosmoInterp:
    """Comoving distances by quadrature.

    :param cosmo: astropy.cosmology instance
    """

    def __init__(self, cosmo):
        self._cosmo = cosmo

    def _integral_comoving_distance_z1z2(self, z1, z2):
        """Comoving distance along the line of sight between redshifts, an astropy quantity; the redshifts broadcast."""

        @np.vectorize
        def integral(start, stop):
            return scipy.integrate.quad(self._cosmo.inv_efunc, start, stop)[0]

        return self._cosmo.hubble_distance * integral(z1, z2)[()]
