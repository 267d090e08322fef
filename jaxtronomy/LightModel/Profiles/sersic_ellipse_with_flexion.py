r"""Elliptical Sersic profile (Sersic 1963) seen through shear and flexion.

.. math::
    I(z) = I_\mathrm{Sersic}\left(z + a z + b z^* + c^* z^2 + 2 c |z|^2 + d z^{*2}\right), \qquad z = x + iy
"""

from jaxtronomy.core.parameters import Parameter

from .profile_base import AMP, CENTRE, ELLIPTICITY
from .sersic import CUT, N_SERSIC, R_SERSIC, SersicLight

__all__ = ["SersicEllipseWithFlexion"]


def flexed(x, y, a, b1, b2, c1, c2, d1, d2):
    """The map of the module's formula, for real and imaginary parts."""
    r2, p, s = x * x + y * y, x * x - y * y, 2 * x * y
    u = (1 + a) * x + b1 * x + b2 * y + (c1 + d1) * p + (c2 + d2) * s + 2 * c1 * r2
    v = (1 + a) * y + b2 * x - b1 * y + (c1 - d1) * s + (d2 - c2) * p + 2 * c2 * r2
    return u, v


class SersicEllipseWithFlexion(SersicLight):
    """Elliptical Sersic profile in coordinates with shear and flexion, about the image of its centre."""

    parameters = (
        AMP,
        R_SERSIC,
        N_SERSIC,
        *ELLIPTICITY,
        *CENTRE,
        CUT(default=100.0),
        *(Parameter(name, -0.5, 0.5, default=0) for name in ("a", "b1", "b2", "c1", "c2", "d1", "d2")),
    )

    def kernel(self, x, y, R_sersic, n_sersic, e1, e2, center_x, center_y, max_R_frac, *flexion):
        """Surface brightness for unit amplitude, pure."""
        centre = flexed(center_x, center_y, *flexion)
        return self._law(*flexed(x, y, *flexion), R_sersic, n_sersic, e1, e2, *centre, max_R_frac)
