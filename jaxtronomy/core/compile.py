"""Where Python meets XLA: the one module that calls ``jax.jit``, and the array rule.

*The array rule*: NumPy arrays, lists and Python numbers in give writable NumPy arrays (or NumPy scalars) out; JAX
arrays or tracers in give JAX arrays out.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from inspect import Parameter as Argument
from inspect import Signature, signature
from typing import Any

import jax
import numpy as np

from .parameters import Layout

__all__ = ["apply", "elementwise", "evaluate", "jit", "layout", "method", "namespace", "to_numpy", "trace_count"]

BUCKETS = (4, 16, 64, 256)  # small arrays are padded to one of these sizes, so that few programs serve all

_traces: dict[str, int] = {}


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


def namespace(*trees: Any) -> Any:
    """``jax.numpy`` if there is a JAX array (or tracer) in the trees, ``numpy`` otherwise."""
    return jax.numpy if any(isinstance(leaf, jax.Array) for leaf in jax.tree.leaves(trees)) else np


def to_numpy(tree: Any) -> Any:
    """Every array of a tree as a writable float64 NumPy array, 0-d ones as NumPy scalars."""
    return jax.tree.map(_writable, tree)


def _writable(array):
    result = np.array(array)
    if result.dtype == np.float32:
        result = result.astype(float)
    return result if result.ndim else result[()]


@lru_cache(maxsize=4096)
def layout(profiles: tuple, kind: str = "model") -> Layout:
    """The (shared) layout of a tuple of profiles."""
    return Layout(profiles, kind)


@lru_cache(maxsize=4096)
def _program(op: Callable, profiles: tuple, kind: str, statics: tuple) -> Callable:
    """The compiled ``op`` of a composite model: equal lists of profiles share it, whoever holds them."""
    order = layout(profiles, kind)

    def run(coordinates, packed, extra):
        return op(order.bind(packed, statics), *coordinates, *extra)

    run.__name__ = run.__qualname__ = op.__name__
    return jit(run)


def evaluate(
    op: Callable,
    profiles: tuple,
    kwargs_list: Sequence[dict],
    coordinates: tuple,
    extra: tuple = (),
    kind: str = "model",
) -> Any:
    """``op(terms, *coordinates, *extra)``, compiled, under the array rule.

    :param op: pure module-level function of a list of :class:`~jaxtronomy.core.parameters.Term`, coordinate arrays of
        one shape and further arguments, elementwise in the coordinates: the last axes of what it returns are theirs
    :param profiles: profiles of the terms
    :param kwargs_list: one dictionary of parameters for each profile
    :param coordinates: arrays, lists or numbers that broadcast against each other
    :param extra: further numbers or arrays
    :param kind: what errors call an entry of ``kwargs_list``
    """
    packed, statics = layout(profiles, kind).pack(kwargs_list)
    program = _program(op, profiles, kind, statics)
    plain = type(packed) is np.ndarray
    if plain and not extra and _is_grid(coordinates):
        return to_numpy(program(coordinates, packed, extra))
    if any(isinstance(v, jax.Array) for v in (*coordinates, *extra, *(() if plain else packed))):
        coordinates = tuple(jax.numpy.asarray(c, dtype=float) for c in coordinates)
        return program(_broadcast(coordinates, jax.numpy), packed, extra)
    extra = tuple(v if v is None else np.asarray(v, dtype=float) for v in extra)
    try:
        coordinates = tuple(np.asarray(c, dtype=float) for c in coordinates)
    except jax.errors.TracerArrayConversionError:  # a list that holds tracers
        coordinates = tuple(jax.numpy.asarray(c, dtype=float) for c in coordinates)
        return program(_broadcast(coordinates, jax.numpy), packed, extra)
    coordinates = _broadcast(coordinates, np)
    shape, size = coordinates[0].shape, coordinates[0].size
    if size > BUCKETS[-1] or not plain or size == 0:
        return to_numpy(program(coordinates, packed, extra))
    width = next(b for b in BUCKETS if b >= size)
    out = program(tuple(_pad(c, width) for c in coordinates), packed, extra)

    def cut(array):
        array = np.array(array)[..., :size]
        return _writable(array.reshape(array.shape[:-1] + shape))

    return jax.tree.map(cut, out)


@lru_cache(maxsize=4096)
def _whole_program(op: Callable, profiles: tuple, kind: str, statics: tuple, options: tuple) -> Callable:
    """The compiled ``op`` of a composite model, of arguments of any shapes."""
    order = layout(profiles, kind)

    def run(packed, arguments):
        return op(order.bind(packed, statics), *arguments, **dict(options))

    run.__name__ = run.__qualname__ = op.__name__
    return jit(run)


def apply(
    op: Callable,
    profiles: tuple,
    kwargs_list: Sequence[dict],
    arguments: tuple = (),
    kind: str = "model",
    **options,
) -> Any:
    """``op(terms, *arguments, **options)``, compiled, under the array rule: for what is not elementwise.

    :param op: pure module-level function of a list of :class:`~jaxtronomy.core.parameters.Term` and further arguments
    :param profiles: profiles of the terms
    :param kwargs_list: one dictionary of parameters for each profile
    :param arguments: numbers or arrays, or tuples of them (None is passed on)
    :param kind: what errors call an entry of ``kwargs_list``
    :param options: hashable values that shape the program
    """
    packed, statics = layout(profiles, kind).pack(kwargs_list)
    program = _whole_program(op, profiles, kind, statics, tuple(sorted(options.items())))
    arguments = tuple(tuple(map(_argument, a)) if isinstance(a, tuple) else _argument(a) for a in arguments)
    out = program(packed, arguments)
    if any(isinstance(v, jax.Array) for v in jax.tree.leaves((packed, arguments))):
        return out
    return to_numpy(out)


def _is_grid(coordinates: tuple) -> bool:
    """Whether the coordinates are float64 arrays of one shape, and large: the common case, decided quickly."""
    shape = getattr(coordinates[0], "shape", ())
    return all(type(c) is np.ndarray and c.dtype == float and c.shape == shape for c in coordinates) and (
        coordinates[0].size > BUCKETS[-1]
    )


def _broadcast(coordinates: tuple, xp) -> tuple:
    """All coordinates in their common shape."""
    if all(c.shape == coordinates[0].shape for c in coordinates):
        return coordinates
    return tuple(xp.broadcast_arrays(*coordinates))


def _pad(array: np.ndarray, width: int) -> np.ndarray:
    """The flat array, its last element repeated up to ``width``."""
    flat = array.ravel()
    padded = np.empty(width)
    padded[: flat.size] = flat
    padded[flat.size :] = flat[-1]
    return padded


def elementwise(function: Callable, static: tuple[str, ...] = ()) -> Callable:
    """A pure function of numbers and arrays, compiled, under the array rule.

    :param function: pure function, elementwise in its arguments (``None`` is passed on as it is)
    :param static: names of arguments that shape the program and have to be hashable
    """
    program = jit(function, static_argnames=static)
    names = list(signature(function).parameters)

    @wraps(function)
    def call(*args, **kwargs):
        args = [a if n in static else _argument(a) for n, a in zip(names, args)] + list(args[len(names) :])
        kwargs = {n: a if n in static else _argument(a) for n, a in kwargs.items()}
        out = program(*args, **kwargs)
        if any(isinstance(a, jax.Array) for a in (*args, *kwargs.values())):
            return out
        return to_numpy(out)

    return call


def _argument(value):
    """A number or list as a float64 array; JAX arrays and ``None`` as they are."""
    if value is None or isinstance(value, jax.Array):
        return value
    try:
        return np.asarray(value, dtype=float)
    except jax.errors.TracerArrayConversionError:
        return jax.numpy.asarray(value, dtype=float)


def method(function: Callable, static: tuple[str, ...] = ()) -> Callable:
    """:func:`elementwise` as a method of a class: the instance plays no part."""
    call = elementwise(function, static)

    @wraps(function)
    def bound(self, *args, **kwargs):
        return call(*args, **kwargs)

    own = signature(function)
    bound.__signature__ = Signature([Argument("self", Argument.POSITIONAL_OR_KEYWORD), *own.parameters.values()])
    return bound
