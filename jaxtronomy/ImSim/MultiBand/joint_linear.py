"""Re-export of ``lenstronomy.ImSim.MultiBand.joint_linear``."""

from lenstronomy.ImSim.MultiBand.joint_linear import (  # noqa: F401
    JointLinear,
    __all__,
)
