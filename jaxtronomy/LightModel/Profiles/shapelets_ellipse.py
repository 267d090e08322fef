"""Cartesian shapelets (Refregier 2003) in elliptical coordinates.

See :mod:`.shapelets`.
"""

from jaxtronomy.core.frames import circularised
from jaxtronomy.core.parameters import Parameter

from .profile_base import CENTRE
from .shapelets import BETA, COEFFICIENTS, N_MAX, CartesianSet

__all__ = ["ShapeletSetEllipse"]


class ShapeletSetEllipse(CartesianSet):
    """Cartesian shapelets of all orders up to n_max, squeezed along the minor axis at constant area."""

    parameters = (COEFFICIENTS, N_MAX, BETA, Parameter("e1", -0.6, 0.6), Parameter("e2", -0.6, 0.6), *CENTRE)

    def scaled(self, x, y, beta, e1, e2, center_x, center_y):
        """Coordinates in units of beta, pure."""
        return circularised((x - center_x) / beta, (y - center_y) / beta, e1, e2)
