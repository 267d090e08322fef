"""Re-export of ``lenstronomy.Analysis.multi_patch_reconstruction``."""

from lenstronomy.Analysis.multi_patch_reconstruction import (  # noqa: F401
    MultiPatchReconstruction,
    _update_frame_size,
)
