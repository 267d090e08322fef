"""Strict settings for the whole suite."""

import jax
import pytest

import jaxtronomy  # noqa: F401  precision, CPU settings and the compilation cache are set at import

jax.config.update("jax_numpy_rank_promotion", "raise")


@pytest.fixture(scope="module", autouse=True)
def _few_programs():
    """Drop compiled programs with each module: thousands of them exceed the memory maps a process may have."""
    yield
    jax.clear_caches()
