"""Strict settings for the whole suite."""

import gc

import jax
import pytest

import jaxtronomy  # noqa: F401  precision, CPU settings and the compilation cache are set at import

jax.config.update("jax_numpy_rank_promotion", "raise")
gc.set_threshold(100_000, 50, 50)  # traces are many objects that live long: looking them through takes a twentieth


def pytest_addoption(parser):
    """``--full``: the slow tests too."""
    parser.addoption("--full", action="store_true", help="run the slow tests too (make test-full)")


def pytest_collection_modifyitems(config, items):
    """Leave out what is marked as slow, unless ``--full`` is given."""
    if not config.getoption("--full"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="slow: make test-full runs it"))


@pytest.fixture(scope="module", autouse=True)
def _few_programs():
    """Drop compiled programs with each module: thousands of them exceed the memory maps a process may have."""
    yield
    jax.clear_caches()
