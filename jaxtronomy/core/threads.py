"""All cores of a CPU: a program that XLA runs there occupies the thread that calls it, and no other."""

import os
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice

import jax

__all__ = ["cores", "in_threads", "on_cpu"]

CORES_VARIABLE = "JAXTRONOMY_CORES"
MOST = 1024  # programs that are known to be compiled


def on_cpu() -> bool:
    """Whether programs run on a CPU."""
    return jax.default_backend() == "cpu"


def cores() -> int:
    """Threads for the programs of this process: its CPU cores, or what ``JAXTRONOMY_CORES`` says.

    1 on a GPU, and within one of several threads.
    """
    if _shared.get() or not on_cpu():
        return 1
    if CORES_VARIABLE in os.environ:
        return int(os.environ[CORES_VARIABLE])
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_threads(call: Callable, parts: Sequence, workers: int, program: Hashable) -> list:
    """``call`` of each part, by so many threads; the one that asks is one of them.

    :param program: what tells the program that is called; the first time, one part goes before the others to compile it
    """
    results, open_parts = [None] * len(parts), iter(range(len(parts)))

    def work(most=None):
        token = _shared.set(workers > 1)
        try:
            for i in islice(open_parts, most):
                results[i] = call(parts[i])
        finally:
            _shared.reset(token)

    if program not in _compiled:
        work(1)
        if len(_compiled) == MOST:  # those that were forgotten meanwhile are not kept alive
            _compiled.clear()
        _compiled.add(program)
    others = min(workers, len(parts)) - 1
    helpers = [_pool(os.getpid()).submit(work) for _ in range(others)]
    try:
        work()
    finally:
        begun = [h for h in helpers if not h.cancel()]
        wait(begun)
    for helper in begun:
        helper.result()
    return results


@lru_cache(maxsize=1)
def _pool(process):
    """Threads that wait for work; a process that was forked has none of those of its parent."""
    return ThreadPoolExecutor(os.cpu_count())


_compiled: set = set()
_shared: ContextVar[bool] = ContextVar("within one of several threads", default=False)
