"""Re-export of ``lenstronomy.Util.analysis_util``."""

from lenstronomy.Util.analysis_util import (  # noqa: F401
    __all__,
    _ellipticities,
    azimuthal_average,
    bic_model,
    ellipticities,
    half_light_radius,
    moments,
    profile_center,
    radial_profile,
)
