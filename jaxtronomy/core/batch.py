"""Many evaluations of one pure function: padded to few sizes, in chunks that fit the memory."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from .compile import jit, to_numpy
from .tree import Model, flatten

__all__ = ["batched", "chunk_size", "evaluate_batch"]

CACHE_FLOATS = 1 << 12  # on a CPU a chunk works on about so many numbers at a time: one image of 64 x 64 pixels
WIDEST = 64  # evaluations that a CPU vectorises at most: more bring nothing
BLOCK = 256  # rows that one call of a program takes, in NumPy
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
    number = len(args)
    if number == 0:
        return np.zeros(0)
    chunk = chunk_size(leaves, number)
    if isinstance(args, jax.Array):
        return _traced_program(function, treedef, chunk)(leaves, args)
    rows, block = np.asarray(args, dtype=float), max(BLOCK, chunk)
    run, parts = _block_program(function, treedef, chunk), []
    for first in range(0, number, block):
        part = rows[first : first + block]
        padded = np.concatenate([part, np.broadcast_to(part[-1:], (block - len(part), part.shape[1]))])
        out = run(leaves, padded, -(-len(part) // chunk))
        parts.append(jax.tree.map(lambda v, n=len(part): np.asarray(v)[:n], out))
    return to_numpy(jax.tree.map(lambda *v: np.concatenate(v), *parts))


def batched(function: Callable, model: Model, rows: jax.Array, chunk: int) -> Any:
    """``function(model, row)`` for each row, in equal parts of ``chunk`` at most, each of them vectorised; pure.

    :param rows: vectors, (n, parameters)
    :param chunk: see :func:`chunk_size`
    """
    number = len(rows)
    parts = -(-number // chunk)
    size = -(-number // parts)
    missing = parts * size - number  # equal parts: a remainder would be a second copy of the function
    padded = jnp.concatenate([rows, jnp.broadcast_to(rows[-1:], (missing, rows.shape[1]))])
    out = lax.map(lambda part: _vectorised(function, model, part), padded.reshape(parts, size, -1))
    return jax.tree.map(lambda v: v.reshape(parts * size, *v.shape[2:])[:number], out)


def _vectorised(function, model, rows):
    """The function of each row, all at once."""
    if len(rows) == 1:
        return jax.tree.map(lambda v: v[None], function(model, rows[0]))
    return jax.vmap(lambda a: function(model, a))(rows)


@lru_cache(maxsize=256)
def _traced_program(function, treedef, chunk):
    """The compiled batch of a fixed number of rows, which may be differentiated."""

    def batch(leaves, rows):
        return batched(function, jax.tree.unflatten(treedef, leaves), rows, chunk)

    batch.__name__ = batch.__qualname__ = f"batch_of_{function.__name__}"
    return jit(batch)


@lru_cache(maxsize=256)
def _block_program(function, treedef, chunk):
    """The compiled batch of a block of rows, of which only the first ``count`` chunks are evaluated."""

    def block(leaves, rows, count):
        model = jax.tree.unflatten(treedef, leaves)

        def evaluate(part):
            return _vectorised(function, model, part)

        def body(i, out):
            values = evaluate(lax.dynamic_slice_in_dim(rows, i * chunk, chunk))
            return jax.tree.map(lambda o, v: lax.dynamic_update_slice_in_dim(o, v, i * chunk, 0), out, values)

        shapes = jax.eval_shape(evaluate, rows[:chunk])
        out = jax.tree.map(lambda s: jnp.zeros((len(rows), *s.shape[1:]), s.dtype), shapes)
        return lax.fori_loop(0, count, body, out)

    block.__name__ = block.__qualname__ = f"batch_of_{function.__name__}"
    return jit(block)


def chunk_size(leaves: list, number: int) -> int:
    """How many evaluations go together: as many as stay in the cache of a CPU, or fit the memory of a GPU.

    :param leaves: the arrays of the model
    :param number: how many evaluations are wanted
    """
    size = max((np.size(leaf) for leaf in leaves), default=1)
    device = jax.devices()[0]
    if device.platform == "cpu":  # whatever the number: one program for all
        return min(WIDEST, _below(CACHE_FLOATS // max(size, 1)))
    limit = (device.memory_stats() or {}).get("bytes_limit", 8 << 30)
    room = int(limit * MEMORY_SHARE) // (8 * ARRAYS * max(size, 1))
    return min(_few(number), _below(room))


def _below(n: int) -> int:
    """The last power of two that is not above n, 1 at least."""
    return 1 << max(0, n.bit_length() - 1)


def _few(n: int) -> int:
    """The next power of two: few sizes, few programs."""
    return 1 << max(0, n - 1).bit_length()
