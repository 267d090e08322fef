"""Re-export of ``lenstronomy.Plots.lens_plot``."""

from lenstronomy.Plots.lens_plot import (  # noqa: F401
    __all__,
    arrival_time_surface,
    caustics_plot,
    convergence_plot,
    curved_arc_illustration,
    distortions,
    lens_model_plot,
    plot_arc,
    point_source_plot,
    shear_plot,
    stretch_plot,
)
