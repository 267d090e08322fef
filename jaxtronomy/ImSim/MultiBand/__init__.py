"""Several bands and exposures."""


def __getattr__(name):
    """``JointLinear_VaryBG`` on first use, so that importing a sibling does not import it."""
    if name != "JointLinear_VaryBG":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from jaxtronomy.ImSim.MultiBand.joint_linear_vary_background import JointLinear_VaryBG

    return JointLinear_VaryBG
