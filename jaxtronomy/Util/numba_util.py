"""numba's compiler where it is installed. Nothing of this package needs it; user code written for lenstronomy may."""

from os import environ

from ..Conf.config_loader import numba_conf as _settings

__all__ = ["jit"]

numba_conf = _settings()
nopython = numba_conf["nopython"]
cache = numba_conf["cache"]
parallel = numba_conf["parallel"]
fastmath = numba_conf["fastmath"]
error_model = numba_conf["error_model"]
numba_enabled = numba_conf["enable"] and not environ.get("NUMBA_DISABLE_JIT", False)
numba = extending = None
if numba_enabled:
    try:
        import numba
        from numba import extending  # noqa: F401
    except ImportError:
        numba_enabled = False


def jit(nopython=nopython, cache=cache, parallel=parallel, fastmath=fastmath, error_model=error_model, inline="never"):
    """Decorator that compiles a function with numba, or leaves it as it is where numba is missing or switched off.

    :param nopython: see ``numba.jit``, as the following
    :param cache: compiled code is kept on disc
    :param parallel: loops run in parallel
    :param fastmath: floating-point arithmetic may be reordered
    :param error_model: 'python' or 'numpy'
    :param inline: 'never' or 'always'
    :return: decorator
    """
    if not numba_enabled:
        return lambda function: function
    return numba.jit(
        nopython=nopython, cache=cache, parallel=parallel, fastmath=fastmath, error_model=error_model, inline=inline
    )
