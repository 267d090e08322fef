"""Uniform surface brightness, a residual background for instance."""

import jax.numpy as jnp

from .profile_base import AMP, LightProfileBase

__all__ = ["Uniform"]


class Uniform(LightProfileBase):
    """Surface brightness ``amp`` everywhere."""

    parameters = (AMP(-100, 100),)
    param_names_latex = {r"$I_0$"}
    positive = False

    def kernel(self, x, y):
        """Surface brightness for unit amplitude, pure."""
        return jnp.ones_like(x)
