"""Re-export of ``lenstronomy.ImSim.multiplane_organizer``."""

from lenstronomy.ImSim.multiplane_organizer import (  # noqa: F401
    MultiPlaneOrganizer,
    __all__,
)
