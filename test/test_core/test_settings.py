"""What the package sets of XLA: what the user has set stays."""

import os
from pathlib import Path

import jaxlib.version
import pytest

from jaxtronomy.core import settings

WIDE, WHOLE, *REST = (f"{name}={value}" for name, value in settings.FLAGS.items())
REST = " ".join(REST)
FFT = "--xla_cpu_multi_thread_eigen=false"


@pytest.mark.parametrize(
    "given, version, wanted",
    [
        ("", (0, 10, 2), f"{WIDE} {WHOLE} {REST}"),
        ("", (0, 11, 1), f"{WIDE} {WHOLE} {REST} {FFT}"),
        ("", (0, 12, 0, 1), f"{WIDE} {WHOLE} {REST}"),
        ("--xla_dump_to=/tmp", (0, 10, 2), f"--xla_dump_to=/tmp {WIDE} {WHOLE} {REST}"),
        ("--xla_disable_hlo_passes=", (0, 10, 2), f"--xla_disable_hlo_passes= {WIDE} {REST}"),
        ("/etc/flags", (0, 10, 2), "/etc/flags"),
    ],
)
def test_flags(given, version, wanted):
    assert settings._with_ours(given, version) == wanted


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
