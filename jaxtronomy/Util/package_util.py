"""Re-export of ``lenstronomy.Util.package_util``."""

from lenstronomy.Util.package_util import (  # noqa: F401
    export,
    exporter,
    laconic,
    short,
)
