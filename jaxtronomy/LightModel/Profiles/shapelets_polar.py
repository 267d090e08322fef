r"""Polar shapelets (Massey & Refregier 2005) and exponential shapelets (Berge et al. 2019).

.. math::
    \chi_{nm} e^{-im\phi} = \frac{(-1)^p}{\beta^{m+1}} \sqrt{\frac{p!}{\pi (p + m)!}}\; r^m
    L_p^m\!\left(r^2/\beta^2\right) e^{-r^2/2\beta^2} e^{-im\phi}, \qquad p = (n - m)/2

and, with :math:`x = 2 r / (\beta (2n + 1))` and :math:`p = n - m`,

.. math::
    \chi_{nm} e^{-im\phi} = (-1)^p \sqrt{\frac{2\, p!}{\beta^2 \pi (2n + 1)^3 (n + m)!}}\; x^m L_p^{2m}(x)
    e^{-x/2} e^{-im\phi} .

The coefficients are those of the real and the imaginary parts, in the order of ``index2poly``. A polar shapelet is a
combination of the Cartesian ones of its order (both are states of one oscillator), and that is how it is evaluated.
"""

import math
from functools import lru_cache, partial

import jax
import jax.numpy as jnp
import numpy as np
from jax.custom_derivatives import SymbolicZero

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.numerics import exp, safe_hypot
from jaxtronomy.core.parameters import Parameter

from .profile_base import AMP, CENTRE, LightProfileBase, LightSet
from .shapelets import COEFFICIENTS, N_MAX, basis_functions, count, place, series

__all__ = ["ShapeletSetPolar", "ShapeletsPolar", "ShapeletsPolarExp"]


def index_to_order(index):
    """n, m and whether the imaginary part is meant, of a polar shapelet's place in the list."""
    n = (math.isqrt(8 * index + 1) - 1) // 2
    delta = index - n * (n + 1) // 2
    m = delta + (delta + n) % 2
    return n, m, m > 0 and (delta + n) % 2 == 0


def order_to_index(n, m, imaginary):
    """Place of a polar shapelet in the list.

    :raises ValueError: for orders that do not exist
    """
    if imaginary and m == 0:
        raise ValueError("the polar shapelet with m = 0 has no imaginary part.")
    if n % 2 == 0 and m % 2:
        raise ValueError(f"m is {m}; it has to be even for even n ({n}).")
    return n * (n + 1) // 2 + max(m - 1, 0) + bool(imaginary)


def index_to_order_exp(index):
    """n, m and whether the imaginary part is meant, of an exponential shapelet's place in the list."""
    n = math.isqrt(index)
    delta = index - n * n
    return n, (delta + 1) // 2, delta % 2 == 1


def order_to_index_exp(n, m, imaginary):
    """Place of an exponential shapelet in the list."""
    return n * n + 2 * m - bool(imaginary)


@lru_cache
def blocks(n_max):
    """For each order the matrix from coefficients of polar to those of Cartesian shapelets (scale one).

    A polar shapelet is the state of (n+m)/2 right-handed and (n-m)/2 left-handed quanta, created by a_x -+ i a_y.
    """
    result = []
    for n in range(n_max + 1):
        columns = []
        for index in range(n * (n + 1) // 2, count(n)):
            _, m, imaginary = index_to_order(index)
            right, left = (n + m) // 2, (n - m) // 2
            column = np.zeros(n + 1)
            for n2 in range(imaginary, n + 1, 2):
                terms = ((-1) ** j * math.comb(left, j) * math.comb(right, n2 - j) for j in range(min(left, n2) + 1))
                ratio = math.factorial(n - n2) * math.factorial(n2) / (math.factorial(right) * math.factorial(left))
                # i^n2, and the sign of the imaginary part of exp(-i m phi)
                sign = (-1) ** ((n2 - imaginary) // 2) * (-1 if imaginary else 1)
                column[n2] = sign * sum(terms) * math.sqrt(ratio) * 2.0 ** (-n / 2)
            columns.append(column)
        result.append(np.stack(columns, axis=1))
    return result


def to_cartesian(amp, n_max):
    """Coefficients of the Cartesian shapelets with the same sum."""
    if n_max < 0:
        return amp[:0]
    starts = [place(n, 0) for n in range(n_max + 2)]
    parts = [jnp.asarray(b, amp.dtype) @ amp[i:j] for b, i, j in zip(blocks(n_max), starts, starts[1:])]
    return jnp.concatenate(parts)


def polar_basis(x, y, n_max):
    """Polar shapelets of scale one along the first axis."""
    cartesian = basis_functions(x, y, n_max)
    starts = [place(n, 0) for n in range(n_max + 2)]
    parts = [
        jnp.tensordot(jnp.asarray(b.T, cartesian.dtype), cartesian[i:j], 1)
        for b, i, j in zip(blocks(n_max), starts, starts[1:])
    ]
    return jnp.concatenate(parts)


def laguerre(p, alpha, x):
    """sqrt(p! alpha! / (p + alpha)!) L_p^alpha(x), by recurrence."""
    last, before = jnp.ones_like(x), jnp.zeros_like(x)
    for k in range(p):
        following = (2 * k + 1 + alpha - x) * last - math.sqrt(k * (k + alpha)) * before
        last, before = following * (1 / math.sqrt((k + 1) * (k + 1 + alpha))), last
    return last


def exponential_terms(x, y, n):
    """chi_nm exp(-i m phi) of scale one for m = 0 ... n: lists of real and of imaginary parts."""
    scale = 2 / (2 * n + 1)
    t = scale * safe_hypot(x, y)
    # x^m exp(-i m phi) / sqrt((2 m)!), with the exponential and the norm
    real, imaginary = exp(-t / 2) * math.sqrt(2 / (math.pi * (2 * n + 1) ** 3)), jnp.zeros_like(t)
    reals, imaginaries = [], []
    for m in range(n + 1):
        if m > 0:
            step = scale / math.sqrt(2 * m * (2 * m - 1))
            real, imaginary = step * (x * real + y * imaginary), step * (x * imaginary - y * real)
        radial = (-1) ** (n - m) * laguerre(n - m, 2 * m, t)
        reals.append(radial * real)
        imaginaries.append(radial * imaginary)
    return reals, imaginaries


def exponential_basis(x, y, n_max):
    """Exponential shapelets of scale one along the first axis."""
    rows = []
    for n in range(n_max + 1):
        reals, imaginaries = exponential_terms(x, y, n)
        rows.append(reals[0])
        for pair in zip(imaginaries[1:], reals[1:]):
            rows += pair
    return jnp.stack(rows)


def _exponential_sum(x, y, amp, n_max):
    total = jnp.zeros_like(x)
    for n in range(n_max + 1):
        for m, (real, imaginary) in enumerate(zip(*exponential_terms(x, y, n))):
            total = total + amp[order_to_index_exp(n, m, False)] * real
            if m:
                total = total + amp[order_to_index_exp(n, m, True)] * imaginary
    return total


@partial(jax.custom_jvp, nondiff_argnums=(3,))
def exponential_series(x, y, amp, n_max):
    """Sum of amp times exponential shapelets of scale one."""
    return _exponential_sum(x, y, amp, n_max)


@partial(exponential_series.defjvp, symbolic_zeros=True)
def _exponential_series_jvp(n_max, primals, tangents):
    """Slopes by forward mode, so that reverse mode need not go back through the recurrences."""
    x, y, amp = primals
    slope = jnp.zeros_like(x)
    for axis, f in enumerate(
        (lambda u: _exponential_sum(u, y, amp, n_max), lambda v: _exponential_sum(x, v, amp, n_max))
    ):
        if not isinstance(tangents[axis], SymbolicZero):
            slope = slope + jax.jvp(f, (primals[axis],), (jnp.ones_like(x),))[1] * tangents[axis]
    if not isinstance(tangents[2], SymbolicZero):
        slope = slope + jnp.tensordot(tangents[2], exponential_basis(x, y, n_max), 1)
    return exponential_series(x, y, amp, n_max), slope


class _PolarFunction(LightProfileBase):
    """One real or imaginary part of the orders n, m."""

    parameters = (
        AMP,
        Parameter("beta", 0, 100, unit="arcsec"),
        Parameter("n", 0, 150, static=True),
        Parameter("m", 0, 150, static=True),
        Parameter("complex_bool", static=True, hidden=True),
        *CENTRE,
    )
    positive = False

    def kernel(self, x, y, beta, n, m, complex_bool, center_x, center_y):
        """Surface brightness for unit amplitude, pure."""
        x, y = (x - center_x) / beta, (y - center_y) / beta
        return (-1 if complex_bool and m < 0 else 1) * self._part(x, y, int(n), abs(int(m)), bool(complex_bool)) / beta


class ShapeletsPolar(_PolarFunction):
    """One polar shapelet: the real, or with ``complex_bool`` the imaginary, part of the orders n and m."""

    param_names_latex = {r"$I_0$", r"$\beta$", r"$n$", r"$m$", r"$x_0$", r"$y_0$"}

    @staticmethod
    def _part(x, y, n, m, imaginary):
        if imaginary and m == 0:
            return jnp.zeros_like(x)
        n -= (n - m) % 2  # as lenstronomy reads orders of which one is even and one odd
        amp = np.zeros(count(n))
        first = place(n, 0)
        amp[first:] = blocks(n)[n][:, order_to_index(n, m, imaginary) - first]
        return series(x, y, jnp.asarray(amp, x.dtype), n)

    @staticmethod
    def _index2n(index):
        return index_to_order(int(index))[0]

    def index2poly(self, index):
        """Orders of a place in the list of coefficients.

        :param index: place
        :return: n, m, True for the imaginary part
        """
        return index_to_order(int(index))

    @staticmethod
    def poly2index(n, m, complex_bool):
        """Place of a shapelet in the list of coefficients.

        :param n: order
        :param m: angular order, 0 to n, even where n is
        :param complex_bool: True for the imaginary part
        :return: place
        :raises ValueError: for orders that do not exist
        """
        return order_to_index(n, m, complex_bool)

    @staticmethod
    def num_param(n_max):
        """Number of coefficients up to the order n_max."""
        return count(int(n_max))


class ShapeletsPolarExp(_PolarFunction):
    """One exponential shapelet: the real, or with ``complex_bool`` the imaginary, part of the orders n and m."""

    @staticmethod
    def _part(x, y, n, m, imaginary):
        return exponential_terms(x, y, n)[int(imaginary)][m]

    @staticmethod
    def num_param(n_max):
        """Number of coefficients up to the order n_max."""
        return (int(n_max) + 1) ** 2

    @staticmethod
    def _index2n(index):
        return index_to_order_exp(int(index))[0]

    def index2poly(self, index):
        """Orders of a place in the list of coefficients.

        :param index: place
        :return: n, m, True for the imaginary part
        """
        return index_to_order_exp(int(index))

    @staticmethod
    def poly2index(n, m, complex_bool):
        """Place of a shapelet in the list of coefficients.

        :param n: order
        :param m: angular order, 0 to n
        :param complex_bool: True for the imaginary part
        :return: place
        """
        return order_to_index_exp(n, m, complex_bool)


def _decomposition(image, x, y, n_max, beta, delta_pix, center_x, center_y, exponential):
    u, v = (x - center_x) / beta, (y - center_y) / beta
    response = (exponential_basis if exponential else polar_basis)(u, v, n_max) / beta
    to_order = index_to_order_exp if exponential else index_to_order
    twice = np.array([1.0 if to_order(i)[1] == 0 else 2.0 for i in range(len(response))])  # the parts have norm 1/2
    return twice * jnp.tensordot(response.reshape(len(response), -1), jnp.ravel(image), 1) * delta_pix**2


_decomposition = elementwise(_decomposition, static=("n_max", "exponential"))


class ShapeletSetPolar(LightSet):
    """Polar, or exponential, shapelets of all orders up to n_max; ``amp`` are their coefficients."""

    parameters = (COEFFICIENTS, N_MAX, Parameter("beta", 0, 100, unit="arcsec"), *CENTRE)
    linear_needs = ("n_max",)
    positive = False

    def __init__(self, exponential=False):
        """
        :param exponential: True for exponential shapelets
        """
        self._exponential = bool(exponential)
        super().__init__(exponential=self._exponential)
        self.shapelets = ShapeletsPolarExp() if exponential else ShapeletsPolar()

    def num_amplitudes(self, kwargs):
        """Number of shapelets."""
        return self.shapelets.num_param(kwargs["n_max"])

    def surface_brightness(self, x, y, amp, n_max, beta, center_x, center_y):
        """Surface brightness, pure: for use inside programs."""
        x, y, amp = (x - center_x) / beta, (y - center_y) / beta, self.amplitudes(amp, self.shapelets.num_param(n_max))
        if self._exponential:
            return exponential_series(x, y, amp, n_max) / beta
        return series(x, y, to_cartesian(amp, n_max), n_max) / beta

    def kernel(self, x, y, n_max, beta, center_x, center_y):
        """Responses to unit amplitudes, pure."""
        responses = exponential_basis if self._exponential else polar_basis
        return responses((x - center_x) / beta, (y - center_y) / beta, n_max) / beta

    def decomposition(self, image, x, y, n_max, beta, delta_pix, center_x=0, center_y=0):
        """Coefficients of an image, by its products with the orthogonal shapelets.

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
        return _decomposition(image, x, y, int(n_max), beta, delta_pix, center_x, center_y, self._exponential)

    def index2poly(self, index):
        """Orders of a coefficient.

        :param index: its place in the list
        :return: n, m, True for the imaginary part
        """
        return self.shapelets.index2poly(index)
