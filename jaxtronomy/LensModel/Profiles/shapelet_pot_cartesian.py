r"""Lensing potential in Cartesian shapelets (Refregier 2003, https://arxiv.org/abs/astro-ph/0105178).

.. math::
    \psi = \frac1\beta\sum_{n_1, n_2} c_{n_1 n_2}\,\phi_{n_1}(x/\beta)\,\phi_{n_2}(y/\beta), \qquad
    \phi_n(x) = \left[2^n \sqrt{\pi}\, n!\right]^{-1/2} H_n(x)\, e^{-x^2/2}

Coefficients are in the order (0, 0), (1, 0), (0, 1), (2, 0), (1, 1), ...; a list may end within an order.
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.LightModel.Profiles.shapelets import count, hermite_functions, hermite_polynomials, series

from .base_profile import CENTRE, LensProfileBase, Parameter

__all__ = ["CartShapelets"]

COEFFICIENTS = Parameter("coeffs", [0], [100])
BETA = Parameter("beta", 0, 100, unit="arcsec")


def potential(x, y, coeffs, beta):
    """Lensing potential [arcsec^2]."""
    coeffs = jnp.atleast_1d(coeffs)
    n_max = 0
    while count(n_max) < coeffs.size:
        n_max += 1
    full = jnp.pad(coeffs, (0, count(n_max) - coeffs.size))
    return series(x / beta, y / beta, full.astype(x.dtype), n_max) / beta


def _functions(x, y, beta, n_order, center_x, center_y):
    """phi_0 ... phi_n_order of both coordinates."""
    return hermite_functions((x - center_x) / beta, n_order), hermite_functions((y - center_y) / beta, n_order)


_functions = elementwise(_functions, static=("n_order",))
_phi = elementwise(lambda x, n: hermite_functions(x, n)[-1], static=("n",))


class CartShapelets(LensProfileBase):
    __doc__ = __doc__

    parameters = (COEFFICIENTS, BETA, *CENTRE)
    kernel = centred(Kernel(potential))

    def H_n(self, n, x):
        """Physicists' Hermite polynomial.

        :param n: order
        :param x: number or array
        :return: H_n(x)
        """
        return hermite_polynomials(x, [0.0] * n + [1.0])

    def phi_n(self, n, x):
        """Dimensionless shapelet in one dimension.

        :param n: order
        :param x: number or array
        :return: phi_n(x)
        """
        return _phi(x, n)

    def pre_calc(self, x, y, beta, n_order, center_x, center_y):
        """Tables of the shapelets of both coordinates.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param beta: shapelet scale [arcsec]
        :param n_order: highest order
        :param center_x: centre [arcsec]
        :param center_y: centre [arcsec]
        :return: phi_n of x and of y along the first axis, n = 0 ... n_order
        """
        return _functions(x, y, beta, n_order, center_x, center_y)
