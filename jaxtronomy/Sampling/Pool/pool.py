"""Pools of workers, for likelihoods that are not one program on the device.

The pools are those of schwimmbad (Price-Whelan & Foreman-Mackey 2017) and of multiprocess, imported when asked for.
"""

import logging
import sys

from jaxtronomy.core.extras import require

__all__ = ["choose_pool"]

log = logging.getLogger(__name__)


def choose_pool(mpi=False, processes=1, **kwargs):
    """A pool with methods ``map`` and ``is_master``.

    :param mpi: True for an MPI pool: every process but the first works for it and does not return from here
    :param processes: number of processes where ``mpi`` is False; 1 is this process alone
    :param kwargs: further arguments of the pool
    :return: pool
    :raises ImportError: when the package that has the pool is not installed
    :raises SystemError: when there is no MPI
    """
    schwimmbad = require("schwimmbad", "A pool of workers")
    if mpi:
        return _mpi_pool(schwimmbad.MPIPool, kwargs)
    if processes != 1:
        from jaxtronomy.Sampling.Pool.multiprocessing import MultiPool

        kwargs.pop("use_dill", None)  # it always does
        log.info("Running with MultiPool on %s cores", processes)
        return MultiPool(processes=processes, **kwargs)
    log.info("Running with SerialPool")
    return schwimmbad.SerialPool(**kwargs)


def _mpi_pool(pool_class, kwargs):
    """The MPI pool of the master; the others work until it is closed, and stop."""
    if not pool_class.enabled():
        raise SystemError("Tried to run with MPI but MPIPool not enabled.")
    try:
        pool = pool_class(**kwargs)
    except Exception as error:
        raise SystemError(f"Tried to run with MPI but failed to initialize MPIPool. Error message: {error}") from error
    if not pool.is_master():
        pool.wait()
        sys.exit(0)
    log.info("Running with MPI on %s cores", pool.size)
    return pool
