"""Re-export of ``lenstronomy.LensModel.Util.epl_util``."""

from lenstronomy.LensModel.Util.epl_util import (  # noqa: F401
    brentq_inline,
    brentq_nojit,
    cart_to_pol,
    cdot,
    ell_to_pol,
    geomlinspace,
    min_approx,
    pol_to_cart,
    pol_to_ell,
    ps,
    rotmat,
    solvequadeq,
)
