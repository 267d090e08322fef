"""Re-export of ``lenstronomy.Util.constants``."""

from lenstronomy.Util.constants import (  # noqa: F401
    AU,
    F_ES,
    G,
    M_earth,
    M_jupiter,
    M_sun,
    Mpc,
    a_ES,
    arcsec,
    c,
    day_s,
    delay_arcsec2days,
    kpc,
    pc,
    r_sun,
)
