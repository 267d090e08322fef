"""What the tables of lens and light models measure speeds with."""

import time
from collections.abc import Callable, Sequence

import numpy as np

__all__ = ["grid", "seconds"]


def grid(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions of a square grid of n x n pixels, 6 arcsec wide."""
    axis = (np.arange(n) - (n - 1) / 2) * 6.0 / n
    x, y = np.meshgrid(axis, axis)
    return x.ravel(), y.ravel()


def seconds(calls: Sequence[Callable], rounds: int = 7) -> list[float]:
    """Shortest time of each of some calls, over a few short rounds in which they take turns."""
    numbers = []
    for call in calls:
        call()
        start = time.perf_counter()
        call()
        numbers.append(max(1, int(0.01 / max(time.perf_counter() - start, 1e-6))))
    shortest = [np.inf] * len(calls)
    for _ in range(rounds):
        for i, (call, number) in enumerate(zip(calls, numbers)):
            start = time.perf_counter()
            for _ in range(number):
                call()
            shortest[i] = min(shortest[i], (time.perf_counter() - start) / number)
    return shortest
