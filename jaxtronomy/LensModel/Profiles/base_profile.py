"""What every lens profile looks like from outside.

A profile declares its ``parameters`` and a ``kernel``; potential, deflection and Hessian, their signatures, limits and
the compiled programs follow. Densities and masses are pure functions made public by
:func:`~jaxtronomy.core.compile.method`.
"""

import math

from jaxtronomy.core.compile import evaluate
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.profile import Profile
from jaxtronomy.core.superposition import superpose

__all__ = ["CENTRE", "E1", "E2", "ELLIPTICITY", "GAMMA", "PHI", "Q", "THETA_E", "LensProfileBase"]

CENTRE = (
    Parameter("center_x", -100, 100, default=0, unit="arcsec"),
    Parameter("center_y", -100, 100, default=0, unit="arcsec"),
)
E1, E2 = Parameter("e1", -0.5, 0.5), Parameter("e2", -0.5, 0.5)
ELLIPTICITY = (E1, E2)
THETA_E = Parameter("theta_E", 0, 100, unit="arcsec")
GAMMA = Parameter("gamma", 1.5, 2.5)
Q = Parameter("q", 0, 1)
PHI = Parameter("phi", -math.pi, math.pi, unit="rad")


def potential(terms, x, y, scale=1.0):
    """Potential of a sum of profiles, ``scale`` times."""
    return scale * superpose(terms, lambda p: p.kernel.potential, x, y, zero=0 * x)


def deflection(terms, x, y, scale=1.0):
    """Deflection of a sum of profiles, ``scale`` times."""
    f_x, f_y = superpose(terms, lambda p: p.kernel.deflection, x, y, zero=(0 * x, 0 * x))
    return scale * f_x, scale * f_y


def hessian(terms, x, y, scale=1.0):
    """Hessian of a sum of profiles, ``scale`` times."""
    second = superpose(terms, lambda p: p.kernel.hessian, x, y, zero=(0 * x,) * 4)
    return tuple(scale * f for f in second)


class LensProfileBase(Profile):
    """Base class of the lens profiles."""

    kernel = Kernel()
    _evaluations = tuple((name, ("x", "y")) for name in ("function", "derivatives", "hessian"))

    def __init__(self, *args, **kwargs):
        """
        :param args: accepted for compatibility, and left alone
        :param kwargs: options, which are the profile's identity
        """
        super().__init__(**kwargs)

    def function(self, x, y, *args, **kwargs):
        """Lensing potential.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: potential [arcsec^2]
        """
        return evaluate(potential, (self,), [self._kwargs(args, kwargs)], (x, y), kind="lens model")

    def derivatives(self, x, y, *args, **kwargs):
        """Deflection angles.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: f_x, f_y [arcsec]
        """
        return evaluate(deflection, (self,), [self._kwargs(args, kwargs)], (x, y), kind="lens model")

    def hessian(self, x, y, *args, **kwargs):
        """Second derivatives of the potential.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: f_xx, f_xy, f_yx, f_yy
        """
        return evaluate(hessian, (self,), [self._kwargs(args, kwargs)], (x, y), kind="lens model")

    def density_lens(self, *args, **kwargs):
        """3d density at radius r whose projection is the convergence; not every profile has one.

        :raises ValueError: where the profile has none
        """
        raise self._absent("density_lens")

    def mass_3d_lens(self, *args, **kwargs):
        """Mass inside the sphere of radius r, in units of the critical surface density; not every profile has one.

        :raises ValueError: where the profile has none
        """
        raise self._absent("mass_3d_lens")

    def mass_2d_lens(self, *args, **kwargs):
        """Mass inside the projected radius r, pi r times the deflection; not every profile has one.

        :raises ValueError: where the profile has none
        """
        raise self._absent("mass_2d_lens")

    def _absent(self, name):
        return ValueError(f"the lens profile {type(self).__name__} has no {name}.")

    def set_static(self, **kwargs):
        """Accepted for compatibility: compiled profiles hold no parameters that could become stale."""

    def set_dynamic(self):
        """Accepted for compatibility, see :meth:`set_static`."""
