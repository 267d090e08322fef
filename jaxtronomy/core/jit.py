"""Programs of XLA: the one module that calls ``jax.jit``."""

from collections.abc import Callable
from functools import partial, reduce, wraps

import jax
import jax.numpy as jnp
from jax import lax
from jax.experimental.xla_metadata import set_xla_metadata
from jax.extend.core import ClosedJaxpr, Primitive, jaxpr_as_fun

from .numerics import unforeseen

__all__ = ["as_call", "as_one_step", "jit", "trace_count"]

_traces: dict[str, int] = {}
_ONE_STEP = {"inlineable": "false", "xla_cpu_small_call": "true"}  # attributes of a call; of what it consists of:
_ORDINARY = {"inlineable": "true", "xla_cpu_small_call": "false"}

_unknown = Primitive("unknown")  # results of which no more than the types is known
_unknown.multiple_results = True
_unknown.def_abstract_eval(lambda *_, types: types)


def jit(function: Callable, **options) -> Callable:
    """``jax.jit``, counting how often each function is traced (see :func:`trace_count`)."""
    name = getattr(function, "__name__", type(function).__name__)

    @wraps(function)
    def counted(*args, **kwargs):
        _traces[name] = _traces.get(name, 0) + 1
        return function(*args, **kwargs)

    return jax.jit(counted, **options)


def trace_count(name: str | None = None) -> int:
    """How many times the functions called ``name`` (all, by default) were traced so far in this process."""
    return sum(_traces.values()) if name is None else _traces.get(name, 0)


def as_call(closed: ClosedJaxpr, name: str) -> Callable:
    """A trace as a part of a program, which takes it as it is instead of tracing it again.

    :param closed: the trace
    :param name: of the function that it is in the program
    """
    if not closed.in_avals:  # all is known, and may be computed at once
        return jaxpr_as_fun(closed)

    def call(*args):
        return _unknown.bind(*args, types=tuple(closed.out_avals))

    (equation,) = jax.make_jaxpr(jax.jit(call))(*closed.in_avals).eqns  # with all else that JAX says of a call
    return partial(equation.primitive.bind, **equation.params | {"jaxpr": closed, "name": name})


def as_one_step(function: Callable) -> Callable:
    """A part of a program that XLA, on a CPU, compiles as one kernel; it cannot be differentiated, or batched.

    :param function: pure function of arrays with at least one number, and of nothing from around it but numbers, with a
        list of such arrays, by steps that XLA can do within a kernel
    """

    @wraps(function)
    def within(never, *args):
        with set_xla_metadata(**_ORDINARY):
            first, *others = function(*args)
            # XLA ends the process over an argument that is not needed, and may find out that one is not
            needed = reduce(lax.add, map(_number_of, args), 0.0)
            return [jnp.where(never, jnp.broadcast_to(needed, first.shape).astype(first.dtype), first), *others]

    def call(*args):
        never = unforeseen()
        with set_xla_metadata(**_ONE_STEP):
            return jax.jit(within)(never, *args)  # no program of its own, and not counted as one

    return call


def _number_of(array):
    """The first number of an array, as a float; by few equations."""
    if jnp.iscomplexobj(array):
        array = lax.real(array)
    return lax.convert_element_type(lax.reshape(lax.slice(array, [0] * array.ndim, [1] * array.ndim), ()), float)
