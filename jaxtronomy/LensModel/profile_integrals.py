"""Numerical integrals of round density profiles."""

import numpy as np

from jaxtronomy.core.compile import namespace

__all__ = ["ProfileIntegrals"]


def _tanh_sinh(step=1 / 32, last=3.4):
    """Nodes and weights on (0, 1) of the double-exponential rule of Takahasi & Mori (1974)."""
    t = np.arange(-last, last + step / 2, step)
    s = np.pi / 2 * np.sinh(t)
    return 1 / (1 + np.exp(-2 * s)), step * np.pi / 4 * np.cosh(t) / np.cosh(s) ** 2


_NODES, _WEIGHTS = _tanh_sinh()


class ProfileIntegrals:
    """Masses and projections of a round profile, from its density alone.

    The double-exponential rule copes with cusps at the centre; the results are good to about ten digits.
    """

    def __init__(self, profile_class):
        """
        :param profile_class: profile with a method ``density`` (or ``density_lens``)
        """
        self._profile = profile_class

    def _density(self, r, kwargs, lens_param):
        """Density at an array of radii of any shape."""
        function = self._profile.density_lens if lens_param else self._profile.density
        kwargs = {k: v for k, v in kwargs.items() if k not in ("center_x", "center_y")}
        return function(r.ravel(), **kwargs).reshape(r.shape)

    def mass_enclosed_3d(self, r, kwargs_profile, lens_param=False):
        """Mass inside a sphere.

        :param r: radius [arcsec]
        :param kwargs_profile: parameters of the profile
        :param lens_param: True if these are those of the lens model; the unit is then the critical surface density
        :return: mass
        """
        xp = namespace(r, kwargs_profile)
        x = xp.asarray(r) * _NODES
        return 4 * np.pi * r * (_WEIGHTS * x**2 * self._density(x, kwargs_profile, lens_param)).sum(-1)

    def density_2d(self, r, kwargs_profile, lens_param=False, r_max=100):
        """Projected density.

        :param r: radius [arcsec]
        :param kwargs_profile: parameters of the profile
        :param lens_param: True if these are those of the lens model; the result is then the convergence
        :param r_max: integrate to this distance along the line of sight [arcsec]
        :return: projected density
        """
        xp = namespace(r, kwargs_profile)
        radius = xp.sqrt((r_max * _NODES) ** 2 + xp.asarray(r)[..., None] ** 2)
        return 2 * r_max * (_WEIGHTS * self._density(radius, kwargs_profile, lens_param)).sum(-1)

    def mass_enclosed_2d(self, r, kwargs_profile, lens_param=False):
        """Mass inside a projected radius.

        :param r: radius [arcsec]
        :param kwargs_profile: parameters of the profile
        :param lens_param: True if these are those of the lens model; the unit is then the critical surface density
        :return: mass
        """
        xp = namespace(r, kwargs_profile)
        x = xp.asarray(r) * _NODES
        return 2 * np.pi * r * (_WEIGHTS * x * self.density_2d(x, kwargs_profile, lens_param)).sum(-1)
