"""Re-export of ``lenstronomy.Plots.model_band_plot``."""

from lenstronomy.Plots.model_band_plot import (  # noqa: F401
    ModelBandPlot,
    __all__,
)
