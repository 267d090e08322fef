"""Re-export of ``lenstronomy.Plots.plot_util``."""

from lenstronomy.Plots.plot_util import (  # noqa: F401
    CausticCriticalKwargs,
    CausticKwargs,
    ColorBarKwargs,
    CoordArrowKwargs,
    EllipseKwargs,
    MatshowKwargs,
    PlotKwargs,
    QuiverKwargs,
    ScaleBarKwargs,
    TitleKwargs,
    cmap_conf,
    image_position_plot,
    plot_line_set,
    result_string,
    show_colorbar,
    show_coordinate_arrows,
    show_scale_bar,
    show_title_text,
    source_position_plot,
    sqrt,
)
