"""Deflection by a function of the user.

A function in JAX is compiled with the rest of the model, and differentiated; any other Python function (one of scipy's
interpolations, say) is called from the compiled program, and differentiated by central differences.
"""

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel, slopes
from jaxtronomy.core.parameters import Parameter

from .base_profile import LensProfileBase

__all__ = ["TabulatedDeflections"]


def traceable(function):
    """The function in JAX, or a call back to Python where it does not take traced arrays."""

    def host(x, y):
        f_x, f_y = function(np.array(x), np.array(y))
        return tuple(np.broadcast_to(np.asarray(f, x.dtype), x.shape) for f in (f_x, f_y))

    @jax.custom_jvp
    def called(x, y):
        shape = jax.ShapeDtypeStruct(x.shape, x.dtype)
        return jax.pure_callback(host, (shape, shape), x, y, vmap_method="broadcast_all")

    @called.defjvp
    def differences(primals, tangents):
        (x, y), (dx, dy) = primals, tangents
        step = float(jnp.finfo(x.dtype).eps) ** (1 / 3)  # [arcsec]
        slopes = []
        for u, v in ((step, 0.0), (0.0, step)):
            high, low = called(x + u, y + v), called(x - u, y - v)
            slopes.append([(a - b) / (2 * step) for a, b in zip(high, low)])
        return called(x, y), tuple(a * dx + b * dy for a, b in zip(*slopes))

    def deflection(x, y):
        try:
            f_x, f_y = function(x, y)
        except (jax.errors.JAXTypeError, TypeError):  # it wants NumPy arrays
            return called(x, y)
        return jnp.broadcast_to(f_x, jnp.shape(x)), jnp.broadcast_to(f_y, jnp.shape(x))

    return deflection


class TabulatedDeflections(LensProfileBase):
    __doc__ = __doc__

    profile_name = "TABULATED_DEFLECTIONS"
    parameters = (
        Parameter("center_x", default=0, unit="arcsec", hidden=True),
        Parameter("center_y", default=0, unit="arcsec", hidden=True),
    )

    def __init__(self, custom_class):
        """
        :param custom_class: function (or object that can be called) of x and y [arcsec] and keyword arguments that
            returns the deflection in x and y [arcsec]
        """
        self._custom_lens_class = custom_class
        self.kernel = centred(Kernel(None, traceable(custom_class)))
        super().__init__(custom_class=custom_class)

    def derivatives(self, x, y, center_x=0, center_y=0, **kwargs):
        """Deflection angles.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :param kwargs: further arguments of the user's function, handed on as they are
        :return: f_x, f_y [arcsec]
        """
        if kwargs:
            return self._custom_lens_class(x - center_x, y - center_y, **kwargs)
        return super().derivatives(x, y, center_x, center_y)

    def function(self, x, y, center_x=0, center_y=0, **kwargs):
        """There is no potential.

        :raises ValueError: always
        """
        return super().function(x, y, center_x, center_y)

    def hessian(self, x, y, center_x=0, center_y=0, **kwargs):
        """Second derivatives of the potential.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :param kwargs: further arguments of the user's function, which then must be one of JAX
        :return: f_xx, f_xy, f_yx, f_yy
        """
        if kwargs:
            (f_xx, f_yx), (f_xy, f_yy) = slopes(lambda u, v: self.derivatives(u, v, center_x, center_y, **kwargs), x, y)
            return f_xx, f_xy, f_yx, f_yy
        return super().hessian(x, y, center_x, center_y)
