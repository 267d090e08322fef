r"""Constant Hessian: the most general linear deflection.

.. math::
    \alpha_x = f_{xx} x + f_{xy} y, \qquad \alpha_y = f_{yx} x + f_{yy} y

With :math:`f_{xy} \neq f_{yx}` (a rotation) there is no potential; the symmetric part's is given.
"""

import jax.numpy as jnp

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.parameters import Parameter

from .base_profile import LensProfileBase
from .convergence import ORIGIN

__all__ = ["Hessian"]


def potential(x, y, f_xx, f_yy, f_xy, f_yx):
    """Quadratic form of the symmetric part."""
    return (f_xx * x * x + (f_xy + f_yx) * x * y + f_yy * y * y) / 2


def deflection(x, y, f_xx, f_yy, f_xy, f_yx):
    """Linear in the position."""
    return f_xx * x + f_xy * y, f_yx * x + f_yy * y


def hessian(x, y, f_xx, f_yy, f_xy, f_yx):
    """The same everywhere."""
    return tuple(jnp.zeros_like(x) + f for f in (f_xx, f_xy, f_yx, f_yy))


class Hessian(LensProfileBase):
    __doc__ = __doc__

    parameters = (*(Parameter(name, -100, 100) for name in ("f_xx", "f_yy", "f_xy", "f_yx")), *ORIGIN)
    kernel = centred(Kernel(potential, deflection, hessian))
