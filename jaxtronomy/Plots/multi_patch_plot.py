"""Re-export of ``lenstronomy.Plots.multi_patch_plot``."""

from lenstronomy.Plots.multi_patch_plot import (  # noqa: F401
    MultiPatchPlot,
)
