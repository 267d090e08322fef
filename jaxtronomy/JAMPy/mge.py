"""Re-export of ``lenstronomy.JAMPy.mge``."""

from lenstronomy.JAMPy.mge import (  # noqa: F401
    MGELight,
    MGEMass,
)
