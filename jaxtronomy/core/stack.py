"""Many models of equal structure, each with its own data, in one program."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import jax
import numpy as np
from jax import lax

from .batch import chunk_size, cores, in_threads
from .compile import jit, to_numpy
from .tree import Model, flatten

__all__ = ["evaluate_each"]


def evaluate_each(function: Callable, models: Sequence[Model], args: Any) -> Any:
    """``function(model, a)`` for each model and its own vector ``a``, compiled, under the array rule.

    What is the same for all models (coordinates, a common PSF) is there once; the rest is stacked.

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
    leaves, treedef = flatten(models[0])
    shapes = [np.shape(leaf) for leaf in leaves]
    columns = [[leaf] for leaf in leaves]
    for i, model in enumerate(models[1:], 1):
        others, other_def = flatten(model)
        if other_def != treedef:
            raise ValueError(f"model {i} differs from model 0 in its structure: options, profiles or fixed parameters.")
        for column, leaf, shape in zip(columns, others, shapes):
            if np.shape(leaf) != shape:
                raise ValueError(f"model {i} has data of the shape {np.shape(leaf)} where model 0 has {shape}.")
            column.append(leaf)
    common = tuple(all(leaf is c[0] or np.array_equal(leaf, c[0]) for leaf in c[1:]) for c in columns)
    shared = [c[0] for c, same in zip(columns, common) if same]
    stacked = [np.stack(c) for c, same in zip(columns, common) if not same]
    program = _program(function, treedef, common, chunk_size(leaves, len(models)))
    if traced:
        return program(shared, stacked, args)
    # equal parts, one for each core of a CPU: a part of another size would be another program
    workers = min(cores(), len(models))
    size = -(-len(models) // workers)

    def part(first):
        rows = np.minimum(np.arange(first, first + size), len(models) - 1)
        return to_numpy(program(shared, [s[rows] for s in stacked] if workers > 1 else stacked, args[rows]))

    outs = in_threads(part, range(0, len(models), size), workers, (program, size, *shapes))
    return jax.tree.map(lambda *v: np.concatenate(v)[: len(models)], *outs)


@lru_cache(maxsize=64)
def _program(function, treedef, common, chunk):
    """The compiled loop over chunks of models, each chunk vectorised."""

    def each(shared, stacked, args):
        def one(item):
            own, a = item
            own, rest = iter(own), iter(shared)
            leaves = [next(rest if same else own) for same in common]
            return function(jax.tree.unflatten(treedef, leaves), a)

        if chunk == 1:
            return lax.map(one, (stacked, args))
        return lax.map(one, (stacked, args), batch_size=min(chunk, len(args)))

    each.__name__ = each.__qualname__ = f"each_{function.__name__}"
    return jit(each)
