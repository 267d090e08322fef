"""Re-export of ``lenstronomy.ImSim.MultiBand.joint_linear_vary_background``."""

from lenstronomy.ImSim.MultiBand.joint_linear_vary_background import (  # noqa: F401
    JointLinear_VaryBG,
    __all__,
)
