"""Re-export of ``lenstronomy.Util.image_util``."""

from lenstronomy.Util.image_util import (  # noqa: F401
    __all__,
    add_background,
    add_layer2image,
    add_layer2image_int,
    add_poisson,
    coord_in_image,
    cut_edges,
    findOverlap,
    gradient_map,
    radial_profile,
    re_size,
    re_size_array,
    rebin_coord_transform,
    rebin_image,
    rotateImage,
    shift_image,
    stack_images,
    symmetry_average,
)
