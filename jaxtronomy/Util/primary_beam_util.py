"""Re-export of ``lenstronomy.Util.primary_beam_util``."""

from lenstronomy.Util.primary_beam_util import (  # noqa: F401
    __all__,
    primary_beam_value_at_coords,
)
