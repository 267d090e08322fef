r"""Lensing potential in polar shapelets (Refregier 2003, https://arxiv.org/abs/astro-ph/0105178, section 5).

.. math::
    \psi = \mathrm{Re}\sum_{n \ge k} (a_{nk} + i\,b_{nk})\,\chi_{nk}, \qquad
    \chi_{nk} = \frac{(-1)^k}{\beta}\sqrt{\frac{k!}{\pi\,n!}}\left(\frac z\beta\right)^{n-k}
    L_k^{n-k}\!\left(\frac{r^2}{\beta^2}\right) e^{-r^2/2\beta^2}

with Laguerre polynomials and left-handed and right-handed quantum numbers n and k. Coefficients are in the order
:math:`a_{00}, b_{10}, a_{10}, b_{11}, a_{11}, b_{20}, a_{20}, \ldots`; those :math:`b_{nn}` play no part. Written in
powers of z, nothing is singular at the centre. Deflection and Hessian are the derivatives of the potential;
lenstronomy's are not, from the first order on.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.special.pairs import times

from .base_profile import CENTRE, LensProfileBase
from .shapelet_pot_cartesian import BETA, COEFFICIENTS

__all__ = ["PolarShapelets"]


def quantum_numbers(number):
    """(n, k) of each real coefficient a among the first ``number`` coefficients."""
    pairs, n, k = [], 0, 0
    for _ in range(0, number, 2):
        pairs.append((n, k))
        n, k = (n + 1, 0) if k == n else (n, k + 1)
    return pairs


def potential(x, y, coeffs, beta):
    """Lensing potential [arcsec^2]."""
    coeffs = jnp.atleast_1d(coeffs)
    u, v = x / beta, y / beta
    square = u * u + v * v
    pairs = quantum_numbers(coeffs.size + 1)
    highest = max(n - k for n, k in pairs)
    powers = [(jnp.ones_like(u), jnp.zeros_like(u))]
    for _ in range(highest):
        powers.append(times((u, v), powers[-1]))
    laguerre = {}
    total = jnp.zeros_like(u)
    for i, (n, k) in enumerate(pairs):
        m = n - k
        if k == 0:
            laguerre[m, 0] = jnp.ones_like(u)
        elif k == 1:
            laguerre[m, 1] = 1 + m - square
        else:
            below, lower = laguerre[m, k - 1], laguerre[m, k - 2]
            laguerre[m, k] = ((2 * k - 1 + m - square) * below - (k - 1 + m) * lower) / k
        scale = (-1) ** k * math.sqrt(math.exp(math.lgamma(k + 1) - math.lgamma(n + 1)) / math.pi)
        real, imag = powers[m]
        term = coeffs[2 * i] * real if 2 * i < coeffs.size else 0.0
        if m > 0:
            term = term - coeffs[2 * i - 1] * imag
        total = total + scale * laguerre[m, k] * term
    return total * jnp.exp(-square / 2) / beta


class PolarShapelets(LensProfileBase):
    __doc__ = __doc__

    parameters = (COEFFICIENTS, BETA, *CENTRE)
    kernel = centred(Kernel(potential))
