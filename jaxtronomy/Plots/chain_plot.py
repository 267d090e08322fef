"""Re-export of ``lenstronomy.Plots.chain_plot``."""

from lenstronomy.Plots.chain_plot import (  # noqa: F401
    __all__,
    plot_chain,
    plot_chain_list,
    plot_mcmc_behaviour,
    psf_iteration_compare,
)
