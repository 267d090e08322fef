"""Complex numbers as pairs (real part, imaginary part) of real arrays: XLA's own do not vectorise on a CPU."""

from collections.abc import Sequence

import jax

__all__ = ["Pair", "clenshaw", "reciprocal", "series", "times"]

Pair = tuple[jax.Array, jax.Array]


def times(a: Pair, b: Pair) -> Pair:
    """The product of two numbers."""
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


def reciprocal(a: Pair) -> Pair:
    """One over a number, by one division; of numbers whose squares neither overflow nor vanish."""
    scale = 1 / (a[0] * a[0] + a[1] * a[1])
    return a[0] * scale, -a[1] * scale


def clenshaw(u: Pair, coefficients: Sequence[jax.typing.ArrayLike], state: tuple) -> tuple:
    """The state (b1, b2) of a polynomial in ``u`` after these real coefficients, the lowest last (Knuth 4.6.4).

    With no coefficients left the polynomial is ``b1 - conj(u) b2``.
    """
    x, y = u
    twice, square = 2 * x, x * x + y * y
    b1, b2 = state
    for c in reversed(coefficients):
        b1, b2 = (c - square * b2) + twice * b1, b1  # added last: no step waits long for the last one
    return b1, b2


def series(u: Pair, coefficients: Sequence[float]) -> Pair:
    """The polynomial in ``u`` with these real coefficients, lowest first."""
    b1, b2 = clenshaw(u, coefficients[:-1], (coefficients[-1], 0.0))
    return b1 - u[0] * b2, u[1] * b2
