"""Many evaluations of one pure function: padded to few sizes, in chunks that fit the memory, on every core."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from .compile import to_numpy
from .jit import jit
from .numerics import unforeseen
from .regions import in_regions
from .threads import cores, in_threads, on_cpu
from .traces import is_traced
from .tree import Model, flatten

__all__ = ["chunk_size", "evaluate_batch", "in_chunks", "in_parts", "shares", "vectorised"]

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
    traced = is_traced((args, leaves))
    if isinstance(args, jax.Array) and (traced or not on_cpu()):
        return _traced_program(function, treedef, chunk)(leaves, args)
    out = _in_blocks(_block_program(function, treedef, chunk), leaves, np.asarray(args, dtype=float), chunk)
    return jax.tree.map(jnp.asarray, out) if isinstance(args, jax.Array) else to_numpy(out)


def _in_blocks(run, leaves, rows, chunk):
    """The program of a block, for all rows; on a CPU every core takes its share of them."""
    number, block = len(rows), max(BLOCK, chunk)
    workers, share = shares(number, chunk)
    size = min(block, share)

    def part(first):
        given = rows[first : first + size]
        padded = np.concatenate([given, np.broadcast_to(given[-1:], (block - len(given), given.shape[1]))])
        out = run(leaves, padded, -(-len(given) // chunk))
        return jax.tree.map(lambda v: np.asarray(v)[: len(given)], out)

    program = run, rows.shape[1], *map(np.shape, leaves)
    return jax.tree.map(lambda *v: np.concatenate(v), *in_threads(part, range(0, number, size), workers, program))


def shares(number: int, chunk: int) -> tuple[int, int]:
    """Threads for so many evaluations, and how many of them each takes: a multiple of those that go together."""
    chunks = -(-number // chunk)
    workers = min(cores(), chunks)
    return workers, chunk * -(-chunks // workers)


def vectorised(function: Callable, rows: Any) -> Any:
    """``function(row)`` for each row, all at once.

    :param function: pure function of a tree of arrays
    :param rows: tree of arrays, (rows, ...)
    """
    if len(jax.tree.leaves(rows)[0]) == 1:
        return jax.tree.map(lambda v: v[None], function(jax.tree.map(lambda v: v[0], rows)))
    return jax.vmap(function)(rows)


def in_chunks(function: Callable, rows: Any, chunk: int, count: int | None = None) -> Any:
    """``function(row)`` for each row, so many at once, one chunk after the other; without derivatives in reverse mode.

    :param function: pure function of a tree of arrays
    :param rows: tree of arrays, (n, ...), n a multiple of the chunk
    :param chunk: rows that are evaluated at once
    :param count: only so many chunks are evaluated; the results of the others are zero
    :return: results, stacked along the first axis
    """
    number = len(jax.tree.leaves(rows)[0])

    def evaluate(part):
        return vectorised(function, part)

    shapes = jax.eval_shape(evaluate, jax.tree.map(lambda v: v[:chunk], rows))

    def zeros(number):
        return jax.tree.map(lambda s: jnp.zeros((number, *s.shape[1:]), s.dtype), shapes)

    def body(i, out):
        part = jax.tree.map(lambda v: lax.dynamic_slice_in_dim(v, i * chunk, chunk), rows)
        if on_cpu():  # XLA takes nothing out of the loop: many small steps that wait to be run make it change threads
            values = lax.cond(unforeseen(), lambda _: zeros(chunk), evaluate, part)
        else:
            values = evaluate(part)
        return jax.tree.map(lambda o, v: lax.dynamic_update_slice_in_dim(o, v, i * chunk, 0), out, values)

    return lax.fori_loop(0, number // chunk if count is None else count, body, zeros(number))


def in_parts(function: Callable, rows: Any, chunk: int) -> Any:
    """``function(row)`` for each row, in equal parts of so many at most, one after the other; may be differentiated.

    :param function: pure function of a tree of arrays
    :param rows: tree of arrays, (n, ...)
    :param chunk: rows that are evaluated at once, at most
    :return: results, stacked along the first axis
    """
    number = len(jax.tree.leaves(rows)[0])
    parts = -(-number // chunk)
    size = -(-number // parts)

    def divided(v):  # equal parts: a remainder would be a second copy of the function
        padded = jnp.concatenate([v, jnp.broadcast_to(v[-1:], (parts * size - number, *v.shape[1:]))])
        return padded.reshape(parts, size, *v.shape[1:])

    out = lax.map(lambda part: vectorised(function, part), jax.tree.map(divided, rows))
    return jax.tree.map(lambda v: v.reshape(parts * size, *v.shape[2:])[:number], out)


@lru_cache(maxsize=256)
def _traced_program(function, treedef, chunk):
    """The compiled batch of a fixed number of rows, which may be differentiated."""

    def batch(leaves, rows):
        model = jax.tree.unflatten(treedef, leaves)
        return in_parts(lambda a: function(model, a), rows, chunk)

    batch.__name__ = batch.__qualname__ = f"batch_of_{function.__name__}"
    return jit(batch)


@lru_cache(maxsize=256)
def _block_program(function, treedef, chunk):
    """The compiled batch of a block of rows, of which only the first ``count`` chunks are evaluated."""

    def block(leaves, rows, count):
        model = jax.tree.unflatten(treedef, leaves)
        return in_chunks(lambda a: function(model, a), rows, chunk, count)

    block.__name__ = block.__qualname__ = f"batch_of_{function.__name__}"
    return jit(in_regions(block))


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
