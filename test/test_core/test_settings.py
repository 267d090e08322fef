"""What the package sets of XLA: what the user has set stays."""

import os
from pathlib import Path

import jaxlib.version
import pytest

from jaxtronomy.core import settings

WIDE, WHOLE, *REST = (f"{name}={value}" for name, value in settings.FLAGS.items())
REST = " ".join(REST)


@pytest.mark.parametrize(
    "given, wanted",
    [
        ("", f"{WIDE} {WHOLE} {REST}"),
        ("--xla_dump_to=/tmp", f"--xla_dump_to=/tmp {WIDE} {WHOLE} {REST}"),
        ("--xla_disable_hlo_passes=", f"--xla_disable_hlo_passes= {WIDE} {REST}"),
        ("/etc/flags", "/etc/flags"),
    ],
)
def test_flags(given, wanted):
    assert settings._with_ours(given) == wanted


@pytest.mark.parametrize(
    "given, version, threads",
    [("", (0, 10, 2), True), ("", (0, 11, 1), False), ("", (0, 12, 0, 1), True), ("", (0, 13), False)]
    + [(f"--xla_cpu_multi_thread_eigen={user}", (0, 10, 2), False) for user in ("true", "false")],
)
def test_threads_of_large_transforms(monkeypatch, given, version, threads):
    """Not where they hang, the flag is not known, or the user has set it."""
    monkeypatch.setattr(settings, "GIVEN", given)
    monkeypatch.setattr(jaxlib.version, "__version_info__", version)
    assert settings.with_threads() == ({"xla_cpu_multi_thread_eigen": True} if threads else {})


@pytest.mark.parametrize("limit, wide", [("AVX2", False), ("avx", False), ("AVX512", True), ("AMX", True)])
def test_vectors_that_the_user_limits(monkeypatch, limit, wide):
    monkeypatch.setenv("XLA_FLAGS", f"--xla_dump_to=/tmp --xla_cpu_max_isa={limit}")
    monkeypatch.setattr(Path, "read_text", lambda self: "flags : fpu avx2 avx512f avx512dq")
    assert settings.wide_vectors.__wrapped__() == wide


@pytest.mark.parametrize("version, one_thread", [((0, 10, 2), None), ((0, 13), "1"), ((1, 0), "1")])
def test_unknown_versions_get_no_flags(monkeypatch, version, one_thread):
    monkeypatch.setattr(jaxlib.version, "__version_info__", version)
    environment = {**os.environ, "XLA_FLAGS": "--xla_dump_to=/tmp"}
    environment.pop("NPROC", None)
    monkeypatch.setattr(os, "environ", environment)
    settings.configure()
    assert environment.get("NPROC") == one_thread
    assert (environment["XLA_FLAGS"] == "--xla_dump_to=/tmp") == (one_thread == "1")
