"""Sum of elliptical Gaussian convergences with one centre.

``amp`` and ``sigma`` are arrays with an element for each Gaussian, ``e1`` and ``e2`` numbers or such arrays;
``scale_factor`` multiplies all amplitudes. See
:class:`~jaxtronomy.LensModel.Profiles.gaussian_ellipse_kappa.GaussianEllipseKappa`.
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import bounded_ellipticity, centred
from jaxtronomy.core.kernel import Kernel

from . import gaussian_ellipse_kappa as gaussian
from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase
from .multi_gaussian import SCALE_FACTOR, over_components, scaled, sum_of_components

__all__ = ["MultiGaussianEllipseKappa"]

_sum = sum_of_components(gaussian.KERNEL, 4)
_weights = over_components(gaussian.weights, 3)
_density_2d = over_components(gaussian.density_2d, 2, 4)


def deflection(x, y, amp, sigma, e1, e2):
    """Deflection angles [arcsec]; of one ellipticity, whatever depends on the Gaussians is summed first."""
    if jnp.ndim(e1) or jnp.ndim(e2):
        return _sum.deflection(x, y, amp, sigma, e1, e2)
    weights = lambda *frame: _weights(*frame, amp, sigma)  # noqa: E731
    return gaussian.deflected(x, y, *bounded_ellipticity(e1, e2), weights)


KERNEL = Kernel(_sum.potential, deflection, _sum.hessian)


def density_2d(x, y, amp, sigma, e1, e2, center_x=0, center_y=0, scale_factor=1):
    """Convergence at a position [arcsec]."""
    return _density_2d(x, y, scale_factor * amp, sigma, e1, e2, center_x, center_y)


class MultiGaussianEllipseKappa(LensProfileBase):
    __doc__ = __doc__

    parameters = (gaussian.AMP, gaussian.SIGMA, *ELLIPTICITY, *CENTRE, SCALE_FACTOR)
    kernel = scaled(centred(KERNEL))

    def __init__(self, use_scipy_wofz=True, min_ellipticity=1e-05):
        """
        :param use_scipy_wofz: accepted for compatibility: the profile is exact
        :param min_ellipticity: accepted for compatibility: the profile is smooth where it is round
        """
        super().__init__(use_scipy_wofz=use_scipy_wofz, min_ellipticity=min_ellipticity)

    density_2d = method(density_2d)
