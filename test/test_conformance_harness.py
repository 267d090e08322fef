"""The harness that runs lenstronomy's suite: the swap of the import, the verdict, and the ledger file."""

import importlib.util
from pathlib import Path

import pytest

PATH = Path(__file__).parent / "conformance" / "run.py"


@pytest.fixture
def run(tmp_path):
    """The harness, its files in a temporary folder."""
    spec = importlib.util.spec_from_file_location("conformance_run", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.LEDGER, module.NATIVE = tmp_path / "ledger.toml", tmp_path / "native.txt"
    return module


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("import lenstronomy\n", "import jaxtronomy\n"),
        ("    import lenstronomy as ls\n", "    import jaxtronomy as ls\n"),
        ("import lenstronomy.Util.util as util\n", "import jaxtronomy.Util.util as util\n"),
        ("from lenstronomy.Data.psf import PSF\n", "from jaxtronomy.Data.psf import PSF\n"),
        ("from lenstronomy import LensModel\n", "from jaxtronomy import LensModel\n"),
        ('patch("lenstronomy.Sampling.sampler.choose_pool")', 'patch("jaxtronomy.Sampling.sampler.choose_pool")'),
        ("os.path.dirname(lenstronomy.__file__)", "os.path.dirname(jaxtronomy.__file__)"),
        ('solver="lenstronomy"', 'solver="lenstronomy"'),
        ("# https://github.com/lenstronomy/lenstronomy.git", "# https://github.com/lenstronomy/lenstronomy.git"),
    ],
)
def test_swap(run, theirs, ours):
    assert run.swap(theirs) == ours


def outcomes(**of):
    """Outcomes of tests of one module."""
    return {f"test_A/test_a.py::{test}": {"outcome": outcome, "why": "", "seconds": 0} for test, outcome in of.items()}


def test_verdict(run):
    found = outcomes(good="passed", bad="failed", listed="failed", native="failed", mended="passed", skipped="skipped")
    ledger = {f"test_A/test_a.py::{test}": "reason" for test in ("listed", "mended", "skipped")}
    ledger["test_A/test_gone.py::test_gone"] = "reason"
    unexpected, fixed, stale = run.judge(found, ledger, {"test_A/test_a.py::native": "why"}, [])
    assert unexpected == ["test_A/test_a.py::bad"]
    assert fixed == ["test_A/test_a.py::mended", "test_A/test_a.py::skipped"]
    assert stale == ["test_A/test_gone.py::test_gone"]


def test_verdict_leaves_other_parts_alone(run):
    ledger = {"test_B/test_b.py::listed": "reason"}
    assert run.judge(outcomes(good="passed"), ledger, {}, ["test_A"]) == ([], [], [])


def test_module_that_cannot_be_imported(run):
    found = {"test_A/test_a.py": {"outcome": "failed", "why": "ImportError", "seconds": 0}}
    assert run.judge(found, {}, {}, [])[0] == ["test_A/test_a.py"]
    assert run.judge(found, {"test_A/test_a.py": "reason"}, {}, []) == ([], [], [])
    assert run.judge(outcomes(good="passed"), {"test_A/test_a.py": "reason"}, {}, [])[1] == ["test_A/test_a.py"]


def test_ledger_is_read_as_written(run):
    ledger = {"a.py::x": 'says "no"', "a.py::y[β-1]": "slow", "b.py::z": "slow"}
    run.write_ledger(ledger)
    assert run.read_ledger() == ledger


def test_ledger_names_a_test_once(run):
    run.LEDGER.write_text('[[group]]\nreason = "a"\ntests = ["x"]\n[[group]]\nreason = "b"\ntests = ["x"]\n')
    with pytest.raises(SystemExit, match="lists x twice"):
        run.read_ledger()


def test_native_failures(run):
    run.write_native(outcomes(bad="failed", good="passed"), [])
    run.write_native({"test_B/b.py::t": {"outcome": "failed", "why": "no file '/home/me/x/data.fits'"}}, ["test_B"])
    assert run.read_native() == {"test_A/test_a.py::bad": "failed", "test_B/b.py::t": "no file 'data.fits'"}
    run.write_native({}, ["test_B"])
    assert list(run.read_native()) == ["test_A/test_a.py::bad"]


def test_part_is_a_whole_path(run):
    assert run.within("test_A/test_a.py::x", ["test_A"])
    assert run.within("test_A/test_a.py::x", ["test_A/test_a.py"])
    assert not run.within("test_A/test_a.py::x", ["test_A/test"])
