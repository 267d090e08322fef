"""Hernquist profiles (Hernquist 1990, projected by Keeton 2001).

See :mod:`jaxtronomy.LensModel.Profiles.hernquist`; ``amp`` takes the place of ``sigma0``.
"""

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.numerics import safe_sqrt
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.LensModel.Profiles.hernquist import convergence, density_lens, mass_tot, sigma2rho

from .profile_base import AMP, CENTRE, ELLIPTICITY, LightProfileBase, elliptical_profile, round_profile

__all__ = ["Hernquist", "HernquistEllipse"]

RS = Parameter("Rs", 0, 100, unit="arcsec")


def hernquist(r2, Rs):
    """Projected profile of unit normalisation at the squared radius r2."""
    return convergence(safe_sqrt(r2), 1.0, Rs)


def total_flux(amp, Rs, center_x=0, center_y=0):
    """Flux to infinity.

    :param amp: amplitude
    :param Rs: scale radius [arcsec]
    :param center_x: plays no part
    :param center_y: plays no part
    :return: flux
    """
    return mass_tot(sigma2rho(amp, Rs), Rs)


def light_3d(r, amp, Rs):
    """Light density at the 3d radius r [arcsec].

    :param r: 3d radius [arcsec]
    :param amp: amplitude
    :param Rs: scale radius [arcsec]
    :return: flux / arcsec^3
    """
    return density_lens(r, amp, Rs)


class Hernquist(LightProfileBase):
    """Round Hernquist profile; the half-light radius is Rs / 0.551."""

    parameters = (AMP, RS, *CENTRE)
    kernel = staticmethod(round_profile(hernquist))
    light_3d = method(light_3d)
    total_flux = staticmethod(elementwise(total_flux))


class HernquistEllipse(LightProfileBase):
    """Hernquist profile with elliptical isophotes; density and flux are those of the round one."""

    parameters = (AMP, RS, *ELLIPTICITY, *CENTRE)
    kernel = staticmethod(elliptical_profile(hernquist))

    def light_3d(self, r, amp, Rs, e1=0, e2=0, **kwargs):
        """Light density of the round profile.

        :param r: 3d radius [arcsec]
        :param amp: amplitude
        :param Rs: scale radius [arcsec]
        :param e1: plays no part
        :param e2: plays no part
        :return: flux / arcsec^3
        """
        return Hernquist.light_3d(self, r, amp, Rs)

    def total_flux(self, amp, Rs, **kwargs):
        """Flux to infinity.

        :param amp: amplitude
        :param Rs: scale radius [arcsec]
        :return: flux
        """
        return Hernquist.total_flux(amp, Rs)
