"""A pool of processes that can be interrupted, and that serialises with dill (functions within functions too)."""

import functools
import signal

from jaxtronomy.core.extras import require

multiprocess = require("multiprocess", "A pool of processes")
Pool = require("multiprocess.pool", "A pool of processes").Pool

__all__ = ["MultiPool"]


def _initializer_wrapper(actual_initializer, *rest):
    """Start of a worker: leave interrupts to the parent, then initialise."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if actual_initializer is not None:
        actual_initializer(*rest)


class CallbackWrapper:
    """Calls a function on each result of a list."""

    def __init__(self, callback):
        """
        :param callback: function of one result
        """
        self.callback = callback

    def __call__(self, tasks):
        for task in tasks:
            self.callback(task)


class MultiPool(Pool):
    """Pool of processes.

    They are spawned, not forked: JAX runs threads, and a fork of a process with threads may lock up.
    """

    wait_timeout = 3600

    def __init__(self, processes=None, initializer=None, initargs=(), **kwargs):
        """
        :param processes: number of processes, None for one per core
        :param initializer: function that each process calls once
        :param initargs: its arguments
        :param kwargs: further arguments of ``multiprocess.pool.Pool``
        """
        kwargs.setdefault("context", multiprocess.get_context("spawn"))
        super().__init__(processes, functools.partial(_initializer_wrapper, initializer), initargs, **kwargs)
        self.size = self._processes
        self.rank = 0

    def is_master(self):
        """True: only the parent holds the pool."""
        return self.rank == 0

    def is_worker(self):
        """False: only the parent holds the pool."""
        return self.rank != 0

    @staticmethod
    def enabled():
        """Whether such pools can be made here."""
        return True

    def map(self, func, iterable, chunksize=None, callback=None):
        """``[func(item) for item in iterable]``; can be interrupted.

        :param func: function of one item
        :param iterable: items
        :param chunksize: number of items sent at a time
        :param callback: called with each result in this process
        :return: results
        """
        wrapper = None if callback is None else CallbackWrapper(callback)
        result = self.map_async(func, iterable, chunksize=chunksize, callback=wrapper)
        while True:
            try:
                return result.get(self.wait_timeout)  # without a time-out an interrupt would be lost
            except multiprocess.TimeoutError:
                continue
            except KeyboardInterrupt:
                self.terminate()
                self.join()
                raise
