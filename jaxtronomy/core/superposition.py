"""The sum of many terms: each profile once, stacks of equal ones by a scan."""

from collections.abc import Callable, Sequence

import jax

from .blocks import accumulated
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

    return accumulated(lambda row: f(*coordinates, *full(row)), [s[:, None] for s in stacked])
