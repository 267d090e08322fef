"""Differential extinction by dust."""

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.LightModel.light_model import LightModel

__all__ = ["DifferentialExtinction"]


class DifferentialExtinction:
    """Extinction exp(-tau0 tau), with the optical depth tau(x, y) described by light profiles."""

    def __init__(self, optical_depth_model=None, profile_kwargs_list=None, tau0_index=0):
        """
        :param optical_depth_model: names of light models that describe the optical depth
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        :param tau0_index: which of the normalisations ``tau0_list`` applies
        """
        optical_depth_model = optical_depth_model or []
        self._profile = LightModel(light_model_list=optical_depth_model, profile_kwargs_list=profile_kwargs_list)
        self._compute_bool = len(optical_depth_model) > 0
        self._tau0_index = tau0_index

    def _structure(self):
        return self._profile._profiles, self._tau0_index

    @property
    def compute_bool(self):
        """Whether there is any extinction."""
        return self._compute_bool

    def extinction(self, x, y, kwargs_extinction=None, kwargs_special=None):
        """Factor by which dust dims the light.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs_extinction: parameters of the optical depth profiles, None: no extinction
        :param kwargs_special: may hold ``tau0_list``, normalisations of the optical depth
        :return: factor, 1 without extinction
        """
        if not self._compute_bool or kwargs_extinction is None:
            return 1
        tau = self._profile.surface_brightness(x, y, kwargs_list=kwargs_extinction)
        tau0_list = (kwargs_special or {}).get("tau0_list")
        tau0 = 1 if tau0_list is None else tau0_list[self._tau0_index]
        exp = jnp.exp if isinstance(tau, jax.Array) or isinstance(tau0, jax.Array) else np.exp
        return exp(-tau0 * tau)
