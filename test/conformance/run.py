"""Run lenstronomy's own test suite on jaxtronomy and hold the outcome against the ledger.

The suite comes with lenstronomy's source distribution, which pip fetches; it is never kept in this repository. A copy
of it, in which every import of ``lenstronomy`` reads ``jaxtronomy``, runs under pytest with a time-out per test.

    python test/conformance/run.py                                    the whole suite
    python test/conformance/run.py --part test_LensModel/test_Profiles --part test_Util/test_util.py
    python test/conformance/run.py --update-ledger                    take passing tests off the ledger
    python test/conformance/run.py --update-ledger --grow "REASON"    and add the new failures, under that reason
    python test/conformance/run.py --native                           lenstronomy on itself: writes native.txt

``ledger.toml`` lists, with reasons, the tests that are not expected to pass yet. ``native.txt`` lists those that fail
on lenstronomy itself; they are not held against us. The exit status is 1 when a test outside both lists fails, when a
test on the ledger passes, and when the ledger names a test that does not exist.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent.parent / "build" / "conformance"
LEDGER = HERE / "ledger.toml"
NATIVE = HERE / "native.txt"
RELEASE = "lenstronomy-1.14.2"

#: ``import lenstronomy``, ``from lenstronomy.X import``, ``lenstronomy.X.Y`` in code and in the strings of monkeypatch.
SWAP = re.compile(r"(?m)(?<=^)(\s*(?:from|import)\s+)lenstronomy\b|(?<![\w./])lenstronomy(?=\.(?:[A-Z]|__file__))")

#: Folders of the machine a failure was met on, which say nothing about it.
FOLDERS = re.compile(r"(?<!\w)/(?:[\w.+-]+/)+")


def swap(text):
    """The text of a test module with jaxtronomy in lenstronomy's place."""
    return SWAP.sub(lambda match: (match.group(1) or "") + "jaxtronomy", text)


def fetch():
    """Folder of the unpacked source distribution, downloaded on first use."""
    folder = BUILD / RELEASE
    if not folder.is_dir():
        BUILD.mkdir(parents=True, exist_ok=True)
        archive = BUILD / f"{RELEASE}.tar.gz"
        if not archive.exists():
            command = ["download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", str(BUILD)]
            subprocess.run([sys.executable, "-m", "pip", *command, RELEASE.replace("-", "==")], check=True)
        with tarfile.open(archive) as tar:
            # Python before 3.11.4 has no filters
            tar.extractall(BUILD, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    return folder


def prepare(suite, native):
    """Copy the suite to a folder of its own (runs may go side by side), swapped unless `native`."""
    shutil.copytree(fetch() / "test", suite / "test", ignore=shutil.ignore_patterns("__pycache__"))
    if not native:
        for path in (suite / "test").rglob("*.py"):
            path.write_text(swap(path.read_text(encoding="utf-8")), encoding="utf-8")
    (suite / "pytest.ini").write_text("[pytest]\n")


def run_suite(suite, parts, workers, timeout):
    """Run pytest on the parts; return ``{test: {"outcome", "seconds", "why"}}``, the ids without the leading test/."""
    record = suite / "record.jsonl"
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    environment = threads | os.environ | {"CONFORMANCE_RECORD": str(record), "MPLBACKEND": "Agg"}
    environment["PYTHONPATH"] = str(HERE)
    command = [sys.executable, "-m", "pytest", "-c", "pytest.ini", "-p", "recorder", "-p", "no:cacheprovider"]
    command += ["-q", "--no-header", "--tb=line", "--disable-warnings", f"--timeout={timeout}", "-n", str(workers)]
    command += ["--dist", "worksteal", "--max-worker-restart", "100"]
    command += [f"test/{part}" for part in parts] or ["test"]
    status = subprocess.run(command, cwd=suite, env=environment, stdin=subprocess.DEVNULL).returncode
    if status not in (0, 1, 2, 5):
        raise SystemExit(f"pytest ended with status {status}")
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    return {line.pop("test").removeprefix("test/"): line for line in lines}


def within(test, parts):
    """True when the test belongs to one of the parts (all tests do when there are none)."""
    return not parts or any(test == part or test.startswith((f"{part}/", f"{part}::")) for part in parts)


def check_parts(parts):
    """The parts without leading test/ and trailing slash; an error names one that the suite does not have."""
    parts = [part.removeprefix("test/").rstrip("/") for part in parts]
    for part in parts:
        if not (fetch() / "test" / part.split("::")[0]).exists():
            raise SystemExit(f"{RELEASE} has no test/{part}")
    return parts


def read_ledger():
    """``{test: reason}`` from ledger.toml."""
    groups = tomllib.loads(LEDGER.read_text(encoding="utf-8")).get("group", []) if LEDGER.exists() else []
    ledger = {}
    for group in groups:
        for test in group["tests"]:
            if test in ledger:
                raise SystemExit(f"{LEDGER.name} lists {test} twice")
            ledger[test] = group["reason"]
    return ledger


def write_ledger(ledger):
    """Write ``{test: reason}`` to ledger.toml, a group per reason, sorted."""
    lines = ["# Tests of lenstronomy's suite that are not expected to pass yet. Written by run.py --update-ledger."]
    for reason in sorted(set(ledger.values())):
        tests = sorted(test for test in ledger if ledger[test] == reason)
        lines += ["", "[[group]]", f"reason = {json.dumps(reason, ensure_ascii=False)}", "tests = ["]
        lines += [f"    {json.dumps(test)}," for test in tests] + ["]"]
    LEDGER.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_native():
    """``{test: why}`` from native.txt."""
    if not NATIVE.exists():
        return {}
    lines = [line for line in NATIVE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("  ", 1) for line in lines)


def write_native(outcomes, parts):
    """Record the failures of a native run; entries outside its parts stay."""
    failures = {test: why for test, why in read_native().items() if not within(test, parts)}
    for test, entry in outcomes.items():
        if entry["outcome"] == "failed":
            failures[test] = FOLDERS.sub("", entry["why"])[:120] or "failed"
    head = f"# Tests that fail on {RELEASE} itself. Written by run.py --native."
    NATIVE.write_text("\n".join([head, *(f"{test}  {failures[test]}" for test in sorted(failures))]) + "\n")
    print(f"{len(failures)} tests on {NATIVE.name}")


def known(test, names):
    """True when the test, or the module it stands in, is among the names."""
    return test in names or test.split("::")[0] in names


def judge(outcomes, ledger, native, parts):
    """Compare; return (new failures, ledger entries that pass, ledger entries that no longer exist)."""
    failed = {test for test, entry in outcomes.items() if entry["outcome"] == "failed"}
    unexpected = sorted(test for test in failed if not known(test, ledger) and not known(test, native))
    modules = {test.split("::")[0] for test in outcomes}
    fixed, stale = [], []
    for test in sorted(test for test in ledger if within(test, parts)):
        if test in failed:
            continue
        (fixed if test in outcomes or test in modules else stale).append(test)
    return unexpected, fixed, stale


def report(title, tests, notes):
    """Print a list of tests under a title, if there are any."""
    if tests:
        print(f"\n{title} ({len(tests)}):")
        for test in tests:
            print(f"  {test}  {notes(test)}".rstrip())


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--part", action="append", default=[], metavar="PATH", help="folder, module or test; repeatable"
    )
    parser.add_argument("--parts-from", metavar="FILE", help="a file with one part per line")
    parser.add_argument("--native", action="store_true", help="run lenstronomy on itself and write native.txt")
    parser.add_argument("--update-ledger", action="store_true", help="take passing and vanished tests off the ledger")
    parser.add_argument("--grow", metavar="REASON", help="with --update-ledger: add new failures under this reason")
    parser.add_argument("-n", "--workers", type=int, default=2)
    parser.add_argument("--timeout", type=int, default=120, help="seconds per test")
    arguments = parser.parse_args()
    if arguments.grow and not arguments.update_ledger:
        parser.error("--grow goes with --update-ledger")
    parts = list(arguments.part)
    if arguments.parts_from:
        lines = [line.split("#")[0].strip() for line in Path(arguments.parts_from).read_text().splitlines()]
        parts += [line for line in lines if line]
    parts = check_parts(parts)

    fetch()
    with tempfile.TemporaryDirectory(prefix="suite-", dir=BUILD) as folder:
        prepare(Path(folder), arguments.native)
        outcomes = run_suite(Path(folder), parts, arguments.workers, arguments.timeout)
    if arguments.native:
        write_native(outcomes, parts)
        return 0
    ledger, native = read_ledger(), read_native()
    unexpected, fixed, stale = judge(outcomes, ledger, native, parts)
    report("Failures that the ledger does not expect", unexpected, lambda test: outcomes[test]["why"][:160])
    report("On the ledger, but not failing: take them off", fixed, lambda test: "")
    report("On the ledger, but not in the suite", stale, lambda test: "")
    if arguments.update_ledger:
        ledger = {test: reason for test, reason in ledger.items() if test not in {*fixed, *stale}}
        if arguments.grow:
            ledger |= dict.fromkeys(unexpected, arguments.grow)
            unexpected = []
        write_ledger(ledger)
        fixed = stale = []
    count = Counter(entry["outcome"] for entry in outcomes.values())
    listed = sum(within(test, parts) for test in ledger)
    print(
        f"\nconformance: {count['passed']} passed, {count['skipped']} skipped, {count['failed']} failed; "
        f"{listed} on the ledger, {len(unexpected)} unexpected, {len(fixed) + len(stale)} to take off"
    )
    return 1 if unexpected or fixed or stale else 0


if __name__ == "__main__":
    sys.exit(main())
