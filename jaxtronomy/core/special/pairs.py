"""Complex numbers as pairs (real part, imaginary part) of real arrays: XLA's own do not vectorise on a CPU."""

from collections.abc import Sequence

import jax

__all__ = ["Pair", "reciprocal", "series", "times"]

Pair = tuple[jax.Array, jax.Array]


def times(a: Pair, b: Pair) -> Pair:
    """The product of two numbers."""
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def reciprocal(a: Pair) -> Pair:
    """One over a number, by one division; of numbers whose squares neither overflow nor vanish."""
    scale = 1 / (a[0] * a[0] + a[1] * a[1])
    return a[0] * scale, -a[1] * scale


def series(u: Pair, coefficients: Sequence[float]) -> Pair:
    """The polynomial in ``u`` with these real coefficients, lowest first (Knuth 4.6.4, equation 3)."""
    x, y = u
    twice, square = 2 * x, x * x + y * y
    b1, b2 = coefficients[-1], 0.0
    for c in coefficients[-2::-1]:
        b1, b2 = c + twice * b1 - square * b2, b1
    return b1 - x * b2, y * b2
