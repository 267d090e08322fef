"""The path for astropy 4: the same class serves every version."""

from ._cosmo_interp_astropy_v5 import CosmoInterp

__all__ = ["CosmoInterp"]
