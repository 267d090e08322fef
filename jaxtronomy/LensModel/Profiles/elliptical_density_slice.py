r"""Uniform convergence inside an ellipse, none outside.

With semi-axes a and b, :math:`\epsilon = (a-b)/(a+b)` and :math:`c = 1 - (a^2-b^2)e^{2i\psi}/z^2` (Schramm 1994,
A&A 284, 44),

.. math::
    \alpha_{\rm in} = \sigma_0\left(z - \epsilon e^{2i\psi}\bar z\right), \qquad
    \bar\alpha_{\rm out} = \frac{2ab\,\sigma_0}{z\,(1 + \sqrt c)},

the principal root, without a branch on the axes or at a = b. The Hessian is exact, where lenstronomy takes differences.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.frames import centred, rotate, squeezed
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.numerics import log

from .base_profile import CENTRE, LensProfileBase, Parameter

__all__ = ["ElliSLICE"]


def _is_inside(x, y, a, b, psi):
    """Whether a position is inside the ellipse."""
    u, v = rotate(x, y, psi)
    return (u / a) ** 2 + (v / b) ** 2 <= 1


def _turned(a, b, psi):
    """Real and imaginary part of the ellipticity epsilon exp(2 i psi)."""
    size = (a - b) / (a + b)
    return size * jnp.cos(2 * psi), size * jnp.sin(2 * psi)


def _root(x, y, a, b, psi):
    """1 / |z|^2 and the square root of c."""
    inverse = 1 / (x * x + y * y)
    e1, e2 = _turned(a, b, psi)
    scale = (a + b) ** 2 * inverse * inverse
    p, q = x * x - y * y, 2 * x * y
    real, imag = 1 - scale * (e1 * p + e2 * q), -scale * (e2 * p - e1 * q)
    root = jnp.sqrt((jnp.sqrt(real * real + imag * imag) + real) / 2)
    return inverse, root, imag / (2 * root)


def _inner_potential(x, y, a, b, psi, sigma_0):
    """Potential inside."""
    f_x, f_y = _inner_deflection(x, y, a, b, psi, sigma_0)
    return (x * f_x + y * f_y) / 2 + sigma_0 * a * b * log((a + b) / 2)


def _inner_deflection(x, y, a, b, psi, sigma_0):
    """Deflection inside."""
    e1, e2 = _turned(a, b, psi)
    u, v = squeezed(x, y, e1, e2)
    return sigma_0 * u, sigma_0 * v


def _inner_hessian(x, y, a, b, psi, sigma_0):
    """Second derivatives inside."""
    e1, e2 = _turned(a, b, psi)
    one = jnp.ones_like(x)
    return sigma_0 * (1 - e1) * one, -sigma_0 * e2 * one, sigma_0 * (1 + e1) * one


def _outer_potential(x, y, a, b, psi, sigma_0):
    """Potential outside."""
    inverse, root, imag = _root(x, y, a, b, psi)
    square = (1 + root) ** 2 + imag**2
    return sigma_0 * a * b * (log(square / (4 * inverse)) / 2 + (1 + root) / square)


def _outer_deflection(x, y, a, b, psi, sigma_0):
    """Deflection outside."""
    inverse, root, imag = _root(x, y, a, b, psi)
    scale = 2 * a * b * sigma_0 * inverse / ((1 + root) ** 2 + imag**2)
    return scale * ((1 + root) * x - imag * y), scale * ((1 + root) * y + imag * x)


def _outer_hessian(x, y, a, b, psi, sigma_0):
    """Second derivatives outside: a shear, -2 a b sigma_0 / (z^2 sqrt(c) (1 + sqrt(c)))."""
    inverse, root, imag = _root(x, y, a, b, psi)
    p, q = (x * x - y * y) * inverse, 2 * x * y * inverse
    # conj of z^2/|z|^2 sqrt(c) (1 + sqrt(c)), which divides
    real, turn = root + root * root - imag * imag, imag + 2 * root * imag
    u, v = p * real - q * turn, p * turn + q * real
    scale = -2 * a * b * sigma_0 * inverse / (u * u + v * v)
    return scale * u, scale * v, -scale * u


def _either(inner, outer):
    """The function inside the ellipse, and the other one, at a harmless position where it is not wanted, outside."""

    def chosen(x, y, a, b, psi, sigma_0):
        inside = _is_inside(x, y, a, b, psi)
        within = inner(x, y, a, b, psi, sigma_0)
        beyond = outer(jnp.where(inside, 2 * (a + b), x), jnp.where(inside, a + b, y), a, b, psi, sigma_0)
        if isinstance(within, tuple):
            return tuple(jnp.where(inside, *pair) for pair in zip(within, beyond))
        return jnp.where(inside, within, beyond)

    return chosen


def _four(hessian):
    """f_xx, f_xy, f_yx, f_yy of f_xx, f_xy, f_yy."""

    def full(*arguments):
        f_xx, f_xy, f_yy = hessian(*arguments)
        return f_xx, f_xy, f_xy, f_yy

    return full


def _by_dictionary(function):
    """The function of x, y and a dictionary of parameters."""
    compiled = elementwise(function)

    def call(x, y, kwargs_slice):
        return compiled(x, y, *(kwargs_slice[name] for name in ("a", "b", "psi", "sigma_0")))

    call.__doc__ = f"""{function.__doc__[:-1]}, relative to the centre.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs_slice: dictionary of the parameters a, b, psi, sigma_0
        :return: {function.__doc__.split()[0].lower()}
        """
    return call


def _as_method(call):
    """A function as a method of a class: the instance plays no part."""

    def bound(self, x, y, kwargs_slice):
        return call(x, y, kwargs_slice)

    bound.__doc__ = call.__doc__
    return bound


class ElliSLICE(LensProfileBase):
    __doc__ = __doc__

    parameters = (
        Parameter("a", 0.0, 100.0, unit="arcsec"),
        Parameter("b", 0.0, 100.0, unit="arcsec"),
        Parameter("psi", -math.pi / 2, math.pi / 2, unit="rad"),
        Parameter("sigma_0"),
        *CENTRE,
    )
    kernel = centred(
        Kernel(
            _either(_inner_potential, _outer_potential),
            _either(_inner_deflection, _outer_deflection),
            _four(_either(_inner_hessian, _outer_hessian)),
        )
    )
    alpha_in = _as_method(_by_dictionary(_inner_deflection))
    alpha_ext = _as_method(_by_dictionary(_outer_deflection))
    pot_in = staticmethod(_by_dictionary(_inner_potential))
    pot_ext = _as_method(_by_dictionary(_outer_potential))

    @staticmethod
    def sign(z):
        """1 in the right half plane and on the positive imaginary axis, -1 elsewhere.

        :param z: complex number
        :return: 1 or -1
        """
        return 1 if z.real > 0 or (z.real == 0 and z.imag >= 0) else -1
