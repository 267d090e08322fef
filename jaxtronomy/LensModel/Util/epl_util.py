"""Small tools of the analytical lens-equation solver."""

import jax.numpy as jnp
import numpy as np
import scipy

from jaxtronomy.core.compile import elementwise

__all__ = [
    "brentq_inline",
    "brentq_nojit",
    "cart_to_pol",
    "cdot",
    "ell_to_pol",
    "geomlinspace",
    "min_approx",
    "pol_to_cart",
    "pol_to_ell",
    "ps",
    "rotmat",
    "solvequadeq",
]


@elementwise
def min_approx(x1, x2, x3, y1, y2, y3):
    """Where the parabola through three points has its extremum."""
    a, b, c = y2 - y3, y3 - y1, y1 - y2
    return (a * x1**2 + b * x2**2 + c * x3**2) / (2 * (a * x1 + b * x2 + c * x3))


def rotmat(th):
    """Matrix that turns the axes by the angle th [rad]."""
    return np.array([[np.cos(th), np.sin(th)], [-np.sin(th), np.cos(th)]])


def cdot(a, b):
    """Scalar product of complex numbers as vectors."""
    return a.real * b.real + a.imag * b.imag


@elementwise
def ps(x, p):
    """Power that keeps the sign, sign(x) abs(x)**p."""
    return jnp.abs(x) ** p * jnp.sign(x)


@elementwise
def cart_to_pol(x, y):
    """Polar coordinates r and theta, theta from 0 to 2 pi."""
    return jnp.hypot(x, y), jnp.arctan2(y, x) % (2 * jnp.pi)


@elementwise
def pol_to_cart(r, th):
    """Cartesian coordinates of polar ones."""
    return r * jnp.cos(th), r * jnp.sin(th)


@elementwise
def pol_to_ell(r, theta, q):
    """Elliptical radius sqrt(q^2 x^2 + y^2) and angle of polar coordinates."""
    x, y = q * jnp.cos(theta), jnp.sin(theta)
    return r * jnp.hypot(x, y), jnp.arctan2(y, x)


@elementwise
def ell_to_pol(rell, theta, q):
    """Polar coordinates of an elliptical radius sqrt(q^2 x^2 + y^2) and angle."""
    x, y = jnp.cos(theta) / q, jnp.sin(theta)
    return rell * jnp.hypot(x, y), jnp.arctan2(y, x)


def geomlinspace(a, b, N):
    """Numbers from 0 to b: equally spaced up to a, then N in geometric progression; the spacing is continuous at a.

    :param a: where the progression begins
    :param b: last number
    :param N: length of the progression
    :return: array
    """
    first_step = a * ((b / a) ** (1 / (N - 1)) - 1)
    return np.concatenate((np.linspace(0, a, int(a / first_step), endpoint=False), np.geomspace(a, b, N)))


@elementwise
def solvequadeq(a, b, c):
    """Both roots of a x^2 + b x + c without cancellation; the first is the one of larger modulus.

    For a = 0 both are the only one (the second moved by 1e-8, as in lenstronomy); for b = 0 the negative one is first.
    """
    root = jnp.sqrt(b**2 - 4 * a * c)
    linear, pure = a == 0, b == 0
    s = -b - jnp.sign(b) * root
    safe_a, safe_s = jnp.where(linear, 1.0, a), jnp.where(pure, 1.0, s)
    only = -c / jnp.where(pure, 1.0, b)
    both = jnp.sqrt(jnp.where(pure & ~linear, -c / safe_a, 0.0))
    first = jnp.where(pure, -both, jnp.where(linear, only, s / (2 * safe_a)))
    return first, jnp.where(pure, both, jnp.where(linear, only + 1e-8, 2 * c / safe_s))


def brentq_nojit(f, xa, xb, xtol=2e-14, rtol=16 * np.finfo(float).eps, maxiter=100, args=()):
    """Root of a function between two numbers, by Brent's method.

    :param f: function ``f(x, args)``
    :param xa: one end
    :param xb: other end
    :param xtol: absolute precision
    :param rtol: relative precision
    :param maxiter: largest number of iterations
    :param args: second argument of the function
    :return: root
    :raises ValueError: the same sign at both ends
    """
    if f(xa, args) * f(xb, args) > 0:
        raise ValueError(f"the function has the same sign at {xa} and {xb}.")
    return scipy.optimize.brentq(f, xa, xb, args=(args,), xtol=xtol, rtol=rtol, maxiter=maxiter)


brentq_inline = brentq_nojit
