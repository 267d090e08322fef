"""Re-export of ``lenstronomy.GalKin.psf``."""

from lenstronomy.GalKin.psf import (  # noqa: F401
    PSF,
    PSFGaussian,
    PSFMoffat,
    PSFMultiGaussian,
    PSFPixel,
    __all__,
    _fwhm_from_radial_profile,
    _radial_profile_from_kernel,
)
