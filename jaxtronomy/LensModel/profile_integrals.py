"""Re-export of ``lenstronomy.LensModel.profile_integrals``."""

from lenstronomy.LensModel.profile_integrals import (  # noqa: F401
    ProfileIntegrals,
    __all__,
)
