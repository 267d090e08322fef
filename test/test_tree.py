"""Every name of lenstronomy has its path here, and the native path of a call does not touch lenstronomy."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parent.parent / "tools" / "re_exports.py"


def load_tool():
    """The script that knows lenstronomy's tree."""
    spec = importlib.util.spec_from_file_location("re_exports", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_module_offers_every_public_name():
    tool = load_tool()
    assert tool.modules(tool.REFERENCE).keys() <= tool.modules(tool.PACKAGE).keys()
    missing = [
        f"{module}.{name}"
        for module, names in tool.survey().items()
        for name, origin in names.items()
        if origin == "missing"
    ]
    assert missing == []


@pytest.mark.parametrize("module", ["jaxtronomy", "jaxtronomy.Workflow.fitting_sequence"])
def test_what_is_not_loaded(module):
    """Native modules load nothing of lenstronomy, and the parts of SciPy, which takes a second, when they are used."""
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    parts = "integrate", "interpolate", "ndimage", "optimize", "signal", "special", "stats"
    assert module in loaded and not {"lenstronomy", *(f"scipy.{part}" for part in parts)}.intersection(loaded)


def test_origin_of_names(tmp_path, monkeypatch):
    tool = load_tool()
    monkeypatch.setattr(tool, "PACKAGE", tmp_path)
    (tmp_path / "a.py").write_text('"""A."""\nfrom lenstronomy.a import x  # noqa\n\n\ndef y():\n    """Y."""\n')
    (tmp_path / "b.py").write_text('"""B."""\nfrom jaxtronomy.a import x, y\nfrom jaxtronomy.core.c import z\n')
    assert [tool.origin("a", name) for name in "xyz"] == ["re-export", "native", "missing"]
    assert [tool.origin("b", name) for name in "xyz"] == ["re-export", "native", "native"]
    assert not tool.is_re_export(tmp_path / "a.py")


def test_short_and_laconic():
    code = (
        "import warnings, types; warnings.simplefilter('ignore'); import jaxtronomy as jt; jt.short(); jt.laconic();"
        "assert isinstance(jt.LensModel.lens_model.LensModel, type);"
        "assert jt.LensModel_ is jt.LensModel.lens_model.LensModel;"
        "assert isinstance(jt.LensModel, types.ModuleType);"
        "assert not hasattr(jt, 'PSF') and not hasattr(jt, 'np')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
