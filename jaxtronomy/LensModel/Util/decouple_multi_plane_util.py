"""Re-export of ``lenstronomy.LensModel.Util.decouple_multi_plane_util``."""

from lenstronomy.LensModel.Util.decouple_multi_plane_util import (  # noqa: F401
    coordinates_and_deflections,
    decoupled_multiplane_class_setup,
    setup_grids,
    setup_lens_model,
    setup_raytracing_lensmodels,
)
