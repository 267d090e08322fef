"""Sphinx configuration; the page of native names, the list of API pages and the figures of the benchmarks are made at
each build.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tools"), str(HERE.parent / "benchmarks")]

import plots  # noqa: E402
import re_exports  # noqa: E402

import jaxtronomy  # noqa: E402

project = "jaxtronomy"
author = "The jaxtronomy developers"
copyright = "2026, the jaxtronomy developers"
version = release = jaxtronomy.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.mathjax", "sphinx.ext.viewcode"]
templates_path = ["_templates"]
exclude_patterns = ["_build", "benchmark_results.rst"]
html_theme = "furo"
html_title = f"jaxtronomy {release}"
autosummary_generate = True
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"

(HERE / "native.rst").write_text(re_exports.rst(), encoding="utf-8")
(HERE / "api.rst").write_text(re_exports.api_rst(), encoding="utf-8")
(HERE / "benchmark_results.rst").write_text(plots.rst(HERE / "plots"), encoding="utf-8")
