"""Re-export of ``lenstronomy.Data.angular_sensitivity``."""

from lenstronomy.Data.angular_sensitivity import (  # noqa: F401
    AngularSensitivity,
    __all__,
)
