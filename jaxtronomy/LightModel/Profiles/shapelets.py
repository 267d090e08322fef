r"""Cartesian shapelets (Refregier 2003).

.. math::
    \phi_n(x) = \left[2^n \sqrt{\pi}\, n!\right]^{-1/2} H_n(x)\, e^{-x^2/2}, \qquad
    I(x, y) = \sum_{n_1 + n_2 \le n_\mathrm{max}} a_{n_1 n_2}\, \phi_{n_1}(x/\beta)\, \phi_{n_2}(y/\beta)

See https://arxiv.org/abs/astro-ph/0105178. The normalised functions follow from their recurrence, which is stable at
any order; the sum is two nested Clenshaw recurrences without a table of functions. Coefficients are in the order
(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), ...
lenstronomy sets a function to zero far out on the positive side of an axis, where it is below 1e-11; here it is not.
"""

import math
from functools import lru_cache, partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.custom_derivatives import SymbolicZero

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.numerics import exp
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.Util.util import array2image, make_grid

from .profile_base import AMP, CENTRE, LightProfileBase, LightSet

__all__ = ["ShapeletSet", "Shapelets"]

MAX_ORDER = 170  # of a table of functions
COEFFICIENTS = Parameter("amp", unit="flux / arcsec^2")
N_MAX = Parameter("n_max", static=True)
BETA = Parameter("beta", 0.01, 100, unit="arcsec")


def count(n_max):
    """Number of shapelets up to the order n_max."""
    return (n_max + 1) * (n_max + 2) // 2


@lru_cache
def orders(n_max):
    """n_1 and n_2 of each coefficient."""
    if n_max < 0:
        return np.zeros((2, 0), int)
    n2 = np.concatenate([np.arange(n + 1) for n in range(n_max + 1)])
    total = np.repeat(np.arange(n_max + 1), np.arange(1, n_max + 2))
    return total - n2, n2


def place(n1, n2):
    """Place of a coefficient in the list."""
    return (n1 + n2) * (n1 + n2 + 1) // 2 + n2


@partial(jax.custom_jvp, nondiff_argnums=(1,))
def hermite_functions(t, n_max):
    """phi_0 ... phi_n_max of t along the first axis."""
    first = math.pi**-0.25 * exp(-t * t / 2)
    if n_max == 0:
        return first[None]

    def step(last, factors):
        following = factors[0] * t * last[0] - factors[1] * last[1]
        return (following, last[0]), last[0]

    # the first function comes out of the loop as well: next to it, it would be computed again for every product
    n = np.arange(n_max + 1)
    factors = jnp.asarray(np.sqrt(2 / (n + 1)), t.dtype), jnp.asarray(np.sqrt(n / (n + 1)), t.dtype)
    return lax.scan(step, (first, jnp.zeros_like(first)), factors)[1]


@hermite_functions.defjvp
def _hermite_functions_jvp(n_max, primals, tangents):
    """phi_n' = sqrt(n/2) phi_(n-1) - sqrt((n+1)/2) phi_(n+1)."""
    more = hermite_functions(primals[0], n_max + 1)
    n = np.arange(n_max + 1).reshape((-1,) + (1,) * primals[0].ndim)
    lower = jnp.concatenate([jnp.zeros_like(more[:1]), more[:-2]])
    slope = jnp.asarray(np.sqrt(n / 2), more.dtype) * lower - jnp.asarray(np.sqrt((n + 1) / 2), more.dtype) * more[1:]
    return more[:-1], slope * tangents[0][None]


def basis_functions(x, y, n_max):
    """phi_n1(x) phi_n2(y) along the first axis, in the order of the coefficients; none for n_max = -1."""
    n1, n2 = orders(n_max)
    return hermite_functions(x, max(n_max, 0))[n1] * hermite_functions(y, max(n_max, 0))[n2]


def _clenshaw(coefficients, t):
    """Sum of coefficients[n] phi_n(t) / phi_0(t)."""
    last, before = coefficients[-1], None
    for n in range(len(coefficients) - 2, -1, -1):
        rest = coefficients[n] if before is None else coefficients[n] - math.sqrt((n + 1) / (n + 2)) * before
        last, before = rest + math.sqrt(2 / (n + 1)) * t * last, last  # added last: no step waits long for the last one
    return last


@partial(jax.custom_jvp, nondiff_argnums=(3,))
def series(x, y, amp, n_max):
    """Sum of amp phi_n1(x) phi_n2(y); zero for n_max = -1."""
    if n_max < 0:
        return jnp.zeros_like(x)
    edge = math.sqrt(-2 * math.log(jnp.finfo(x.dtype).tiny))  # from here on the sum is zero, and powers may overflow
    x, y = jnp.clip(x, -edge, edge), jnp.clip(y, -edge, edge)
    columns = [_clenshaw([amp[place(n1, n2)] for n2 in range(n_max + 1 - n1)], y) for n1 in range(n_max + 1)]
    return _clenshaw(columns, x) * exp(-(x * x + y * y) / 2) / math.sqrt(math.pi)


def _slope_coefficients(amp, n_max, axis):
    """Coefficients, up to n_max + 1, of the derivative along an axis."""
    n = np.stack(orders(n_max + 1))
    step = np.eye(2, dtype=int)[axis][:, None]
    none = count(n_max)  # a zero stands there

    def shifted(m):
        inside = (m[axis] >= 0) & (m.sum(axis=0) <= n_max)
        return np.where(inside, place(*m), none)

    amp = jnp.append(amp, jnp.zeros(1, amp.dtype))
    up, down = np.sqrt((n[axis] + 1) / 2), np.sqrt(n[axis] / 2)
    return jnp.asarray(up, amp.dtype) * amp[shifted(n + step)] - jnp.asarray(down, amp.dtype) * amp[shifted(n - step)]


@partial(series.defjvp, symbolic_zeros=True)
def _series_jvp(n_max, primals, tangents):
    x, y, amp = primals
    slope = jnp.zeros_like(x)
    for axis in (0, 1):
        if not isinstance(tangents[axis], SymbolicZero):
            slope = slope + series(x, y, _slope_coefficients(amp, n_max, axis), n_max + 1) * tangents[axis]
    if not isinstance(tangents[2], SymbolicZero):
        slope = slope + jnp.tensordot(tangents[2], basis_functions(x, y, n_max), 1)
    return series(x, y, amp, n_max), slope


@elementwise
def hermite_polynomials(x, coefficients):
    """Sum of coefficients[n] H_n(x), H_n the physicists' Hermite polynomials."""
    last = before = jnp.zeros_like(x)
    for n in range(len(coefficients) - 1, -1, -1):
        last, before = coefficients[n] + 2 * x * last - 2 * (n + 1) * before, last
    return last


def _phi(x, n):
    return hermite_functions(x, n)[-1]


def _table(x, y, beta, n_order, center_x, center_y):
    x, y = jnp.atleast_1d(x), jnp.atleast_1d(y)
    return tuple(hermite_functions((t - centre) / beta, n_order) for t, centre in ((x, center_x), (y, center_y)))


def _decomposition(image, x, y, n_max, beta, delta_pix, center_x, center_y):
    response = basis_functions((x - center_x) / beta, (y - center_y) / beta, n_max)
    return jnp.tensordot(response.reshape(len(response), -1), jnp.ravel(image), 1) * (delta_pix / beta) ** 2


_phi = elementwise(_phi, static=("n",))
_table = elementwise(_table, static=("n_order",))
_decomposition = elementwise(_decomposition, static=("n_max",))


class Shapelets(LightProfileBase):
    """One Cartesian shapelet, of the orders n1 along x and n2 along y."""

    parameters = (
        AMP,
        BETA,
        Parameter("n1", 0, 150, static=True),
        Parameter("n2", 0, 150, static=True),
        *CENTRE,
    )
    positive = False

    def __init__(self, interpolation=False, precalc=False, stable_cut=True, cut_scale=5):
        """
        :param interpolation: accepted; the functions are always evaluated, not interpolated
        :param precalc: True if :meth:`function` is called with the tables of :meth:`pre_calc` instead of coordinates
        :param stable_cut: whether :meth:`hermval` and :meth:`H_n` are zero from ``sqrt(n + 2) * cut_scale`` on
        :param cut_scale: see stable_cut
        """
        self._precalc, self._stable_cut, self._cut_scale = precalc, stable_cut, cut_scale
        super().__init__(interpolation=interpolation, precalc=precalc, stable_cut=stable_cut, cut_scale=cut_scale)

    def kernel(self, x, y, beta, n1, n2, center_x, center_y):
        """Surface brightness for unit amplitude, pure."""
        return hermite_functions((x - center_x) / beta, n1)[-1] * hermite_functions((y - center_y) / beta, n2)[-1]

    def function(self, x, y, amp, beta, n1, n2, center_x=0, center_y=0):
        """Surface brightness.

        :param x: position [arcsec], or a table of :meth:`pre_calc` with ``precalc``
        :param y: position [arcsec], or a table
        :param amp: amplitude
        :param beta: scale [arcsec]
        :param n1: order along x
        :param n2: order along y
        :param center_x: centre [arcsec]
        :param center_y: centre [arcsec]
        :return: surface brightness
        """
        if self._precalc:
            return amp * x[n1] * y[n2]
        return super().function(x, y, amp, beta, n1, n2, center_x, center_y)

    def hermval(self, x, n_array, tensor=True):
        """A sum of Hermite polynomials, zero from ``sqrt(len(n_array) + 1) * cut_scale`` on with ``stable_cut``.

        :param x: positions
        :param n_array: coefficients of H_0, H_1, ...
        :param tensor: accepted, see ``numpy.polynomial.hermite.hermval``
        :return: sum of ``n_array[n] H_n(x)``
        """
        value = hermite_polynomials(x, n_array)
        if not self._stable_cut:
            return value
        far = math.sqrt(len(n_array) + 1) * self._cut_scale
        xp = jnp if isinstance(value, jax.Array) else np
        return xp.where(xp.asarray(x) >= far, 0.0, value)[()]

    def H_n(self, n, x):
        """The Hermite polynomial of order n, see :meth:`hermval`.

        :param n: order
        :param x: positions
        :return: H_n(x)
        """
        return self.hermval(x, np.eye(n + 1)[n])

    def phi_n(self, n, x):
        """The normalised function of order n, Refregier (2003) equation 1.

        :param n: order
        :param x: positions
        :return: phi_n(x)
        """
        return _phi(x, int(n))

    def pre_calc(self, x, y, beta, n_order, center_x, center_y):
        """The normalised functions of all orders at given positions.

        :param x: positions [arcsec]
        :param y: positions [arcsec]
        :param beta: scale [arcsec]
        :param n_order: highest order, at most 170
        :param center_x: centre [arcsec]
        :param center_y: centre [arcsec]
        :return: phi_n(x), phi_n(y), each with n along the first axis
        :raises ValueError: for a larger order
        """
        if n_order > MAX_ORDER:
            raise ValueError(f"n_order is {n_order}; at most {MAX_ORDER} is allowed.")
        return _table(x, y, beta, int(n_order), center_x, center_y)


class CartesianSet(LightSet):
    """Cartesian shapelets up to an order n_max; a subclass says in which coordinates."""

    linear_needs = ("n_max",)
    positive = False

    def num_amplitudes(self, kwargs):
        """Number of shapelets."""
        return count(int(kwargs["n_max"]))

    def surface_brightness(self, x, y, amp, n_max, *parameters):
        """Surface brightness, pure: for use inside programs."""
        return series(*self.scaled(x, y, *parameters), self.amplitudes(amp, count(n_max)), n_max)

    def kernel(self, x, y, n_max, *parameters):
        """Responses to unit amplitudes, pure."""
        return basis_functions(*self.scaled(x, y, *parameters), n_max)


class ShapeletSet(CartesianSet):
    """Cartesian shapelets of all orders n1 + n2 up to n_max; ``amp`` are their coefficients."""

    parameters = (COEFFICIENTS, N_MAX, BETA, *CENTRE)

    def scaled(self, x, y, beta, center_x, center_y):
        """Coordinates in units of beta, pure."""
        return (x - center_x) / beta, (y - center_y) / beta

    def shapelet_basis_2d(self, num_order, beta, num_pix, delta_pix=1, center_x=0, center_y=0):
        """Images of all shapelets on a square grid.

        :param num_order: highest order
        :param beta: scale, in the units of delta_pix
        :param num_pix: pixels per side
        :param delta_pix: pixel size
        :param center_x: centre
        :param center_y: centre
        :return: list of images
        """
        x, y = make_grid(num_pix, delta_pix=delta_pix, subgrid_res=1)
        amp = np.ones(count(num_order))
        return [array2image(part) for part in self.function_split(x, y, amp, num_order, beta, center_x, center_y)]

    def decomposition(self, image, x, y, n_max, beta, delta_pix, center_x=0, center_y=0):
        """Coefficients of an image, by its products with the orthonormal shapelets.

        :param image: image
        :param x: position of each pixel [arcsec]
        :param y: position of each pixel [arcsec]
        :param n_max: highest order
        :param beta: scale [arcsec]
        :param delta_pix: pixel size [arcsec]
        :param center_x: centre [arcsec]
        :param center_y: centre [arcsec]
        :return: coefficients
        """
        return _decomposition(image, x, y, int(n_max), beta, delta_pix, center_x, center_y)
