"""A pytest plugin that writes one JSON line per test, under xdist as without it.

Loaded with ``-p recorder``. The file named by ``CONFORMANCE_RECORD`` gets ``{"test", "outcome", "seconds", "why"}``.
"""

import json
import os
import sys


class Recorder:
    """Collects the phases of each test into one outcome: failed if any phase failed, else what the call said."""

    def __init__(self, path):
        """Open the record at `path`."""
        self.file = open(path, "w", encoding="utf-8")
        self.pending = {}

    def write(self, test, outcome, seconds=0.0, why=""):
        """Add one line and flush it, so that an interrupted run can be read."""
        self.file.write(json.dumps({"test": test, "outcome": outcome, "seconds": round(seconds, 2), "why": why}) + "\n")
        self.file.flush()

    def pytest_collectreport(self, report):
        """A module that cannot be imported is a failure of the module."""
        if report.failed:
            self.write(report.nodeid, "failed", why=reason(report))

    def pytest_runtest_logreport(self, report):
        """Merge the three phases of a test; write it with the last."""
        outcome, seconds, why = self.pending.pop(report.nodeid, ("passed", 0.0, ""))
        if report.failed and outcome != "failed":
            outcome, why = "failed", reason(report)
        elif report.skipped and outcome == "passed":
            outcome, why = "skipped", reason(report)
        entry = (outcome, seconds + report.duration, why)
        if report.when in ("setup", "call"):
            self.pending[report.nodeid] = entry
        else:
            self.write(report.nodeid, *entry)

    def pytest_sessionfinish(self):
        """Tests whose worker died never reach their last phase."""
        for test, (outcome, seconds, why) in self.pending.items():
            self.write(test, outcome, seconds, why)
        self.file.close()


def reason(report):
    """What went wrong, in one line, shortened."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        text = crash.message
    elif isinstance(report.longrepr, tuple):
        text = report.longrepr[-1]
    else:
        lines = [line for line in str(report.longrepr).splitlines() if line.startswith("E ")]
        text = lines[-1][1:] if lines else str(report.longrepr)
    return " ".join(text.split())[:400]


def pytest_runtest_teardown(item, nextitem):
    """Drop compiled programs with each module: thousands of them exceed the memory maps a process may have."""
    if nextitem is None or nextitem.path != item.path:
        jax = sys.modules.get("jax")
        if jax is not None:
            jax.clear_caches()


def pytest_configure(config):
    """Record in the controlling process only."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(os.environ["CONFORMANCE_RECORD"]), "conformance-recorder")
