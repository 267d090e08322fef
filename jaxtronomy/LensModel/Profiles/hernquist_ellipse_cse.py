r"""Hernquist profile with an elliptical convergence, as a sum of cored steep ellipsoids.

Oguri 2021 (https://arxiv.org/abs/2106.11464). The elliptical radius is along the major axis and the mass that of
a scale radius :math:`R_s/\sqrt q`. Densities and masses are those of the round profile.
"""

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import safe_hypot

from .cored_steep_ellipsoid import along_major_axis, sum_of_cse
from .hernquist_ellipse_potential import HernquistEllipsePotential
from .nfw_ellipse_cse import expansion

__all__ = ["HernquistEllipseCSE"]

# Oguri 2021, table 2: core radius [Rs] and amplitude
_TABLE = (
    (1.199110e-06, 9.200445e-18),
    (3.751762e-06, 2.184724e-16),
    (9.927207e-06, 3.548079e-15),
    (2.206076e-05, 2.823716e-14),
    (3.781528e-05, 1.091876e-13),
    (6.659808e-05, 6.998697e-13),
    (1.154366e-04, 3.142264e-12),
    (1.924150e-04, 1.457280e-11),
    (3.040440e-04, 4.472783e-11),
    (4.683051e-04, 2.042079e-10),
    (7.745084e-04, 8.708137e-10),
    (1.175953e-03, 2.423649e-09),
    (1.675459e-03, 7.353440e-09),
    (2.801948e-03, 5.470738e-08),
    (9.712807e-03, 2.445878e-07),
    (5.469589e-03, 4.541672e-07),
    (1.104654e-02, 3.227611e-06),
    (1.893893e-02, 1.110690e-05),
    (2.792864e-02, 3.725101e-05),
    (4.152834e-02, 1.056271e-04),
    (6.640398e-02, 6.531501e-04),
    (1.107083e-01, 2.121330e-03),
    (1.648028e-01, 8.285518e-03),
    (2.839601e-01, 4.084190e-02),
    (4.129439e-01, 5.760942e-02),
    (8.239115e-01, 1.788945e-01),
    (6.031726e-01, 2.092774e-01),
    (1.145604e00, 3.697750e-01),
    (1.401895e00, 3.440555e-01),
    (2.512223e00, 5.792737e-01),
    (2.038025e00, 2.325935e-01),
    (4.644014e00, 5.227961e-01),
    (9.301590e00, 3.079968e-01),
    (2.039273e01, 1.633456e-01),
    (4.896534e01, 7.410900e-02),
    (1.252311e02, 3.123329e-02),
    (3.576766e02, 1.292488e-02),
    (2.579464e04, 2.156527e00),
    (2.944679e04, 1.652553e-02),
    (2.834717e03, 2.314934e-02),
    (5.931328e04, 3.992313e-01),
)


def _over_axis_ratio(kernel):
    """The kernel divided by the axis ratio."""

    def divided(function):
        def evaluated(*arguments):
            e1, e2 = arguments[-2:]
            size = safe_hypot(e1, e2)
            weight = (1 + size) / (1 - size)
            values = function(*arguments)
            return tuple(weight * v for v in values) if isinstance(values, tuple) else weight * values

        return evaluated

    return Kernel(*(divided(f) for f in (kernel.potential, kernel.deflection, kernel.hessian)))


class HernquistEllipseCSE(HernquistEllipsePotential):
    __doc__ = __doc__

    kernel = centred(
        _over_axis_ratio(expansion(along_major_axis(sum_of_cse), _TABLE, lambda sigma0, Rs: (Rs, sigma0 * Rs**2)))
    )
