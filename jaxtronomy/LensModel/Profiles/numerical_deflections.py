"""Deflection by a function of the user.

A function in JAX is compiled with the rest of the model, and differentiated; any other Python function (one of scipy's
interpolations, say) is called from the compiled program, and differentiated by central differences.
"""

from inspect import Parameter as Argument
from inspect import signature

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel
from jaxtronomy.core.parameters import Parameter

from .base_profile import LensProfileBase

__all__ = ["TabulatedDeflections"]


def arguments(function):
    """Parameters of the user's function beyond position and centre."""
    try:
        own = list(signature(function).parameters.values())[2:]
    except (TypeError, ValueError):  # a built-in function
        return ()
    kinds = (Argument.POSITIONAL_OR_KEYWORD, Argument.KEYWORD_ONLY)
    own = [a for a in own if a.kind in kinds and a.name not in ("center_x", "center_y")]
    return tuple(
        Parameter(a.name, hidden=True)
        if a.default is Argument.empty
        else Parameter(a.name, default=a.default, optional=a.default is None, hidden=True)
        for a in own
    )


def traceable(function, names):
    """The function in JAX, or a call back to Python where it does not take traced arrays."""

    def host(x, y, *values):
        f_x, f_y = function(np.array(x), np.array(y), **dict(zip(names, map(np.asarray, values))))
        return tuple(np.broadcast_to(np.asarray(f, x.dtype), x.shape) for f in (f_x, f_y))

    @jax.custom_jvp
    def called(x, y, *values):
        shape = jax.ShapeDtypeStruct(x.shape, x.dtype)
        return jax.pure_callback(host, (shape, shape), x, y, *values, vmap_method="sequential")

    @called.defjvp
    def differences(primals, tangents):
        step = float(jnp.finfo(primals[0].dtype).eps) ** (1 / 3)
        total = (0.0, 0.0)
        for i, tangent in enumerate(tangents):
            high, low = (called(*primals[:i], primals[i] + s, *primals[i + 1 :]) for s in (step, -step))
            total = tuple(t + (a - b) / (2 * step) * tangent for t, a, b in zip(total, high, low))
        return called(*primals), total

    def deflection(x, y, *values):
        try:
            f_x, f_y = function(x, y, **dict(zip(names, values)))
        except Exception:  # it wants NumPy arrays; if not, the error comes again from there
            return called(x, y, *values)
        return jnp.broadcast_to(f_x, jnp.shape(x)), jnp.broadcast_to(f_y, jnp.shape(x))

    return deflection


CENTRE = (
    Parameter("center_x", default=0, unit="arcsec", hidden=True),
    Parameter("center_y", default=0, unit="arcsec", hidden=True),
)


class TabulatedDeflections(LensProfileBase):
    __doc__ = __doc__

    profile_name = "TABULATED_DEFLECTIONS"
    parameters = CENTRE

    def __init__(self, custom_class):
        """
        :param custom_class: function (or object that can be called) of x and y [arcsec], and of further arguments if
            it likes, that returns the deflection in x and y [arcsec]
        """
        own = arguments(custom_class)
        self.parameters = (*own, *CENTRE)
        self.kernel = centred(Kernel(None, traceable(custom_class, [p.name for p in own])))
        super().__init__(custom_class=custom_class)

    def function(self, x, y, center_x=0, center_y=0, **kwargs):
        """There is no potential.

        :raises ValueError: always
        """
        return super().function(x, y, center_x=center_x, center_y=center_y, **kwargs)

    def derivatives(self, x, y, center_x=0, center_y=0, **kwargs):
        """Deflection angles.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :param kwargs: further arguments of the user's function
        :return: f_x, f_y [arcsec]
        """
        return super().derivatives(x, y, center_x=center_x, center_y=center_y, **kwargs)

    def hessian(self, x, y, center_x=0, center_y=0, **kwargs):
        """Second derivatives of the potential.

        :param x: position [arcsec], number or array
        :param y: position [arcsec]
        :param kwargs: further arguments of the user's function
        :return: f_xx, f_xy, f_yx, f_yy
        """
        return super().hessian(x, y, center_x=center_x, center_y=center_y, **kwargs)
