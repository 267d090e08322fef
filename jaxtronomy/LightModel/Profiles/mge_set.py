r"""Sums of Gaussians with logarithmically spaced widths (Cappellari 2002).

.. math::
    I(R) = \sum_k \frac{A_k}{2\pi\sigma_k^2} e^{-R^2/2\sigma_k^2}, \qquad
    \sigma_k = \sigma_\mathrm{min} \left(1 + \sigma_\mathrm{width}/\sigma_\mathrm{min}\right)^{k/(K-1)}
"""

import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.numerics import exp, log
from jaxtronomy.core.parameters import Parameter

from .gaussian import FLUX, GaussianSet, gaussians_3d
from .profile_base import CENTRE

__all__ = ["MGESet"]

WIDTHS = (
    Parameter("sigma_min", 0.0001, 50, unit="arcsec"),
    Parameter("sigma_width", 0.001, 1000, unit="arcsec"),
)


def widths(sigma_min, sigma_width, n_comp):
    """Widths from sigma_min to sigma_min + sigma_width, logarithmically spaced."""
    steps = np.linspace(0.0, 1.0, n_comp)
    low, high = log(sigma_min), log(sigma_min + sigma_width)
    return exp(low + (high - low) * jnp.asarray(steps, jnp.result_type(low)))


def _light_3d(r, amp, sigma_min, sigma_width, n_comp):
    return gaussians_3d(r, amp, widths(sigma_min, sigma_width, n_comp))


_light_3d = elementwise(_light_3d, static=("n_comp",))
_sum = elementwise(jnp.sum)


class MGESet(GaussianSet):
    """Sum of ``n_comp`` round Gaussians with one centre; ``amp`` are their fluxes."""

    parameters = (FLUX, *WIDTHS, *CENTRE)

    def __init__(self, n_comp):
        """
        :param n_comp: number of Gaussians, at least 2
        :raises ValueError: for fewer
        """
        if int(n_comp) < 2:
            raise ValueError(f"n_comp is {n_comp}; a set needs at least 2 Gaussians.")
        super().__init__(n_comp=int(n_comp))
        self._n_comp = int(n_comp)

    @property
    def num_linear(self):
        """Number of Gaussians."""
        return self._n_comp

    def num_amplitudes(self, kwargs):
        """Number of Gaussians."""
        return self._n_comp

    def sigmas(self, sigma_min, sigma_width, *rest):
        """Widths, pure."""
        return widths(sigma_min, sigma_width, self._n_comp)

    def total_flux(self, amp, sigma_min, sigma_width, center_x=0, center_y=0):
        """Flux of all components, the sum of the amplitudes.

        :param amp: fluxes of the Gaussians
        :param sigma_min: plays no part
        :param sigma_width: plays no part
        :param center_x: plays no part
        :param center_y: plays no part
        :return: flux
        """
        return _sum(amp)

    def light_3d(self, r, amp, sigma_min, sigma_width):
        """Light density.

        :param r: 3d radius [arcsec]
        :param amp: fluxes of the Gaussians
        :param sigma_min: smallest width [arcsec]
        :param sigma_width: difference between the largest and the smallest width [arcsec]
        :return: flux / arcsec^3
        """
        return _light_3d(r, amp, sigma_min, sigma_width, self._n_comp)
