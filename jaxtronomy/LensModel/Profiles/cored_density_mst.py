r"""Cored density minus the mass sheet that it resembles at its centre.

With :math:`\kappa_{\rm ext} = (1-\lambda)/\lambda`, the core of that central convergence minus a sheet of it: a
mass-sheet transform of which only the outskirts act, and whose parameter does not correlate with the rest of a model
(Blum, Castorina & Simonovic 2020, https://arxiv.org/abs/2001.07182). The sheet has to be subtracted in the end.
"""

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel, total

from . import convergence, cored_density, cored_density_2, cored_density_exp, uldm
from .base_profile import CENTRE, LensProfileBase, Parameter

__all__ = ["CoredDensityMST"]

_CORES = {
    "CORED_DENSITY": (cored_density.ROUND.kernel(), ()),
    "CORED_DENSITY_2": (cored_density_2.ROUND.kernel(), ()),
    "CORED_DENSITY_EXP": (cored_density_exp.ROUND.kernel(), ()),
    "CORED_DENSITY_ULDM": (uldm.ROUND.kernel(), (8.0,)),
}
_SHEET = Kernel(convergence.potential, convergence.deflection, convergence.hessian)


def _minus_sheet(core, further):
    """The kernel of the core, with these further parameters, minus the sheet."""

    def split(lambda_approx, r_core):
        kappa_ext = (1 - lambda_approx) / lambda_approx
        return (kappa_ext, r_core, *further), (-kappa_ext,)

    return centred(total(core, _SHEET, split=split))


_KERNELS = {name: _minus_sheet(*core) for name, core in _CORES.items()}


class CoredDensityMST(LensProfileBase):
    __doc__ = __doc__

    parameters = (Parameter("lambda_approx", -1, 10), cored_density.R_CORE, *CENTRE)

    def __init__(self, profile_type="CORED_DENSITY"):
        """
        :param profile_type: "CORED_DENSITY", "CORED_DENSITY_2", "CORED_DENSITY_EXP" or "CORED_DENSITY_ULDM"
        :raises ValueError: another profile_type
        """
        if profile_type not in _KERNELS:
            raise ValueError(
                f"profile_type {profile_type!r} is not supported for CoredDensityMST; allowed: {', '.join(_KERNELS)}."
            )
        self.kernel = _KERNELS[profile_type]
        super().__init__(profile_type=profile_type)
