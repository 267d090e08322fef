r"""Constant radial and tangential magnification (Diego et al. 2018, arXiv:1706.10281).

.. math::
    \gamma = \frac{1}{2}\left(\frac{1}{\mu_t} \mp \frac{1}{\mu_r}\right), \qquad
    \kappa = 1 - \gamma \mp \frac{1}{\mu_r}

with the upper sign for positive parity; a mass sheet and a shear in direction :math:`\phi_G`.
"""

import math

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel, total
from jaxtronomy.core.parameters import Parameter

from . import convergence, shear
from .base_profile import CENTRE, LensProfileBase

__all__ = ["ConstMag"]


def split(mu_r, mu_t, parity, phi_G):
    """Convergence and shear."""
    if parity not in (1, -1):
        raise ValueError(f"parity {parity!r} of the macromodel: it has to be +1 or -1.")
    gamma = (1 / mu_t - parity / mu_r) / 2
    return (1 - gamma - parity / mu_r,), shear.components(gamma, phi_G)


class ConstMag(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        Parameter("mu_r", 1, 1),
        Parameter("mu_t", 1000, 1000),
        Parameter("parity", -1, 1, static=True),
        Parameter("phi_G", 0.0, math.pi, unit="rad"),
        *CENTRE,
    )
    param_names = ["center_x", "center_y", "mu_r", "mu_t", "parity", "phi_G"]
    kernel = centred(
        total(Kernel(convergence.potential, convergence.deflection, convergence.hessian), shear.shear, split=split)
    )
