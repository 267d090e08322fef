"""Re-export of ``lenstronomy.GalKin.aperture_types``."""

from lenstronomy.GalKin.aperture_types import (  # noqa: F401
    ApertureBase,
    Frame,
    GeneralAperture,
    IFUBinned,
    IFUGrid,
    IFUShells,
    Shell,
    Slit,
    __all__,
    _rotate,
    _unpad_map,
    downsample_values_to_bins,
    frame_select,
    general_aperture_select,
    grid_ifu_select,
    make_slit_grid,
    make_supersampled_grid,
    shell_ifu_select,
    shell_select,
    slit_select,
)
