"""What every light profile looks like from outside.

A profile declares its ``parameters`` and a ``kernel``: the surface brightness for unit amplitude as a pure function
``(x, y, *parameters without amp)``. The combinators :func:`centred`, :func:`round_profile` and
:func:`elliptical_profile` make one from a function of the squared radius. A profile with a set of amplitudes is a
:class:`LightSet`: its kernel returns the responses to unit amplitudes along the first axis.
"""

import jax
import jax.numpy as jnp

from jaxtronomy.core.compile import evaluate
from jaxtronomy.core.frames import circularised
from jaxtronomy.core.numerics import gathered, unstacked
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.core.profile import Profile
from jaxtronomy.core.superposition import superpose

__all__ = ["AMP", "CENTRE", "ELLIPTICITY", "LightProfileBase", "LightSet"]

AMP = Parameter("amp", 0, 100, unit="flux / arcsec^2")
CENTRE = (
    Parameter("center_x", -100, 100, default=0, unit="arcsec"),
    Parameter("center_y", -100, 100, default=0, unit="arcsec"),
)
ELLIPTICITY = (Parameter("e1", -0.5, 0.5), Parameter("e2", -0.5, 0.5))


def centred(kernel):
    """Move the origin: ``center_x, center_y`` follow the parameters."""
    return lambda x, y, *p: kernel(x - p[-2], y - p[-1], *p[:-2])


def elliptical_radius_squared(x, y, e1, e2):
    """q x'^2 + y'^2 / q in the major-axis frame [arcsec^2]."""
    u, v = circularised(x, y, e1, e2)
    return u * u + v * v


# squared radius of a position [arcsec^2]; the centre, or ellipticity and centre, are the last parameters
round_radius_squared = centred(lambda x, y, *p: x * x + y * y)
ellipse_radius_squared = centred(lambda x, y, *p: elliptical_radius_squared(x, y, *p[-2:]))


def round_profile(radial):
    """``radial(R^2, *parameters)`` of the squared radius as a function of position, centred."""
    return lambda x, y, *p: radial(round_radius_squared(x, y, *p), *p[:-2])


def elliptical_profile(radial):
    """The same of the squared elliptical radius (averaged over the axes): ``e1, e2`` precede the centre."""
    return lambda x, y, *p: radial(ellipse_radius_squared(x, y, *p), *p[:-4])


def surface_brightness(terms, x, y):
    """Surface brightness of a sum of profiles."""
    return superpose(terms, lambda p: p.surface_brightness, x, y, zero=0 * x)


def basis(terms, x, y):
    """Responses to unit amplitudes: one array per model, in their order, its components along the first axis."""
    x, y, parts = gathered(x), gathered(y), {}
    for profile, values, count, indices in terms:
        if count == 1:
            parts[indices] = profile.basis(x, y, *profile.without_amplitude(values))
            continue
        shared = [None if isinstance(v, jax.Array) else v for v in values]

        def responses(stacked, profile=profile, shared=shared):
            row = [v if s is None else s for v, s in zip(stacked, shared)]
            return profile.basis(x, y, *profile.without_amplitude(row))

        stack = jax.vmap(responses)([v if isinstance(v, jax.Array) else None for v in values])
        parts |= {(index,): part for index, part in zip(indices, unstacked(stack))}
    return [parts[key] for key in sorted(parts)]


def components(terms, x, y):
    """The components of a set, each with its amplitude, along the first axis."""
    ((profile, values, *_),) = terms
    response = profile.basis(x, y, *profile.without_amplitude(values))
    amp = profile.amplitudes(values[profile.amplitude_index], len(response))
    return amp.reshape((-1,) + (1,) * (response.ndim - 1)) * response


class LightProfileBase(Profile):
    """Base class of the light profiles."""

    kernel = None
    is_set = False  # whether ``amp`` is an array
    amplitude_index = 0  # place of ``amp`` among the parameters
    linear_needs = ()  # parameters that have to be known for the number of amplitudes to be
    not_sampled = ()  # parameters that have to be fixed
    positive = True  # whether check_positive_flux_profile looks at the amplitudes
    _evaluations = (("function", ("x", "y")),)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        names = [p.name for p in cls.parameters]
        if "amp" in names:
            cls.amplitude_index = names.index("amp")

    def without_amplitude(self, values):
        """The values of all parameters but the amplitude."""
        i = self.amplitude_index
        return *values[:i], *values[i + 1 :]

    def surface_brightness(self, x, y, *values):
        """Surface brightness, pure: for use inside programs."""
        return values[self.amplitude_index] * self.kernel(x, y, *self.without_amplitude(values))

    def basis(self, x, y, *parameters):
        """Responses to unit amplitudes along the first axis, pure: for use inside programs."""
        return self.kernel(x, y, *parameters)[None]

    def num_amplitudes(self, kwargs):
        """Number of linear amplitudes, given the parameters named in ``linear_needs``."""
        return 1

    def function(self, x=None, y=None, *args, **kwargs):
        """Surface brightness.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: surface brightness [flux / arcsec^2]
        :raises ValueError: for a class that is no profile by itself
        """
        if not self.parameters:
            raise ValueError(f"{type(self).__name__} defines no light profile.")
        return evaluate(surface_brightness, (self,), [self._kwargs(args, kwargs)], (x, y), kind="light model")

    def light_3d(self, *args, **kwargs):
        """3d light density at radius r whose projection is the surface brightness; not every profile has one.

        :raises ValueError: where the profile has none
        """
        raise ValueError(f"the light profile {type(self).__name__} has no light_3d.")

    def total_flux(self, *args, **kwargs):
        """Flux to infinity; not every profile has one.

        :raises ValueError: where the profile has none
        """
        raise ValueError(f"the light profile {type(self).__name__} has no total_flux.")


class LightSet(LightProfileBase):
    """Base class of the profiles with a set of amplitudes; the kernel gives the responses along the first axis."""

    is_set = True
    _evaluations = (("function", ("x", "y")), ("function_split", ("x", "y")))

    def amplitudes(self, amp, count):
        """The first ``count`` amplitudes.

        :raises ValueError: if there are fewer
        """
        amp = jnp.ravel(amp)
        if len(amp) < count:
            raise ValueError(f"{type(self).__name__}: {len(amp)} amplitudes given for {count} components.")
        return amp[:count]

    def surface_brightness(self, x, y, *values):
        """Surface brightness, pure: for use inside programs."""
        response = self.kernel(x, y, *self.without_amplitude(values))
        return jnp.tensordot(self.amplitudes(values[self.amplitude_index], len(response)), response, 1)

    def basis(self, x, y, *parameters):
        """Responses to unit amplitudes along the first axis, pure: for use inside programs."""
        return self.kernel(x, y, *parameters)

    def function_split(self, x, y, *args, **kwargs):
        """The components of the set.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :return: list of the surface brightness [flux / arcsec^2] of each component
        """
        return list(evaluate(components, (self,), [self._kwargs(args, kwargs)], (x, y), kind="light model"))
