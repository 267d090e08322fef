"""Large arrays in parts: computed in blocks that stay in the cache of a CPU, and written one after the other."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jax.custom_derivatives import SymbolicZero
from jax.extend.core import jaxpr_as_fun

from .numerics import along, paired, unforeseen, unpaired
from .parameters import Entries
from .threads import on_cpu
from .traces import with_constants, without_prelude

__all__ = ["accumulated", "in_blocks", "joined", "remade", "summed"]

MANY = 1 << 17  # positions from which on blocks pay, on a CPU
BLOCK = 10_000


def in_blocks(function: Callable, *arrays: jax.Array, least: int = MANY) -> Any:
    """``function(*arrays)``, whose derivatives in reverse mode keep no array of all positions either.

    :param function: pure, elementwise function of arrays, with a tree of arrays (..., positions)
    :param arrays: arrays (..., positions)
    :param least: fewer positions are not divided
    """
    n = arrays[0].shape[-1] if arrays[0].ndim else 1
    number = round(n / BLOCK)
    if n < least or number < 2 or not on_cpu():
        return function(*arrays)
    length = -(-n // number)

    def divided(v):
        padded = jnp.pad(v, [(0, 0)] * (v.ndim - 1) + [(0, number * length - n)], mode="edge")
        return jnp.moveaxis(padded.reshape(*v.shape[:-1], number, length), -2, 0)

    def whole(v):
        return jnp.moveaxis(v, 0, -2).reshape(*v.shape[1:-1], -1)[..., :n]

    blocks = looped(function, [*map(divided, arrays)], lambda step, rows: lax.map(lambda row: step(*row), rows))
    return jax.tree.map(whole, blocks)


def remade(function: Callable) -> Callable:
    """A step of a loop, whose arrays are computed again for derivatives instead of kept; what all steps share, before
    the loop.
    """
    return jax.checkpoint(function, prevent_cse=False)


def accumulated(term: Callable, rows: Any) -> Any:
    """Sum of ``term(row)`` over rows, by a loop; derivatives in reverse mode keep no array of a row.

    Arrays of one shape are summed two and two (:func:`~jaxtronomy.core.numerics.paired`).

    :param term: pure function of a row, with a tree of arrays
    :param rows: tree of arrays (passes, rows in one pass over the arrays, ...); with no passes the sum is zero
    """
    rows, tree = jax.tree.flatten(rows)
    row = [jax.ShapeDtypeStruct(r.shape[2:], r.dtype) for r in rows]
    closed, shapes = jax.make_jaxpr(lambda *r: term(jax.tree.unflatten(tree, r)), return_shape=True)(*row)
    outputs = [id(v) for v in closed.jaxpr.outvars]  # an array that a term gives twice is summed once
    groups = _in_pairs(dict(zip(outputs, closed.out_avals)))

    @remade
    def each(*row):
        values = dict(zip(outputs, jaxpr_as_fun(closed)(*row)))
        return [paired(*(values[o] for o in group)) for group in groups]

    def add(total, several):
        for k in range(rows[0].shape[1]):
            total = jax.tree.map(jnp.add, total, each(*(r[k] for r in several)))
        return total, None

    zeros = jax.tree.map(lambda s: jnp.zeros(s.shape, s.dtype), jax.eval_shape(each, *row))
    sums = {}
    for group, total in zip(groups, lax.scan(add, zeros, rows)[0]):
        sums |= zip(group, unpaired(total))
    return jax.tree.unflatten(jax.tree.structure(shapes), [sums[o] for o in outputs])


def _in_pairs(arrays):
    """The names of arrays, two and two of those of a shape and type."""
    alike = defaultdict(list)
    for name, array in arrays.items():
        alike[array.shape, array.dtype].append(name)
    return [names[i : i + 2] for names in alike.values() for i in range(0, len(names), 2)]


def summed(function: Callable, parts: Sequence[jax.Array], within: bool = False) -> Any:
    """Sum of ``function(*part)`` over the parts, one after the other; derivatives in reverse mode keep none of them.

    :param function: pure function of arrays, with any tree of arrays
    :param parts: arrays, (parts, ...)
    :param within: whether this is for one of several blocks (:func:`in_blocks`)
    """

    def loop(step, rows):
        zeros = jax.tree.map(lambda s: jnp.zeros(s.shape, s.dtype), jax.eval_shape(step, *(r[0] for r in rows)))
        return lax.scan(lambda total, row: (jax.tree.map(jnp.add, total, step(*row)), None), zeros, rows)[0]

    return looped(function, parts, loop, ahead=within)


def looped(function: Callable, rows: Sequence[jax.Array], loop: Callable, ahead: bool = True) -> Any:
    """``loop(function, rows)``, for which the numbers that the function takes from outside go through the loop too.

    XLA takes what depends on these numbers alone out of a loop, each as a step of its own, and their derivatives are
    numbers that go from step to step. Where many steps wait to be run, it hands half of them to a thread that sleeps,
    and the rest of the program goes on there; two programs that share a loop may then lie on one core for milliseconds.
    As a vector that is one of the arrays, the numbers are no such steps.

    :param function: pure function of arrays, with any tree of arrays; it is computed again for derivatives
    :param rows: arrays, (steps, ...)
    :param loop: function of a function and such arrays, with a list of arrays for the list that the function gives
    :param ahead: whether what depends on numbers alone is computed before the loop, by many small steps; worth it where
        the loop is long enough to be shared (:class:`~jaxtronomy.core.divided.Divided`)
    """
    closed, shapes = jax.make_jaxpr(function, return_shape=True)(*(r[0] for r in rows))
    constants, rest = without_prelude(closed) if ahead else with_constants(closed)
    constants = [*map(jnp.asarray, constants)]
    numbers = [i for i, c in enumerate(constants) if c.shape == () and jnp.issubdtype(c.dtype, jnp.floating)]

    def run(moving, constants, rows):
        @remade
        def step(row, *arrays):
            own, entries = list(constants), Entries(row)
            for k, i in enumerate(moving):
                own[i] = entries[k].astype(own[i].dtype)
            return rest(*own, *arrays)

        row = jnp.stack([constants[i] for i in moving]) if moving else jnp.zeros(0)
        return loop(step, (jnp.broadcast_to(row, (len(rows[0]), len(moving))), *rows))

    @jax.custom_jvp
    def value(constants, rows):
        return run(numbers, constants, rows)

    @partial(value.defjvp, symbolic_zeros=True)
    def derivative(primals, tangents):
        # of a loop with those numbers only that vary: a vector has derivatives for all its entries. The value is that
        # of the other loop: what only derivatives need is not computed with it
        moving = [i for i in numbers if not isinstance(tangents[0][i], SymbolicZero)]
        return value(*primals), along(partial(run, moving), primals, tangents)[1]

    return jax.tree.unflatten(jax.tree.structure(shapes), value(constants, list(rows)))


def joined(parts: Sequence[jax.Array]) -> jax.Array:
    """``jnp.concatenate(parts)``, each part written to a place that XLA does not know.

    What XLA knows to be a concatenation or a padding, it computes element by element on a CPU.

    :param parts: arrays that differ in their first axis only
    """
    if len(parts) == 1:
        return parts[0]
    whole = jnp.zeros((sum(map(len, parts)), *parts[0].shape[1:]), jnp.result_type(*parts))
    start = unforeseen().astype(int)
    for part in parts:
        whole = lax.dynamic_update_slice(whole, part.astype(whole.dtype), (start, *(0,) * (part.ndim - 1)))
        start += len(part)
    return whole
