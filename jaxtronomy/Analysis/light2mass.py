"""Re-export of ``lenstronomy.Analysis.light2mass``."""

from lenstronomy.Analysis.light2mass import (  # noqa: F401
    light2mass_interpol,
)
