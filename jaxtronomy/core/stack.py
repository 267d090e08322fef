"""Many models of equal structure, each with its own data, in one program."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import jax
import numpy as np

from .batch import chunk_size, in_chunks, in_parts, shares
from .compile import to_numpy
from .jit import jit
from .threads import in_threads
from .tree import Model, flatten, packed, program, structure

__all__ = ["evaluate_each"]


def evaluate_each(function: Callable, models: Sequence[Model], args: Any) -> Any:
    """``function(model, a)`` for each model and its own vector ``a``, compiled, under the array rule.

    What is the same for all models (coordinates, a common PSF) is there once; the rest is stacked, and kept for the
    next call with the same models. On a CPU large models are evaluated one after the other, as they are.

    :param function: pure function of a model and a vector
    :param models: models of equal structure and equal shapes
    :param args: one vector for each model, (models, parameters)
    :return: results, stacked along the first axis
    :raises ValueError: models that differ in more than their data, naming the first such; a wrong number of vectors
    """
    traced = isinstance(args, jax.Array)
    args = args if traced else np.asarray(args, dtype=float)
    if args.ndim != 2 or len(args) != len(models):
        raise ValueError(f"args has the shape {args.shape}; {len(models)} models need ({len(models)}, parameters).")
    if not len(models):
        return np.zeros(0)
    flat = [flatten(model) for model in models]
    leaves, treedef = flat[0]
    shapes = [np.shape(leaf) for leaf in leaves]
    for i, (others, other_def) in enumerate(flat):
        if other_def != treedef:
            raise ValueError(f"model {i} differs from model 0 in its structure: options, profiles or fixed parameters.")
        for leaf, shape in zip(others, shapes):
            if np.shape(leaf) != shape:
                raise ValueError(f"model {i} has data of the shape {np.shape(leaf)} where model 0 has {shape}.")
    chunk = chunk_size(leaves, len(models))

    def columns(size):
        return _columns(tuple(structure(own) for own, _ in flat), size)  # each list by its identity

    if traced:
        common, shared, (stacked,) = columns(len(models))
        return _program(function, treedef, common, chunk, True)(shared, stacked, args)
    workers, size = shares(len(models), chunk)
    if chunk == 1:  # the program of a single model: no data are copied
        run = program(function, packed(models[0])[1])

        def share(first):
            outs = [run(packed(m)[0], a) for m, a in zip(models[first : first + size], args[first : first + size])]
            return jax.tree.map(lambda *v: np.stack(v), *to_numpy(outs))
    else:
        common, shared, stacks = columns(size)
        run = _program(function, treedef, common, chunk, False)

        def share(first):
            return to_numpy(run(shared, stacks[first // size], args[_rows(first, size, len(models))]))

    outs = in_threads(share, range(0, len(models), size), workers, (run, size, *shapes))
    return jax.tree.map(lambda *v: np.concatenate(v)[: len(models)], *outs)


def _rows(first, size, number):
    """The rows of one share, the last of them repeated: a share of another size would be another program."""
    return np.minimum(np.arange(first, first + size), number - 1)


@lru_cache(maxsize=1)  # those that sample ask for the same models again and again
def _columns(arrays, size):
    """For each leaf whether it is common to the models, the common ones, and the others stacked, share by share."""
    columns = list(zip(*(leaves.item for leaves in arrays)))
    common = tuple(all(leaf is c[0] or np.array_equal(leaf, c[0]) for leaf in c[1:]) for c in columns)
    shared = [c[0] for c, same in zip(columns, common) if same]
    own = [np.stack(c) for c, same in zip(columns, common) if not same]
    stacks = [[v[_rows(first, size, len(arrays))] for v in own] for first in range(0, len(arrays), size)]
    with jax.ensure_compile_time_eval():  # also while something is traced
        return common, shared, jax.device_put(stacks)


@lru_cache(maxsize=64)
def _program(function, treedef, common, chunk, differentiable):
    """The compiled loop over chunks of models, each chunk vectorised."""

    def each(shared, stacked, args):
        def one(item):
            own, a = item
            own, rest = iter(own), iter(shared)
            leaves = [next(rest if same else own) for same in common]
            return function(jax.tree.unflatten(treedef, leaves), a)

        return (in_parts if differentiable else in_chunks)(one, (stacked, args), chunk)

    each.__name__ = each.__qualname__ = f"each_{function.__name__}"
    return jit(each)
