r"""Line-of-sight effects: tidal convergence, shear and rotation (Fleury, Larena & Uzan 2021, arXiv:2104.08883).

Not a deflector: a LensModel whose list holds one is a
:class:`~jaxtronomy.LensModel.LineOfSight.single_plane_los.SinglePlaneLOS`, which distorts positions and deflections by
the matrices :math:`\begin{pmatrix} 1-\kappa-\gamma_1 & -\gamma_2+\omega \\ -\gamma_2-\omega & 1-\kappa+\gamma_1
\end{pmatrix}` between observer (o), deflector (d) and source (s).
"""

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.profile import Profile

__all__ = ["LOS"]


def tidal(*names):
    """Parameters of these names, within half of one."""
    return tuple(Parameter(name, -0.5, 0.5) for name in names)


def matrix(kappa, gamma1, gamma2, omega):
    """Elements of a distortion matrix, row by row."""
    return 1 - kappa - gamma1, omega - gamma2, -(gamma2 + omega), 1 - kappa + gamma1


def distort_vector(x, y, kappa=0, gamma1=0, gamma2=0, omega=0):
    """A vector times a distortion matrix.

    :param x: first component
    :param y: second component
    :param kappa: convergence
    :param gamma1: shear
    :param gamma2: shear
    :param omega: rotation
    :return: both components
    """
    a, b, c, d = matrix(kappa, gamma1, gamma2, omega)
    return a * x + b * y, c * x + d * y


def left_multiply(f_xx, f_xy, f_yx, f_yy, kappa=0, gamma1=0, gamma2=0, omega=0):
    """A distortion matrix times a Hessian.

    :param f_xx, f_xy, f_yx, f_yy: Hessian
    :param kappa: convergence
    :param gamma1: shear
    :param gamma2: shear
    :param omega: rotation
    :return: the product, row by row
    """
    a, b, c, d = matrix(kappa, gamma1, gamma2, omega)
    return a * f_xx + b * f_yx, a * f_xy + b * f_yy, c * f_xx + d * f_yx, c * f_xy + d * f_yy


def right_multiply(f_xx, f_xy, f_yx, f_yy, kappa=0, gamma1=0, gamma2=0, omega=0):
    """A Hessian times a distortion matrix.

    :param f_xx, f_xy, f_yx, f_yy: Hessian
    :param kappa: convergence
    :param gamma1: shear
    :param gamma2: shear
    :param omega: rotation
    :return: the product, row by row
    """
    a, b, c, d = matrix(kappa, gamma1, gamma2, omega)
    return a * f_xx + c * f_xy, b * f_xx + d * f_xy, a * f_yx + c * f_yy, b * f_yx + d * f_yy


class LineOfSightEffects(Profile):
    """What the line-of-sight models have in common: parameters, and no deflection of their own."""

    def __init__(self, *args, **kwargs):
        """
        :param args: accepted and left alone, as are ``kwargs``
        """
        super().__init__()

    def set_static(self, **kwargs):
        """Accepted for compatibility: nothing is kept that could become stale."""

    def set_dynamic(self):
        """Accepted for compatibility, see :meth:`set_static`."""


class LOS(LineOfSightEffects):
    __doc__ = __doc__

    parameters = tidal(
        *("kappa_od", "kappa_os", "kappa_ds"),
        *("gamma1_od", "gamma2_od", "gamma1_os", "gamma2_os", "gamma1_ds", "gamma2_ds"),
        *("omega_od", "omega_os", "omega_ds"),
    )
    distort_vector = staticmethod(elementwise(distort_vector))
    left_multiply = staticmethod(elementwise(left_multiply))
    right_multiply = staticmethod(elementwise(right_multiply))
