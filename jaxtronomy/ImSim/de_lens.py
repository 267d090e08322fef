"""Re-export of ``lenstronomy.ImSim.de_lens``."""

from lenstronomy.ImSim.de_lens import (  # noqa: F401
    __all__,
    _cond_inv,
    _solve_stable,
    _stable_inv,
    get_param_WLS,
    get_param_WLS_interferometry,
    marginalisation_const,
    marginalization_new,
)
