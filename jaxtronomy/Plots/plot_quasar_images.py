"""Re-export of ``lenstronomy.Plots.plot_quasar_images``."""

from lenstronomy.Plots.plot_quasar_images import (  # noqa: F401
    plot_quasar_images,
)
