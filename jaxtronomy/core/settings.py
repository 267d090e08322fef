"""Precision, dispatch and compilation cache, set once when the package is imported."""

import ctypes
import os
import re
import sys
from functools import lru_cache
from pathlib import Path

import jax
import jaxlib.version

__all__ = ["CACHE_VARIABLE", "COMPLEX_IN_VECTORS", "ONE_STEP", "configure", "wide_vectors", "with_threads"]

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4  # glibc's malloc.h
FLAGS = {
    "--xla_cpu_prefer_vector_width": "512",
    "--xla_disable_hlo_passes": "cpu-parallel-task-assigner",
    "--xla_cpu_enable_concurrency_optimized_scheduler": "false",
    "--xla_backend_extra_options": "xla_cpu_disable_tiled_emitter",
    "--xla_cpu_multi_thread_eigen": "false",
}
GIVEN = os.environ.get("XLA_FLAGS", "")  # by the user, or by the package in the process that started this one
FLAGS_KNOWN_BEFORE = (0, 13)  # version of jaxlib: one that does not know a flag ends the process
FFT_HANGS = (0, 11), (0, 12)  # versions of jaxlib, from the first to before the second
COMPLEX_IN_VECTORS = jaxlib.version.__version_info__ >= (0, 8)  # whether loops with complex results are, on a CPU
NARROW = "SSE4_2", "AVX", "AVX2"  # what --xla_cpu_max_isa may limit XLA to, but for those with AVX-512
ONE_STEP = jaxlib.version.__version_info__ < FLAGS_KNOWN_BEFORE  # whether XLA makes a call one step, on a CPU
CACHE_VARIABLE = "JAXTRONOMY_COMPILATION_CACHE"


def configure() -> None:
    """Set what the package needs of JAX, leaving alone whatever the user has set.

    * double precision, unless ``JAX_ENABLE_X64`` is in the environment;
    * synchronous dispatch on the CPU, unless ``JAX_CPU_ENABLE_ASYNC_DISPATCH`` is (10 to 20 microseconds a call);
    * for XLA on a CPU, unless ``XLA_FLAGS`` has the same flag; without effect if a JAX backend has started before (only
      for versions of jaxlib before 0.13, which are known to have these flags; ``NPROC=1`` takes their place in others):

      - the widest vectors there are (XLA's own choice is half of them; 1.2 to 1.5 times faster with AVX-512);
      - loops that are not divided among threads: the hand-over to a thread that sleeps costs more than it gains (an
        isothermal ellipsoid on 60 x 60 positions takes 115 microseconds instead of 55 on two cores). Batches, many
        starts of a gradient ascent and long loops take all cores by threads of our own;
      - loops of sums, products, and roots alone by the same emitter as all others: that of jaxlib 0.10 for those writes
        each vector to the stack first (a reciprocal root takes ten times as long, a sum three times);
      - steps in an order that uses memory again soon, not one that leaves many of them to be run at the same time;
      - Fourier transforms by one thread, but for large ones (:class:`~jaxtronomy.core.divided.Divided`): one of 192 x
        192 numbers takes twice as long by two, and with jaxlib 0.11 they may wait for each other forever;
    * freed memory stays with the process (up to 1 GiB) instead of going back to the system and coming again page by
      page at the next call, which costs more than many a likelihood; with glibc, unless the environment sets
      ``MALLOC_TRIM_THRESHOLD_`` or ``MALLOC_MMAP_MAX_``;
    * compiled programs are kept in the user's cache folder, unless ``JAX_COMPILATION_CACHE_DIR`` is set;
      ``JAXTRONOMY_COMPILATION_CACHE=0`` switches that off, any other value is the folder to use.
    """
    if "JAX_ENABLE_X64" not in os.environ:
        jax.config.update("jax_enable_x64", True)
    if "JAX_CPU_ENABLE_ASYNC_DISPATCH" not in os.environ:
        jax.config.update("jax_cpu_enable_async_dispatch", False)
    if jaxlib.version.__version_info__ < FLAGS_KNOWN_BEFORE:
        os.environ["XLA_FLAGS"] = _with_ours(os.environ.get("XLA_FLAGS", ""))
    else:
        os.environ.setdefault("NPROC", "1")
    _keep_freed_memory()
    wanted = os.environ.get(CACHE_VARIABLE, "")
    if wanted.lower() in ("0", "off", "false", "no") or jax.config.jax_compilation_cache_dir:
        return
    folder = Path(wanted) if wanted else _user_cache() / "jaxtronomy" / "xla"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a read-only home: do without
        return
    if os.access(folder, os.W_OK):
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)


@lru_cache(maxsize=1)
def wide_vectors() -> bool:
    """Whether XLA computes with AVX-512 on the CPU; on Linux, and False where that is not known."""
    limit = re.search(r"--xla_cpu_max_isa=(\w+)", os.environ.get("XLA_FLAGS", ""))
    if limit and limit[1].upper() in NARROW:
        return False
    try:
        return "avx512f" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


def with_threads() -> dict:
    """Options for the compilation of a program whose Fourier transforms gain from several threads, on a CPU."""
    version, option = jaxlib.version.__version_info__, "xla_cpu_multi_thread_eigen"
    if FFT_HANGS[0] <= version < FFT_HANGS[1] or version >= FLAGS_KNOWN_BEFORE or option in GIVEN:
        return {}
    return {option: True}


def _with_ours(given: str) -> str:
    """The user's flags, and behind them ours that are not among them; the name of a file of flags as it is."""
    if given and not given.lstrip().startswith("-"):
        return given
    return " ".join([*filter(None, [given]), *(f"{name}={FLAGS[name]}" for name in FLAGS if name not in given)])


def _keep_freed_memory() -> None:
    """Tell glibc to take large arrays from the heap, and to keep the heap as it is."""
    if sys.platform != "linux" or "MALLOC_TRIM_THRESHOLD_" in os.environ or "MALLOC_MMAP_MAX_" in os.environ:
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # not with other C libraries
        mallopt(M_MMAP_MAX, 0)
        mallopt(M_TRIM_THRESHOLD, 1 << 30)


def _user_cache() -> Path:
    """Where the platform keeps a user's caches."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
