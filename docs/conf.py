"""Sphinx configuration; the page of native names and the list of API pages are made from the source at each build."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))

import re_exports  # noqa: E402

import jaxtronomy  # noqa: E402

project = "jaxtronomy"
author = "The jaxtronomy developers"
copyright = "2026, the jaxtronomy developers"
version = release = jaxtronomy.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.mathjax", "sphinx.ext.viewcode"]
templates_path = ["_templates"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"jaxtronomy {release}"
autosummary_generate = True
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"

(HERE / "native.rst").write_text(re_exports.rst(), encoding="utf-8")
(HERE / "api.rst").write_text(re_exports.api_rst(), encoding="utf-8")
