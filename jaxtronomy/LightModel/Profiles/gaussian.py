r"""Gaussian profiles (Emsellem, Monnet & Bacon 1994): one, or a sum with given widths; round or elliptical.

.. math::
    I(R) = \frac{A}{2\pi\sigma^2} \exp\left(-\frac{R^2}{2\sigma^2}\right)

so that the amplitude A is the flux; elliptical ones in :math:`R^2 = q\,x'^2 + y'^2/q`.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.blocks import accumulated
from jaxtronomy.core.compile import method
from jaxtronomy.core.numerics import exp
from jaxtronomy.core.parameters import Parameter

from .profile_base import (
    AMP,
    CENTRE,
    ELLIPTICITY,
    LightProfileBase,
    LightSet,
    ellipse_radius_squared,
    elliptical_profile,
    round_profile,
    round_radius_squared,
)

__all__ = ["Gaussian", "GaussianEllipse", "MultiGaussian", "MultiGaussianEllipse"]

FLUX = AMP(upper=1000, unit="flux")
SIGMA = Parameter("sigma", 0, 100, unit="arcsec")


def gaussian(r2, sigma):
    """Projected Gaussian of unit flux at the squared radius r2."""
    return exp(r2 * (-0.5 / sigma**2)) / (2 * math.pi * sigma**2)


def gaussian_3d(r, amp, sigma):
    """Density at the 3d radius r of a Gaussian of flux amp."""
    return amp * gaussian(r * r, sigma) / (math.sqrt(2 * math.pi) * sigma)


def gaussians(r2, sigmas):
    """Projected Gaussians of unit flux, one along the first axis for each width."""
    return gaussian(r2[None], sigmas.reshape((-1,) + (1,) * jnp.ndim(r2)))


def gaussians_3d(r, amp, sigma):
    """Density at the 3d radius r of a sum of Gaussians."""
    amp, sigma = (jnp.reshape(v, (-1,) + (1,) * jnp.ndim(r)) for v in (amp, sigma))
    return jnp.sum(gaussian_3d(jnp.asarray(r)[None], amp, sigma), axis=0)


class Gaussian(LightProfileBase):
    """Round Gaussian; ``amp`` is its flux."""

    parameters = (FLUX, SIGMA, *CENTRE)
    kernel = staticmethod(round_profile(gaussian))
    light_3d = method(gaussian_3d)

    @method
    def total_flux(amp, sigma, center_x=0, center_y=0):
        """Flux."""
        return amp


class GaussianEllipse(LightProfileBase):
    """Elliptical Gaussian; ``amp`` is its flux. The density of :meth:`light_3d` is that of the round one.

    (lenstronomy's default upper limits of the ellipticity equal the lower ones, which leaves nothing to sample; here
    they are 0.5.)
    """

    parameters = (FLUX, SIGMA, *ELLIPTICITY, *CENTRE)
    kernel = staticmethod(elliptical_profile(gaussian))

    @method
    def total_flux(amp, sigma=None, e1=None, e2=None, center_x=None, center_y=None):
        """Flux."""
        return amp

    @method
    def light_3d(r, amp, sigma, e1=0, e2=0):
        """Density at the 3d radius r of the round profile."""
        return gaussian_3d(r, amp, sigma)


def gaussian_sum(r2, amp, sigma):
    """Sum of projected Gaussians of fluxes amp and widths sigma, accumulated so that it stays in the cache."""
    return accumulated(lambda row: row[0] * gaussian(r2, row[1]), [amp[:, None], sigma[:, None]])


class GaussianSet(LightSet):
    """A sum of Gaussians in one pass over the coordinates; a subclass says how wide they are."""

    radius_squared = staticmethod(round_radius_squared)

    def sigmas(self, *parameters):
        """Widths [arcsec] from the parameters (without amplitudes), pure."""
        return jnp.ravel(parameters[0])

    def surface_brightness(self, x, y, amp, *parameters):
        """Surface brightness, pure: for use inside programs."""
        sigma = self.sigmas(*parameters)
        return gaussian_sum(self.radius_squared(x, y, *parameters), self.amplitudes(amp, len(sigma)), sigma)

    def kernel(self, x, y, *parameters):
        """Responses to unit amplitudes, pure."""
        return gaussians(self.radius_squared(x, y, *parameters), self.sigmas(*parameters))


class MultiGaussian(GaussianSet):
    """Sum of round Gaussians with one centre; ``amp`` are their fluxes, ``sigma`` their widths."""

    parameters = (FLUX, SIGMA, *CENTRE)
    linear_needs = not_sampled = ("sigma",)
    light_3d = method(gaussians_3d)

    def num_amplitudes(self, kwargs):
        """Number of Gaussians."""
        return len(kwargs["sigma"])

    @method
    def total_flux(amp, sigma, center_x=0, center_y=0):
        """Flux of all components."""
        return jnp.sum(amp)


class MultiGaussianEllipse(MultiGaussian):
    """Sum of Gaussians with one centre and ellipticity. :meth:`light_3d` is that of the round ones.

    The default upper limits of the ellipticity are 0.5, see :class:`GaussianEllipse`.
    """

    parameters = (FLUX, SIGMA, *ELLIPTICITY, *CENTRE)
    radius_squared = staticmethod(ellipse_radius_squared)

    @method
    def total_flux(amp, sigma, e1, e2, center_x=0, center_y=0):
        """Flux of all components."""
        return jnp.sum(amp)

    @method
    def light_3d(r, amp, sigma, e1=0, e2=0):
        """Density at the 3d radius r of the sum of round Gaussians."""
        return gaussians_3d(r, amp, sigma)
