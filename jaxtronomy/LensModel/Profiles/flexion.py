r"""Flexion: a constant third derivative of the potential (Bacon et al. 2006, MNRAS 365, 414).

.. math::
    \psi = \frac{1}{6}\left(g_1 x^3 + 3 g_2 x^2 y + 3 g_3 x y^2 + g_4 y^3\right)
"""

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.parameters import Parameter

from .base_profile import LensProfileBase
from .convergence import ORIGIN

__all__ = ["Flexion"]


def potential(x, y, g1, g2, g3, g4):
    """Cubic form."""
    return (x * x * (g1 * x + 3 * g2 * y) + y * y * (3 * g3 * x + g4 * y)) / 6


def deflection(x, y, g1, g2, g3, g4):
    """Quadratic in the position."""
    return (g1 * x * x + g3 * y * y) / 2 + g2 * x * y, (g2 * x * x + g4 * y * y) / 2 + g3 * x * y


def hessian(x, y, g1, g2, g3, g4):
    """Linear in the position."""
    f_xy = g2 * x + g3 * y
    return g1 * x + g2 * y, f_xy, f_xy, g3 * x + g4 * y


flexion = Kernel(potential, deflection, hessian)


class Flexion(LensProfileBase):
    __doc__ = __doc__

    parameters = (*(Parameter(name, -0.1, 0.1, unit="1/arcsec") for name in ("g1", "g2", "g3", "g4")), *ORIGIN)
    kernel = centred(flexion)
