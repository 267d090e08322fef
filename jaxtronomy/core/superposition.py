"""The sum of many terms: each profile once, stacks of equal ones by a scan."""

from collections.abc import Callable, Sequence

import jax
from jax import lax

from .blocks import remade
from .parameters import Term

__all__ = ["superpose"]


def superpose(terms: Sequence[Term], function: Callable, *coordinates, zero):
    """Sum of ``function(profile)(*coordinates, *values)`` over the terms; ``zero`` if there are none.

    Equal profiles that come stacked are scanned, so that the program does not grow with their number.
    """
    result = None
    for profile, values, count, _ in terms:
        f = function(profile)
        if count == 1:
            part = f(*coordinates, *values)
        else:
            part = _scanned(f, coordinates, values)
        result = part if result is None else jax.tree.map(jax.numpy.add, result, part)
    return zero if result is None else result


def _scanned(f, coordinates, values):
    """Sum of ``f`` over the first axis of the stacked values; static values stay as they are."""
    stacked = [v for v in values if isinstance(v, jax.Array)]

    def full(row):
        row = list(row)
        return [row.pop(0) if isinstance(v, jax.Array) else v for v in values]

    first = f(*coordinates, *full([s[0] for s in stacked]))

    term = remade(lambda row: f(*coordinates, *full(row)))

    def step(acc, row):
        return jax.tree.map(jax.numpy.add, acc, term(row)), None

    return lax.scan(step, first, tuple(s[1:] for s in stacked))[0]
