"""Elliptical power law under the name of lenstronomy's fast variant: the same kernel as EPL."""

from .base_profile import LensProfileBase
from .epl import EPL

__all__ = ["EPL_numba"]


class EPL_numba(LensProfileBase):
    """Elliptical power law, see :mod:`~jaxtronomy.LensModel.Profiles.epl`."""

    parameters = EPL.parameters
    kernel = EPL.kernel

    @staticmethod
    def function(x, y, theta_E, gamma, e1, e2, center_x=0.0, center_y=0.0):
        """Lensing potential.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: potential [arcsec^2]
        """
        return EPL().function(x, y, theta_E, gamma, e1, e2, center_x, center_y)

    @staticmethod
    def derivatives(x, y, theta_E, gamma, e1, e2, center_x=0.0, center_y=0.0):
        """Deflection angles.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: f_x, f_y [arcsec]
        """
        return EPL().derivatives(x, y, theta_E, gamma, e1, e2, center_x, center_y)

    @staticmethod
    def hessian(x, y, theta_E, gamma, e1, e2, center_x=0.0, center_y=0.0):
        """Second derivatives of the potential.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: f_xx, f_xy, f_yx, f_yy
        """
        return EPL().hessian(x, y, theta_E, gamma, e1, e2, center_x, center_y)
