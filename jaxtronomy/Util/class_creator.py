"""Re-export of ``lenstronomy.Util.class_creator``."""

from lenstronomy.Util.class_creator import (  # noqa: F401
    __all__,
    create_class_instances,
    create_im_sim,
    create_image_model,
    create_tracer_model,
)
