r"""Sums of Gaussian convergences with one centre and one ellipticity.

``amp`` and ``sigma`` are arrays with an element for each Gaussian; ``scale_factor`` multiplies all amplitudes.
Densities and masses are those of :class:`~jaxtronomy.LensModel.Profiles.gaussian.Gaussian`, summed.
"""

from collections.abc import Callable

import jax.numpy as jnp

from jaxtronomy.core.blocks import accumulated
from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel

from . import gaussian
from . import gaussian_ellipse_potential as elliptical
from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase, Parameter

__all__ = ["MultiGaussian", "MultiGaussianEllipsePotential"]

SCALE_FACTOR = Parameter("scale_factor", 0, 10000, default=1)


def over_components(function: Callable, coordinates: int = 2, arrays: int = 2) -> Callable:
    """A function summed over the elements of the parameters that follow the coordinates, which become arrays.

    :param function: ``function(*coordinates, *components, *rest)``
    :param coordinates: how many coordinates there are
    :param arrays: how many parameters become arrays, which broadcast against each other
    """

    def summed(*arguments):
        at, rows, rest = arguments[:coordinates], arguments[coordinates:][:arrays], arguments[coordinates + arrays :]
        rows = jnp.broadcast_arrays(*(jnp.atleast_1d(row) for row in rows))
        return accumulated(lambda row: function(*at, *row, *rest), [row[:, None] for row in rows])

    return summed


def sum_of_components(kernel: Kernel, arrays: int = 2) -> Kernel:
    """The sum over components of a kernel whose first parameters become arrays."""
    return Kernel(*(f and over_components(f, 2, arrays) for f in (kernel.psi, kernel.deflection, kernel.hessian)))


def scaled(kernel: Kernel) -> Kernel:
    """The kernel with its amplitude, the first parameter, multiplied by a new last one."""

    def scale(function):
        def evaluated(x, y, amp, *rest):
            *rest, factor = rest
            return function(x, y, factor * amp, *rest)

        return evaluated

    return Kernel(*(f and scale(f) for f in (kernel.psi, kernel.deflection, kernel.hessian)))


_density = over_components(gaussian.density, 1)
_density_2d = over_components(gaussian.density_2d)
_mass_3d_lens = over_components(gaussian.mass_3d_lens, 1)


def density(r, amp, sigma, scale_factor=1):
    """3d density at radius r [arcsec] of 3d amplitudes amp."""
    return _density(r, scale_factor * amp, sigma)


def density_2d(x, y, amp, sigma, center_x=0, center_y=0, scale_factor=1):
    """Projected density of 3d amplitudes amp at a position [arcsec]."""
    return _density_2d(x, y, scale_factor * amp, sigma, center_x, center_y)


def mass_3d_lens(R, amp, sigma, scale_factor=1):
    """Mass inside the sphere of radius R [arcsec]."""
    return _mass_3d_lens(R, scale_factor * amp, sigma)


def _density_elliptical(r, amp, sigma, e1, e2, scale_factor=1):
    """3d density at radius r [arcsec] of 3d amplitudes amp, of the round profile."""
    return density(r, amp, sigma, scale_factor)


def _density_2d_elliptical(x, y, amp, sigma, e1, e2, center_x=0, center_y=0, scale_factor=1):
    """Projected density of 3d amplitudes amp at a position [arcsec], of the round profile."""
    return density_2d(x, y, amp, sigma, center_x, center_y, scale_factor)


def _mass_3d_lens_elliptical(R, amp, sigma, e1, e2, scale_factor=1):
    """Mass inside the sphere of radius R [arcsec] of the round profile."""
    return mass_3d_lens(R, amp, sigma, scale_factor)


class MultiGaussian(LensProfileBase):
    """Sum of round Gaussian convergences."""

    parameters = (gaussian.AMP, gaussian.SIGMA, *CENTRE, SCALE_FACTOR)
    kernel = scaled(centred(sum_of_components(gaussian.ROUND.kernel())))
    density = method(density)
    density_2d = method(density_2d)
    mass_3d_lens = method(mass_3d_lens)


class MultiGaussianEllipsePotential(LensProfileBase):
    """Sum of Gaussian convergences, made elliptical in the potential."""

    parameters = (gaussian.AMP, gaussian.SIGMA, *ELLIPTICITY, *CENTRE, SCALE_FACTOR)
    kernel = scaled(centred(sum_of_components(elliptical.KERNEL)))
    density = method(_density_elliptical)
    density_2d = method(_density_2d_elliptical)
    mass_3d_lens = method(_mass_3d_lens_elliptical)
