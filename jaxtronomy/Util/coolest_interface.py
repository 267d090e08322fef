"""Re-export of ``lenstronomy.Util.coolest_interface``."""

from lenstronomy.Util.coolest_interface import (  # noqa: F401
    create_kwargs_mcmc_from_chain_list,
    create_lenstronomy_from_coolest,
    create_redshift_info,
    update_coolest_from_lenstronomy,
)
