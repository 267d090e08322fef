"""Re-export of ``lenstronomy.Analysis.kinematics_api``."""

from lenstronomy.Analysis.kinematics_api import (  # noqa: F401
    KinematicsAPI,
    __all__,
)
