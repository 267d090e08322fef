"""Models as pytrees: their arrays are arguments of the compiled programs, the rest is their identity.

A :class:`Model` names the attributes that hold arrays (or further models); everything else that its pure methods read
is described by a hashable ``_structure()``. Two models of equal structure share every program, whatever their data; a
list of them stacks into one batch.
"""

import math
from collections.abc import Callable, Hashable, Mapping
from copy import copy
from functools import lru_cache
from typing import Any

import jax
import numpy as np

from .compile import at_once, to_numpy
from .divided import Divided
from .numerics import LOOP
from .traces import is_traced

__all__ = [
    "Model",
    "Static",
    "evaluate_method",
    "flatten",
    "freeze",
    "packed",
    "program",
    "structure",
    "to_leaves",
    "unwrap",
]


class Model:
    """Base class of what a program takes as an argument.

    A subclass lists in ``_arrays`` the attributes that hold arrays, trees of arrays or models, and gives
    ``_structure``.
    """

    _arrays: tuple[str, ...] = ()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        jax.tree_util.register_pytree_node(cls, _flatten, _unflatten)

    def _structure(self) -> Hashable:
        """What distinguishes two models beside their arrays."""
        return ()


class _Identity:
    """A model without its arrays, equal to any other of the same structure."""

    def __init__(self, model):
        self.key = (type(model), model._structure())
        self.model = copy(model)
        for name in model._arrays:
            self.model.__dict__.pop(name, None)
        self.model.__dict__.pop("_flat", None)

    def __eq__(self, other):
        return isinstance(other, _Identity) and self.key == other.key

    def __hash__(self):
        return hash(self.key)


def _flatten(model):
    return tuple(getattr(model, name) for name in model._arrays), _Identity(model)


def _unflatten(identity, children):
    model = copy(identity.model)
    for name, child in zip(model._arrays, children):
        model.__dict__[name] = child
    return model


def structure(model: Any) -> Hashable:
    """The structure of a model, or the object itself (compared by identity) where it has none."""
    return (type(model), model._structure()) if hasattr(model, "_structure") else _Same(model)


def freeze(tree: Any) -> Hashable:
    """A hashable stand-in for nested options: containers as tuples, arrays by value, other objects by identity."""
    if isinstance(tree, Mapping):
        return tuple(sorted((str(k), freeze(v)) for k, v in tree.items()))
    if isinstance(tree, list | tuple | set | frozenset):
        return tuple(freeze(t) for t in tree)
    if isinstance(tree, np.ndarray):
        return tree.shape, tree.tobytes()
    if tree is None or isinstance(tree, str | int | float | bool | np.generic):
        return type(tree).__name__, tree
    return structure(tree)


class _Same:
    """An object compared by identity, kept alive so that its identity stays its own."""

    def __init__(self, item):
        self.item = item

    def __eq__(self, other):
        return isinstance(other, _Same) and self.item is other.item

    def __hash__(self):
        return id(self.item)


class Static:
    """A value that shapes a program, as a leafless pytree."""

    def __init__(self, value: Hashable):
        self.value = value


jax.tree_util.register_pytree_node(Static, lambda s: ((), s.value), lambda value, _: Static(value))


def to_leaves(tree: Any, static: frozenset = frozenset()) -> Any:
    """Numbers and lists of a tree of keyword dictionaries as float64 arrays, entries named in ``static`` as
    :class:`Static`; JAX arrays and None stay.
    """
    if isinstance(tree, Mapping):
        return {k: Static(_plain(v)) if k in static or isinstance(v, str) else to_leaves(v) for k, v in tree.items()}
    if isinstance(tree, list | tuple) and any(isinstance(t, Mapping) for t in tree):
        return [to_leaves(t, static) for t in tree]
    if tree is None or isinstance(tree, jax.Array):
        return tree
    try:
        return np.asarray(tree, dtype=float)
    except (TypeError, ValueError, jax.errors.TracerArrayConversionError):
        return jax.numpy.asarray(tree, dtype=float)


def _plain(value):
    """A hashable Python value."""
    return value.item() if isinstance(value, np.ndarray | np.generic) else value


def unwrap(tree: Any) -> Any:
    """The inverse of :func:`to_leaves` inside a program: static entries as they were."""
    is_static = lambda t: isinstance(t, Static)  # noqa: E731
    return jax.tree.map(lambda t: t.value if is_static(t) else t, tree, is_leaf=is_static)


def flatten(model: Model) -> tuple[list, Any]:
    """Leaves and tree definition of a model, kept with it: models are not changed after they are made."""
    flat = model.__dict__.get("_flat")
    if flat is None:
        leaves, treedef = jax.tree.flatten(model)
        if not is_traced(leaves):
            # once on the device, so that no call has to bring them there; eagerly, even while something is traced
            with jax.ensure_compile_time_eval():
                leaves = [jax.device_put(np.asarray(leaf)) if _is_host(leaf) else leaf for leaf in leaves]
        flat = model.__dict__["_flat"] = [(leaves, treedef)]
    return flat[0]


def _is_host(leaf):
    """Whether a leaf is a number or an array of NumPy's."""
    return isinstance(leaf, np.ndarray | np.generic | float | int)


def packed(model: Model) -> tuple[list, Any]:
    """The same with all small arrays of floats as one vector, kept likewise: each argument of a program takes time."""
    leaves, treedef = flatten(model)
    flat = model.__dict__["_flat"]
    if len(flat) == 1:
        if not is_traced(leaves):
            with jax.ensure_compile_time_eval():
                leaves, treedef = jax.tree.flatten(_Packed(leaves, treedef))
        flat.append((leaves, treedef))
    return flat[1]


class _Packed:
    """What a model is made from, with its small arrays of floats as one vector; as a pytree it becomes the model."""

    def __init__(self, leaves, treedef):
        kind = jax.numpy.result_type(float)
        small = [leaf.size < LOOP and leaf.dtype == kind for leaf in leaves]
        self.form = treedef, tuple(leaf.shape if s else None for leaf, s in zip(leaves, small))
        vector = np.concatenate([np.zeros(0, kind), *(np.ravel(leaf) for leaf, s in zip(leaves, small) if s)])
        self.arrays = [jax.device_put(vector), *(leaf for leaf, s in zip(leaves, small) if not s)]


def _unpacked(form, arrays):
    """The model."""
    (vector, *large), (treedef, shapes), leaves, start = arrays, form, [], 0
    for shape in shapes:
        if shape is None:
            leaves.append(large.pop(0))
        else:
            leaves.append(vector[start : start + math.prod(shape)].reshape(shape))
            start += math.prod(shape)
    return jax.tree.unflatten(treedef, leaves)


jax.tree_util.register_pytree_node(_Packed, lambda p: (p.arrays, p.form), _unpacked)


@lru_cache(maxsize=1024)
def program(function: Callable, treedef: Any, transform: Callable | None = None, options: tuple = ()) -> Callable:
    """The compiled ``function(model, *args, **options)`` as a function of the model's leaves and ``args``.

    :param function: pure function whose first argument is a model
    :param treedef: tree definition of the model (:func:`flatten` or :func:`packed`)
    :param transform: for example ``jax.value_and_grad``, applied to the function of ``args``
    :param options: hashable keyword arguments, as sorted pairs
    """

    def run(leaves, *args):
        model = jax.tree.unflatten(treedef, leaves)

        def bound(*a):
            return function(model, *a, **dict(options))

        return (transform(bound) if transform else bound)(*args)

    run.__name__ = run.__qualname__ = getattr(function, "__name__", "program")
    return Divided(run)


@at_once
def evaluate_method(function: Callable, model: Model, *args, **options) -> Any:
    """``function(model, *args, **options)``, compiled, under the array rule; ``args`` are trees of arrays."""
    leaves, treedef = packed(model)
    out = program(function, treedef, None, tuple(sorted(options.items())))(leaves, *args)
    if any(isinstance(a, jax.Array) for a in jax.tree.leaves(args)):
        return out
    return to_numpy(out)
