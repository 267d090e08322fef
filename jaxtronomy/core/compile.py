"""Where Python meets compiled programs: the array rule, and the way of a call into a program and out of it.

*The array rule*: NumPy arrays, lists and Python numbers in give writable NumPy arrays (or NumPy scalars) out; JAX
arrays or tracers in give JAX arrays out.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from inspect import Parameter as Argument
from inspect import Signature, signature
from typing import Any

import jax
import numpy as np

from .blocks import joined
from .jit import jit
from .numerics import paired
from .parameters import Layout, as_vector
from .regions import in_regions
from .straight_line import MOST, PLAIN, StraightLine, straight_line

__all__ = [
    "apply",
    "at_once",
    "elementwise",
    "evaluate",
    "layout",
    "method",
    "namespace",
    "to_numpy",
]

ROWS = 4096  # up to so many positions the results come out as one array
BUCKETS = (4, 16, 32, 64, 128, 256)  # small arrays are padded to one of these sizes, so that few programs serve all
ALIGNED = 8  # numbers in 64 bytes
SPARE_SIZE, SPARES = 1 << 17, 64  # vectors of up to so many numbers, and so many of them, are kept

_WIDTHS = [next(b for b in BUCKETS if b >= size) for size in range(BUCKETS[-1] + 1)]
_FLOAT64 = np.dtype(float)


def at_once(call: Callable) -> Callable:
    """A call on concrete values, evaluated at once, also while a program around it is being traced."""

    @wraps(call)
    def either(*args, **kwargs):
        try:
            return call(*args, **kwargs)
        except jax.errors.TracerArrayConversionError:  # the values became part of that program
            with jax.ensure_compile_time_eval():
                return call(*args, **kwargs)

    return either


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


class _Buffer:
    """The memory of an array on a CPU of which no one else holds a reference, for NumPy to write to."""

    __slots__ = ("__array_interface__", "owner")

    def __init__(self, array):
        self.owner = array
        pointer = array.block_until_ready().unsafe_buffer_pointer()
        self.__array_interface__ = {"shape": array.shape, "typestr": "<f8", "data": (pointer, False), "version": 3}


def _taken(array):
    """What a program of NumPy arrays has made, as a writable array; large ones are taken over without a copy."""
    if array.size > BUCKETS[-1] and array.dtype == _FLOAT64 and not isinstance(array, jax.core.Tracer):
        (device,) = array.devices()
        if device.platform == "cpu":
            return np.asarray(_Buffer(array))
    return _writable(array)


@lru_cache(maxsize=4096)
def layout(profiles: tuple, kind: str = "model") -> Layout:
    """The (shared) layout of a tuple of profiles."""
    return Layout(profiles, kind)


class _Evaluation:
    """One op of one list of profiles: its compiled programs, and how a call from NumPy gets into and out of them.

    A jitted call costs one to two microseconds for every array that goes in or comes out. So all coordinates and
    parameters go in as one vector, and the results at a few positions come out as the rows of one array; two numbers
    at up to 256 positions, as one complex array, if a CPU computes that in one loop.
    """

    def __init__(self, op: Callable, profiles: tuple, kind: str):
        self.op = op
        self.layout = layout(profiles, kind)
        self._programs: dict[tuple, Any] = {}
        self._straight: dict[tuple, StraightLine | None] = {}

    def straight(self, statics: tuple, number: int) -> StraightLine | None:
        """The op of so many coordinates without XLA, where it is a short formula."""
        key = statics, number
        if key not in self._straight:

            def run(*numbers):
                return self.op(self.layout.bind(numbers[number:], statics), *numbers[:number])

            self._straight[key] = straight_line(run, number, self.layout.size)
        return self._straight[key]

    def program(self, statics: tuple) -> Callable:
        """The program of coordinate arrays, packed parameters and further arguments, as JAX sees it."""
        if statics not in self._programs:

            def run(coordinates, packed, extra):
                return self.op(self.layout.bind(packed, statics), *coordinates, *extra)

            # a program around it has its steps, not a call of it, so that loops (in_blocks) can take some of them ahead
            self._programs[statics] = jit(self._named(run), inline=True)
        return self._programs[statics]

    def flat_program(self, statics: tuple, number: int, size: int, more: bool) -> tuple[Callable, dict]:
        """The program of one vector of NumPy's, and a dictionary that holds the form of its results once it was traced.

        :param statics: hashable values that shape the program
        :param number: number of coordinates, which the vector begins with
        :param size: number of positions; the results of few are the rows of one array
        :param more: whether further arguments follow: the parameters, if they are not the end of the vector
            (otherwise None), and what else the op takes
        """
        few, fewest = size <= ROWS, size <= BUCKETS[-1]
        key = statics, number, few, fewest, more
        if key not in self._programs:
            form: dict = {}

            def run(vector, packed=None, extra=()):
                width = (vector.shape[0] - (self.layout.size if packed is None else 0)) // number
                coordinates = [vector[i * width : (i + 1) * width] for i in range(number)]
                packed = vector[number * width :] if packed is None else packed
                leaves, tree = jax.tree.flatten(self.op(self.layout.bind(packed, statics), *coordinates, *extra))
                form["tree"], form["leads"] = tree, [leaf.shape[:-1] for leaf in leaves]
                form["pair"] = tree == _PAIR and form["leads"] == [(), ()]
                if not few:
                    return leaves
                if form["pair"] and fewest and isinstance(both := paired(*leaves), jax.Array):
                    return both
                return joined([leaf.reshape(-1, width) for leaf in leaves])

            run = self._named(run)  # loops over many positions take up what is computed from few numbers
            self._programs[key] = jit(in_regions(run) if fewest else run), form
        return self._programs[key]

    def _named(self, run):
        """The function, under the name of the op."""
        run.__name__ = run.__qualname__ = self.op.__name__
        return run

    def quickly(self, coordinates: tuple, values: list, statics: tuple) -> Any:
        """The results of plain numbers, or of float64 arrays of one shape; None for anything else."""
        first = coordinates[0]
        if type(first) is np.ndarray and first.ndim:
            size = first.size
            if not size or not _same_grids(coordinates, first.shape):
                return None
            if size <= MOST:
                straight = self.straight(statics, len(coordinates))
                if straight and size <= straight.longest:
                    out = straight.on(coordinates, values)
                    if out is not None:
                        return out
            packed = as_vector(values)
            return None if packed is None else self.on_arrays(coordinates, packed, (), statics)
        if not PLAIN.issuperset(map(type, coordinates)):
            return None
        straight = self.straight(statics, len(coordinates))
        out = straight and straight.at(coordinates, values)
        return self.at_one(coordinates, values, statics) if out is None else out

    def at_one(self, position: tuple, values: list, statics: tuple) -> Any:
        """The results at one position, NumPy scalars; None if there are arrays or tracers among the values."""
        vector = []
        for c in position:
            vector += [c] * BUCKETS[0]
        vector = as_vector(vector + values)
        if vector is None:
            return None
        program, form = self.flat_program(statics, len(position), 1, False)
        rows = np.asarray(program(vector))
        if rows.ndim == 1:
            return rows.real[0], rows.imag[0]
        return self._results(form, list(rows[:, 0].astype(float)), ())

    def on_arrays(self, coordinates: Sequence, packed: Any, extra: tuple, statics: tuple) -> Any:
        """The results on NumPy arrays of one shape.

        :param packed: parameters, as one vector or as a tuple of leaves
        """
        number, shape, size = len(coordinates), coordinates[0].shape, coordinates[0].size
        flat = coordinates if len(shape) == 1 else [c.ravel() for c in coordinates]
        few, own = size <= ROWS, type(packed) is np.ndarray
        room = _Room.filled(flat, size, packed if own else None)
        program, form = self.flat_program(statics, number, size, bool(extra) or not own)
        if own and not extra:
            out = program(room.vector)
        else:
            out = program(room.vector, None if own else packed, extra)
        if not few:
            arrays = [_taken(leaf) for leaf in out]
            room.give_back()
            if len(shape) > 1:
                arrays = [array.reshape(array.shape[:-1] + shape) for array in arrays]
            return tuple(arrays) if form["pair"] else jax.tree.unflatten(form["tree"], arrays)
        small = size <= BUCKETS[-1]
        rows = np.asarray(out) if small else _taken(out)
        room.give_back()
        if rows.ndim == 1:
            pair = rows.real[:size].copy(), rows.imag[:size].copy()
            return pair if len(shape) == 1 else tuple(row.reshape(shape)[()] for row in pair)
        rows = rows[:, :size].astype(float) if small else rows
        return self._results(form, rows if len(shape) == 1 else rows.reshape(len(rows), *shape), shape)

    @staticmethod
    def _results(form, rows, shape):
        """Rows as what the op returns."""
        if form["pair"]:
            return rows[0], rows[1]
        leaves, start = [], 0
        for lead in form["leads"]:
            stop = start + math.prod(lead)
            leaves.append(np.reshape(rows[start:stop], lead + shape) if lead else rows[start])
            start = stop
        return jax.tree.unflatten(form["tree"], leaves)


_PAIR = jax.tree.structure((0, 0))
_evaluation = lru_cache(maxsize=4096)(_Evaluation)  # equal lists of profiles share programs, whoever holds them


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
    evaluation = _evaluation(op, profiles, kind)
    values, statics = evaluation.layout.values(kwargs_list)
    if not extra:
        try:
            out = evaluation.quickly(coordinates, values, statics)
        except jax.errors.TracerArrayConversionError:  # a program around it is being traced
            out = None
        if out is not None:
            return out
    return _on_anything(evaluation, values, statics, coordinates, extra)


@at_once
def _on_anything(evaluation: _Evaluation, values: list, statics: tuple, coordinates: tuple, extra: tuple) -> Any:
    """The results of numbers, lists and arrays of any kind that broadcast against each other."""
    packed = as_vector(values)
    if packed is None:
        packed = evaluation.layout.leaves(values)
    given = (*coordinates, *extra, *(packed if type(packed) is tuple else ()))
    if any(isinstance(v, jax.Array) for v in given):
        return evaluation.program(statics)(_broadcast(coordinates, jax.numpy), packed, extra)
    try:
        coordinates = _broadcast(coordinates, np)
    except jax.errors.TracerArrayConversionError:  # a list that holds tracers
        return evaluation.program(statics)(_broadcast(coordinates, jax.numpy), packed, extra)
    extra = tuple(v if v is None else np.asarray(v, dtype=float) for v in extra)
    if coordinates[0].size == 0 or _for_each(packed, coordinates[0].shape):
        return to_numpy(evaluation.program(statics)(coordinates, packed, extra))
    return evaluation.on_arrays(coordinates, packed, extra, statics)


@lru_cache(maxsize=4096)
def _whole_program(op: Callable, profiles: tuple, kind: str, statics: tuple, options: tuple) -> Callable:
    """The compiled ``op`` of a composite model, of arguments of any shapes."""
    order = layout(profiles, kind)

    def run(packed, arguments):
        return op(order.bind(packed, statics), *arguments, **dict(options))

    run.__name__ = run.__qualname__ = op.__name__
    return jit(run)


@at_once
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


def _same_grids(coordinates: tuple, shape: tuple) -> bool:
    """Whether the coordinates are float64 arrays of this shape."""
    for c in coordinates:
        if type(c) is not np.ndarray or c.dtype is not _FLOAT64 or c.shape != shape:
            return False
    return True


def _for_each(packed: Any, shape: tuple) -> bool:
    """Whether a parameter has a value for each position, which then have to keep their shape."""
    return type(packed) is tuple and shape != () and any(np.shape(v) == shape for v in packed)


def _broadcast(coordinates: tuple, xp) -> tuple:
    """All coordinates as floating arrays of their common shape."""
    arrays = tuple(xp.asarray(c, dtype=float) for c in coordinates)
    if all(a.shape == arrays[0].shape for a in arrays):
        return arrays
    return tuple(xp.broadcast_arrays(*arrays))


class _Room:
    """A vector that XLA reads where it is, of coordinates and parameters, and its parts.

    One that does not begin at a multiple of 64 bytes, XLA copies. What the coordinates do not fill stays.
    """

    __slots__ = ("columns", "key", "numbers", "vector")

    def __init__(self, width: int, number: int, parameters: int):
        length = width * number + parameters
        memory = np.empty(length + ALIGNED - 1)
        first = -(memory.__array_interface__["data"][0] // memory.itemsize) % ALIGNED
        self.key = width, number, parameters
        self.vector = memory[first : first + length]
        self.columns = [self.vector[i * width : (i + 1) * width] for i in range(number)]
        self.numbers = self.vector[number * width :]
        if width <= BUCKETS[-1]:
            self.vector.fill(1.0)

    @classmethod
    def filled(cls, arrays: Sequence, size: int, packed: np.ndarray | None) -> "_Room":
        """One with flat arrays of one size, short ones in a bucket, and parameters."""
        key = _WIDTHS[size] if size <= BUCKETS[-1] else size, len(arrays), 0 if packed is None else packed.size
        room = _spare.pop(key, None) or cls(*key)
        for column, array in zip(room.columns, arrays):
            column[:size] = array
        if packed is not None:
            room.numbers[...] = packed
        return room

    def give_back(self) -> None:
        """Keep it for the next vector of its form, unless it is very large: no program reads it any more."""
        if self.vector.size <= SPARE_SIZE:
            if len(_spare) == SPARES:
                _spare.clear()
            _spare[self.key] = self


_spare: dict[tuple, _Room] = {}


def elementwise(function: Callable, static: tuple[str, ...] = ()) -> Callable:
    """A pure function of numbers and arrays, compiled, under the array rule.

    :param function: pure function, elementwise in its arguments (``None`` is passed on as it is)
    :param static: names of arguments that shape the program and have to be hashable
    """
    program = jit(function, static_argnames=static)
    names = list(signature(function).parameters)

    @at_once
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
