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

__all__ = ["accumulated", "in_blocks", "joined", "remade"]

MANY = 1 << 17  # positions from which on blocks pay, on a CPU
BLOCK = 10_000


def in_blocks(function: Callable, *arrays: jax.Array, parts: Sequence[jax.Array] = ()) -> Any:
    """``function(*arrays)``, or the sum of ``function(*arrays, *part)`` over parts, one after the other.

    On a CPU many positions (with parts: more than one block of them) are divided. Derivatives in reverse mode keep no
    array of all positions, or of a part, either.

    :param function: pure, elementwise function of arrays, with a tree of arrays (..., positions)
    :param arrays: arrays (..., positions)
    :param parts: arrays (parts,) or (parts, positions)
    """
    n = arrays[0].shape[-1] if arrays and arrays[0].ndim else 1
    number = max(round(n / BLOCK), 1) if on_cpu() and (parts or n >= MANY) else 1
    if number > 1:
        length = -(-n // number)

        def divided(v):
            padded = jnp.pad(v, [(0, 0)] * (v.ndim - 1) + [(0, number * length - n)], mode="edge")
            return jnp.moveaxis(padded.reshape(*v.shape[:-1], number, length), -2, 0)

        def whole(v):
            return jnp.moveaxis(v, 0, -2).reshape(*v.shape[1:-1], -1)[..., :n]

        parts = [divided(p) if p.ndim > 1 else jnp.broadcast_to(p, (number, *p.shape)) for p in parts]
        return jax.tree.map(whole, _looped(function, [*map(divided, arrays)], parts, number))
    return _looped(function, arrays, parts) if parts else function(*arrays)


def _looped(function, arrays, parts, blocks=None):
    """The same, of arrays and parts that have an axis of blocks in front, if there are blocks.

    XLA takes what depends on numbers alone out of a loop, each as a step of its own, and their derivatives are numbers
    that go from step to step. Where many steps wait to be run, it hands half of them to a thread that sleeps, and the
    rest of the program goes on there; two programs that share a loop may then lie on one core for milliseconds. So the
    numbers that the function takes from outside go through the loops as a vector. What it computes from them alone
    comes before the loops if these are long; in a program that is not shared, it would be the many small steps.
    """
    example = jax.tree.map(lambda v: v[0], (arrays, parts)) if blocks else (arrays, parts)
    closed, shapes = jax.make_jaxpr(function, return_shape=True)(*example[0], *(p[0] for p in example[1]))
    constants, rest = without_prelude(closed) if blocks else with_constants(closed)
    constants = [*map(jnp.asarray, constants)]
    numbers = [i for i, c in enumerate(constants) if c.shape == () and jnp.issubdtype(c.dtype, jnp.floating)]

    def run(moving, constants, arrays, parts):
        @remade
        def step(row, *given):
            own, entries = list(constants), Entries(row)
            for k, i in enumerate(moving):
                own[i] = entries[k].astype(own[i].dtype)
            return rest(*own, *given)

        def block(row, arrays, parts):
            if not parts:
                return step(row, *arrays)

            def add(total, part):
                return jax.tree.map(jnp.add, total, step(part[0], *arrays, *part[1:])), None

            zeros = [jnp.zeros(v.shape, v.dtype) for v in closed.out_avals]
            return lax.scan(add, zeros, (jnp.broadcast_to(row, (len(parts[0]), row.size)), *parts))[0]

        row = jnp.stack([constants[i] for i in moving]) if moving else jnp.zeros(0)
        if not blocks:
            return block(row, arrays, parts)
        each = remade(lambda given: block(*given))
        return lax.map(each, (jnp.broadcast_to(row, (blocks, row.size)), arrays, parts))

    @jax.custom_jvp
    def value(*given):
        return run(numbers, *given)

    @partial(value.defjvp, symbolic_zeros=True)
    def derivative(primals, tangents):
        # of loops with those numbers only that vary: a vector has derivatives for all its entries. The value is that of
        # the other loops: what only derivatives need is not computed with it
        moving = [i for i in numbers if not isinstance(tangents[0][i], SymbolicZero)]
        return value(*primals), along(partial(run, moving), primals, tangents)[1]

    return jax.tree.unflatten(jax.tree.structure(shapes), value(constants, list(arrays), list(parts)))


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
