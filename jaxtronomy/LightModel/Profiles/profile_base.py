"""What every light profile looks like from outside.

A profile declares its ``parameters``, the linear amplitude ``amp`` first, and a ``kernel``: the surface brightness for
unit amplitude as a pure function ``(x, y, *parameters without amp)``. A profile with a set of amplitudes overrides
:meth:`~LightProfileBase.basis` and :meth:`~LightProfileBase.num_linear` instead.
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import evaluate
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.profile import Profile
from jaxtronomy.core.superposition import superpose

__all__ = ["AMP", "CENTRE", "ELLIPTICITY", "LightProfileBase"]

AMP = Parameter("amp", 0, 100, unit="flux / arcsec^2")
CENTRE = (
    Parameter("center_x", -100, 100, default=0, unit="arcsec"),
    Parameter("center_y", -100, 100, default=0, unit="arcsec"),
)
ELLIPTICITY = (Parameter("e1", -0.5, 0.5), Parameter("e2", -0.5, 0.5))


def surface_brightness(terms, x, y):
    """Surface brightness of a sum of profiles."""
    return superpose(terms, lambda p: p.surface_brightness, x, y, zero=0 * x)


def basis(terms, x, y):
    """Responses to unit amplitudes, each term's stacked along the first axis, one array per term."""
    parts = []
    for profile, values, count, _ in terms:
        rows = [values] if count == 1 else [[v[i] if jnp.ndim(v) else v for v in values] for i in range(count)]
        parts += [profile.basis(x, y, *row[1:]) for row in rows]
    return parts


class LightProfileBase(Profile):
    """Base class of the light profiles."""

    kernel = None
    _evaluations = (("function", ("x", "y")),)

    def surface_brightness(self, x, y, amp, *parameters):
        """Surface brightness, pure: for use inside programs."""
        return amp * self.kernel(x, y, *parameters)

    def basis(self, x, y, *parameters):
        """Responses to unit amplitudes along the first axis, pure: for use inside programs."""
        return self.kernel(x, y, *parameters)[None]

    def num_linear(self, kwargs):
        """Number of linear amplitudes, given the parameters."""
        return 1

    def function(self, x, y, *args, **kwargs):
        """Surface brightness.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: surface brightness [flux / arcsec^2]
        """
        return evaluate(surface_brightness, (self,), [self._kwargs(args, kwargs)], (x, y), kind="light model")

    def light_3d(self, *args, **kwargs):
        """3d light density at radius r whose projection is the surface brightness; not every profile has one.

        :raises ValueError: where the profile has none
        """
        raise ValueError(f"the light profile {type(self).__name__} has no light_3d.")
