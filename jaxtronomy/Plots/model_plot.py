"""Re-export of ``lenstronomy.Plots.model_plot``."""

from lenstronomy.Plots.model_plot import (  # noqa: F401
    ModelPlot,
    __all__,
    check_solver_error,
    class_creator,
)
