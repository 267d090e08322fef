"""Re-export of ``lenstronomy.Plots.tracer_plot``."""

from lenstronomy.Plots.tracer_plot import (  # noqa: F401
    TracerPlot,
    __all__,
)
