"""Re-export of ``lenstronomy.Analysis.light2mass``."""

from lenstronomy.Analysis.light2mass import (  # noqa: F401
    __all__,
    light2mass_interpol,
)
