"""The linear amplitudes of a light model."""

from jaxtronomy.LightModel.light_model_base import LightModelBase

__all__ = ["LinearBasis"]


class LinearBasis(LightModelBase):
    """A sum of light profiles, as a linear combination of basis functions."""
