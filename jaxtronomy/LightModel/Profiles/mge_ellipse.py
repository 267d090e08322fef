"""Sums of elliptical Gaussians with logarithmically spaced widths (Cappellari 2002).

See :mod:`.mge_set`.
"""

from jaxtronomy.core.parameters import Parameter

from .gaussian import FLUX
from .mge_set import WIDTHS, MGESet
from .profile_base import CENTRE, ellipse_radius_squared

__all__ = ["MGEEllipse"]


class MGEEllipse(MGESet):
    """Sum of ``n_comp`` Gaussians with one centre and ellipticity; ``amp`` are their fluxes."""

    parameters = (FLUX, *WIDTHS, Parameter("e1", -0.6, 0.6), Parameter("e2", -0.6, 0.6), *CENTRE)
    radius_squared = staticmethod(ellipse_radius_squared)

    def total_flux(self, amp, sigma_min, sigma_width, e1, e2, center_x=0, center_y=0):
        """Flux of all components, the sum of the amplitudes.

        :param amp: fluxes of the Gaussians
        :param sigma_min: plays no part
        :param sigma_width: plays no part
        :param e1: plays no part
        :param e2: plays no part
        :param center_x: plays no part
        :param center_y: plays no part
        :return: flux
        """
        return super().total_flux(amp, sigma_min, sigma_width)

    def light_3d(self, r, amp, sigma_min, sigma_width, e1, e2):
        """Light density of the round set.

        :param r: 3d radius [arcsec]
        :param amp: fluxes of the Gaussians
        :param sigma_min: smallest width [arcsec]
        :param sigma_width: difference between the largest and the smallest width [arcsec]
        :param e1: plays no part
        :param e2: plays no part
        :return: flux / arcsec^3
        """
        return super().light_3d(r, amp, sigma_min, sigma_width)
