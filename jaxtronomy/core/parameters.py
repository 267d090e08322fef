"""What a parameter is, and how lists of keyword dictionaries become one vector and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

__all__ = ["Entries", "Layout", "Parameter", "Term", "as_vector"]

STACK = 8  # from so many equal profiles on, they are one stacked term that is scanned


@dataclass(frozen=True)
class Parameter:
    """One parameter of a profile.

    :param name: keyword
    :param lower: default lower limit when sampled, ``None`` where there is none
    :param upper: default upper limit when sampled, ``None`` where there is none
    :param default: value when left out, ``None`` for a required parameter
    :param unit: unit, for the documentation
    :param static: True for an integer or a flag that shapes the program (an order, a number of terms)
    :param optional: True if the parameter may be left out and is then ``None``
    :param hidden: True for an argument that is accepted but is not a model parameter (a cut-off, say)
    """

    name: str
    lower: float | None = None
    upper: float | None = None
    default: Any = None
    unit: str = ""
    static: bool = False
    optional: bool = False
    hidden: bool = False

    @property
    def required(self) -> bool:
        """Whether a value has to be given."""
        return self.default is None and not self.optional

    def __call__(self, lower=None, upper=None, **changes) -> "Parameter":
        """The same parameter with other limits (or other fields)."""
        limits = {k: v for k, v in (("lower", lower), ("upper", upper)) if v is not None}
        return replace(self, **limits, **changes)


class Term(NamedTuple):
    """One summand of a composite model: a profile and its parameter values.

    ``count`` is 1, or the number of equal profiles whose values are stacked along the first axis; ``indices`` are their
    places in the list of profiles.
    """

    profile: Any
    values: tuple
    count: int = 1
    indices: tuple[int, ...] = ()


class Layout:
    """The order in which the parameters of a tuple of profiles stand in one vector.

    ``kind`` ("lens model", "light model") names the entries in errors.
    """

    def __init__(self, profiles: Sequence, kind: str = "model"):
        self.profiles = tuple(profiles)
        self.kind = kind
        self._parameters = [p.parameters for p in self.profiles]
        self._names = [[q.name for q in p] for p in self._parameters]
        self._sets = [set(names) for names in self._names]
        self._traced = [[q.name for q in p if not q.static] for p in self._parameters]
        self._static = [[q.name for q in p if q.static] for p in self._parameters]
        self._optional = [q.optional for p in self._parameters for q in p if not q.static]
        self._defaults = [{q.name: q.default for q in p if not q.required} for p in self._parameters]
        self._lengths = [len(names) for names in self._names]
        self._access = [(i, _getter(names), self._lengths[i]) for i, names in enumerate(self._traced)]
        self._has_static = any(self._static)
        ends = np.cumsum([0] + [len(n) for n in self._traced]).tolist()
        self._slices = [slice(a, b) for a, b in pairwise(ends)]
        self.size = ends[-1]

    def pack(self, kwargs_list: Sequence[Mapping]) -> tuple[Any, tuple]:
        """``(values, statics)``: a float64 vector (or a tuple of leaves where a value is an array or traced),
        and the hashable values of the parameters that shape the program.

        :raises ValueError: wrong number of dictionaries
        :raises TypeError: unknown or missing parameter, or a value that is no number
        """
        values, statics = self.values(kwargs_list)
        packed = as_vector(values)
        return self.leaves(values) if packed is None else packed, statics

    def values(self, kwargs_list: Sequence[Mapping]) -> tuple[list, tuple]:
        """The values as they were given, in order, and those that shape the program; raises as :meth:`pack`."""
        if kwargs_list is None:
            kwargs_list = []
        if len(kwargs_list) != len(self.profiles):
            raise ValueError(
                f"{len(kwargs_list)} sets of {self.kind} parameters given for {len(self.profiles)} {self.kind}s "
                f"({', '.join(type(p).__name__ for p in self.profiles)})."
            )
        values = []
        for kwargs, (i, getter, length) in zip(kwargs_list, self._access):
            if len(kwargs) != length:
                kwargs = {**self._defaults[i], **kwargs}
                if len(kwargs) != length:
                    kwargs = self._complete(i, kwargs)
            try:
                values += getter(kwargs)
            except KeyError:
                values += getter(self._complete(i, kwargs))
        return values, self._statics(kwargs_list) if self._has_static else ()

    def leaves(self, values: Sequence) -> tuple:
        """The values as arrays, one by one."""
        return tuple(self._leaf(i, v) for i, v in enumerate(values))

    def _complete(self, i: int, kwargs: Mapping) -> dict:
        """The dictionary with defaults filled in, or the error that names what is wrong with it."""
        complete = {**self._defaults[i], **kwargs}
        if len(complete) == self._lengths[i] and complete.keys() == self._sets[i]:
            return complete
        unknown = [k for k in kwargs if k not in self._sets[i]]
        missing = [n for n in self._names[i] if n not in complete]
        if unknown or missing:
            what = " and ".join(
                f"{word} parameter{'s' * (len(names) > 1)} {', '.join(map(repr, names))}"
                for word, names in (("unexpected", unknown), ("missing", missing))
                if names
            )
            raise TypeError(
                f"{self.kind} {i} ({type(self.profiles[i]).__name__}): {what}; its parameters are "
                f"{', '.join(self._names[i])}."
            )
        return complete

    def _leaf(self, index: int, value):
        """One parameter as an array; ``None`` (an optional parameter left out) stays."""
        if isinstance(value, jax.Array) or (value is None and self._optional[index]):
            return value
        if value is not None:
            try:
                return np.asarray(value, dtype=float)
            except (TypeError, ValueError):
                try:
                    return jnp.asarray(value, dtype=float)  # a list that holds tracers
                except (TypeError, ValueError):
                    pass
        i = next(i for i, s in enumerate(self._slices) if s.start <= index < s.stop)
        name = self._traced[i][index - self._slices[i].start]
        raise TypeError(
            f"{self.kind} {i} ({type(self.profiles[i]).__name__}): {name!r} has to be a number or an array, "
            f"not {value!r}."
        )

    def _statics(self, kwargs_list) -> tuple:
        """The hashable values of the parameters that shape the program."""
        statics = []
        for i, (names, kwargs) in enumerate(zip(self._static, kwargs_list)):
            for name in names:
                value = kwargs.get(name, self._defaults[i].get(name))
                if isinstance(value, jax.core.Tracer):
                    raise TypeError(
                        f"{self.kind} {i} ({type(self.profiles[i]).__name__}): {name!r} shapes the program and cannot "
                        f"be traced; give it as a plain number."
                    )
                if isinstance(value, np.ndarray | np.generic | jax.Array):
                    value = value.item()
                statics.append(int(value) if isinstance(value, float) and value == int(value) else value)
        return tuple(statics)

    def bind(self, packed, statics: tuple = ()) -> list[Term]:
        """The terms of the sum: each profile with its values, many equal ones stacked."""
        single, groups = [], {}
        statics = list(statics)
        for i, (profile, part) in enumerate(zip(self.profiles, self._slices)):
            own = tuple(statics.pop(0) for _ in self._static[i])
            groups.setdefault((profile, own), []).append((i, part))
        for (profile, own), members in groups.items():
            indices, parts = zip(*members)
            if len(parts) >= STACK and not isinstance(packed, tuple):
                values = tuple(packed[np.array([range(p.start, p.stop) for p in parts])].T)
                single.append(Term(profile, _merge(profile, values, own), len(parts), indices))
                continue
            rows = [packed[part] for part in parts]
            if len(parts) >= STACK and _same_shapes(rows):
                values = tuple(jnp.stack(column) for column in zip(*rows))
                single.append(Term(profile, _merge(profile, values, own), len(parts), indices))
            else:
                single += [Term(profile, _merge(profile, tuple(r), own), 1, (i,)) for i, r in zip(indices, rows)]
        return single

    def unpack(self, packed, statics: tuple = ()) -> list[dict]:
        """The keyword dictionaries again."""
        statics = list(statics)
        result = []
        for names, fixed, part in zip(self._traced, self._static, self._slices):
            result.append(dict(zip(names, packed[part])) | {n: statics.pop(0) for n in fixed})
        return result


class Entries:
    """The entries of a vector in a program, by number or slice.

    Slices of the vector itself would each have a derivative as long as the vector, and XLA computes the sum of them by
    going through the derivatives of all entries for every entry. These are put together once.
    """

    def __init__(self, vector: jax.Array):
        self._parts = lax.split(vector, (1,) * vector.size) if vector.size else ()
        self._nothing = vector[:0]

    def __getitem__(self, key: int | slice) -> jax.Array:
        part = self._parts[key]
        return jnp.concatenate([self._nothing, *part]) if isinstance(key, slice) else part[0]


def as_vector(values: Sequence) -> np.ndarray | None:
    """Numbers as one float64 vector, None if there are arrays, tracers or values left out among them."""
    try:
        vector = np.array(values, dtype=float)
    except (TypeError, ValueError):  # those of JAX's tracers are TypeErrors
        return None
    # NumPy makes a None a NaN
    return vector if vector.ndim == 1 and None not in values else None


def _getter(names):
    """A function from a dictionary to the tuple of its values under ``names``."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda kwargs: tuple(kwargs[n] for n in names)


def _same_shapes(rows) -> bool:
    """Whether every profile of a group has values of the same shapes."""
    return all(v is not None for row in rows for v in row) and len({tuple(map(jnp.shape, row)) for row in rows}) == 1


def _merge(profile, traced, statics):
    """Traced and static values in the order in which the profile declares its parameters."""
    if not statics:
        return tuple(traced)
    traced, statics = list(traced), list(statics)
    return tuple(statics.pop(0) if q.static else traced.pop(0) for q in profile.parameters)
