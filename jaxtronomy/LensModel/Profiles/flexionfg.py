r"""Flexion by its spin-one and spin-three parts F and G.

.. math::
    \psi_{111} = \frac{3F_1 + G_1}{2}, \quad \psi_{112} = \frac{3F_2 + G_2}{2}, \quad
    \psi_{122} = \frac{F_1 - G_1}{2}, \quad \psi_{222} = \frac{F_2 - G_2}{2}

as in lenstronomy (after Meneghetti 2021, "Introduction to Gravitational Lensing", equation 3.98).
"""

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.frames import centred, reparametrised
from jaxtronomy.core.parameters import Parameter

from .base_profile import LensProfileBase
from .convergence import ORIGIN
from .flexion import flexion

__all__ = ["Flexionfg"]


def transform_fg(F1, F2, G1, G2):
    """Third derivatives psi_111, psi_112, psi_122, psi_222 of F and G flexion."""
    return (3 * F1 + G1) / 2, (3 * F2 + G2) / 2, (F1 - G1) / 2, (F2 - G2) / 2


class Flexionfg(LensProfileBase):
    __doc__ = __doc__

    parameters = (*(Parameter(name, -0.1, 0.1, unit="1/arcsec") for name in ("F1", "F2", "G1", "G2")), *ORIGIN)
    kernel = centred(reparametrised(flexion, transform_fg))
    transform_fg = staticmethod(elementwise(transform_fg))
