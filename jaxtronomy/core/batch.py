"""Many evaluations of one pure function: padded to few sizes, in chunks that fit the memory."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
import numpy as np
from jax import lax

from .compile import jit, to_numpy
from .tree import Model, flatten

__all__ = ["batched", "chunk_size", "evaluate_batch"]

CACHE_FLOATS = 1 << 12  # on a CPU a chunk works on about so many numbers at a time: one image of 64 x 64 pixels
MEMORY_SHARE = 0.25  # of a GPU's memory for the arrays of one chunk
ARRAYS = 12  # arrays of the size of the data that one evaluation keeps alive, roughly


def evaluate_batch(function: Callable, model: Model, args: Any) -> Any:
    """``function(model, a)`` for each row ``a``, compiled, under the array rule.

    :param function: pure function of a model and a vector
    :param model: the model, shared by all evaluations
    :param args: vectors, (n, parameters)
    :return: results, stacked along the first axis
    """
    leaves, treedef = flatten(model)
    traced = isinstance(args, jax.Array)
    number = len(args)
    if number == 0:
        return np.zeros(0)
    chunk = chunk_size(leaves, number)
    chunks = _few(-(-number // chunk))
    padded = args if traced else np.asarray(args, dtype=float)
    missing = chunks * chunk - number
    if missing:
        xp = jax.numpy if traced else np
        padded = xp.concatenate([padded, xp.broadcast_to(padded[-1:], (missing, padded.shape[1]))])
    out = jax.tree.map(lambda v: v[:number], _batch_program(function, treedef, chunk)(leaves, padded))
    return out if traced else to_numpy(out)


def batched(function: Callable, model: Model, rows: jax.Array, chunk: int) -> Any:
    """``function(model, row)`` for each row, ``chunk`` of them vectorised at a time; pure.

    :param rows: vectors, (n, parameters)
    :param chunk: see :func:`chunk_size`
    """
    if chunk == 1:
        return lax.map(lambda a: function(model, a), rows)
    return lax.map(lambda a: function(model, a), rows, batch_size=min(chunk, len(rows)))


@lru_cache(maxsize=256)
def _batch_program(function, treedef, chunk):
    """The compiled batch: a loop over chunks, each one vectorised."""

    def batch(leaves, rows):
        return batched(function, jax.tree.unflatten(treedef, leaves), rows, chunk)

    batch.__name__ = batch.__qualname__ = f"batch_of_{function.__name__}"
    return jit(batch)


def chunk_size(leaves: list, number: int) -> int:
    """How many evaluations go together: as many as stay in the cache of a CPU, or fit the memory of a GPU.

    :param leaves: the arrays of the model
    :param number: how many evaluations are wanted
    """
    size = max((np.size(leaf) for leaf in leaves), default=1)
    device = jax.devices()[0]
    if device.platform == "cpu":
        room = CACHE_FLOATS // max(size, 1)
    else:
        limit = (device.memory_stats() or {}).get("bytes_limit", 8 << 30)
        room = int(limit * MEMORY_SHARE) // (8 * ARRAYS * max(size, 1))
    return max(1, min(_few(number), 1 << max(0, room.bit_length() - 1)))


def _few(n: int) -> int:
    """The next power of two: few sizes, few programs."""
    return 1 << max(0, n - 1).bit_length()
