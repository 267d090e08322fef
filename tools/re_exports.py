"""Write, and report on, the modules that only pass on lenstronomy's names.

Every module path of lenstronomy exists in jaxtronomy. Where nothing native stands yet, the module is an explicit
re-export, one line per name. Which names those are is read from lenstronomy's source, without running it: what the
module defines, and what lenstronomy's other modules and its tests take from it.

    python tools/re_exports.py                   write the modules that do not exist (never touches one that does)
    python tools/re_exports.py LensModel/Solver  only those under a folder
    python tools/re_exports.py --check           list the modules that are re-exports, and reference names not offered
    python tools/re_exports.py --rst FILE        write the documentation page of native and re-exported names

Tests are read from the source distribution that ``make conformance`` unpacks; without it only the package is read.
"""

import argparse
import ast
import importlib.util
import sys
import warnings
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "jaxtronomy"
REFERENCE = Path(importlib.util.find_spec("lenstronomy").origin).parent
SUITE = ROOT / "build" / "conformance" / "lenstronomy-1.14.2" / "test"


def parse(path):
    """The syntax tree of a file; lenstronomy's docstrings have stray backslashes, which Python warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(path.read_text(encoding="utf-8"))


def modules(root):
    """``{dotted path below root: file}`` for every module that is not a package's ``__init__``."""
    paths = sorted(path for path in root.rglob("*.py") if path.name != "__init__.py")
    return {".".join(path.relative_to(root).with_suffix("").parts): path for path in paths}


def statements(tree):
    """Top-level statements, those inside ``if``, ``try`` and ``with`` included."""
    queue = list(tree.body)
    while queue:
        node = queue.pop(0)
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            for field in ("body", "orelse", "handlers", "finalbody"):
                for child in getattr(node, field, []):
                    queue.extend(child.body if isinstance(child, ast.ExceptHandler) else [child])


def defined(tree):
    """Names a module defines itself, in order of appearance; no dunder but ``__all__``, and no ``export``."""
    names = []
    for node in statements(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)]
    return [name for name in dict.fromkeys(names) if name != "export" and (name == "__all__" or name[:2] != "__")]


def exported(tree):
    """Names of the functions and classes decorated with ``export``."""
    return {
        node.name
        for node in statements(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Name) and decorator.id == "export"
    }


def imported(tree):
    """``{name: (module it comes from, its name there)}`` for the top-level ``from ... import`` statements."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in statements(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def uses(files, known):
    """``{module: names}`` that the files take from modules in `known`: by import, attribute or patch string."""
    found = defaultdict(set)
    for path in files:
        tree, alias_of = parse(path), {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    module = alias.name.removeprefix("lenstronomy.")
                    if alias.asname and module in known:
                        alias_of[alias.asname] = module
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lenstronomy"):
                module = node.module.removeprefix("lenstronomy").removeprefix(".")
                for alias in node.names:
                    if module in known:
                        found[module].add(alias.name)
                    elif f"{module}.{alias.name}" in known:
                        alias_of[alias.asname or alias.name] = f"{module}.{alias.name}"
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                parts = node.value.removeprefix("lenstronomy.").split(".")
                for length in range(1, len(parts)):
                    module = ".".join(parts[:length])
                    if module in known and node.value.startswith("lenstronomy."):
                        found[module].add(parts[length])
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in alias_of:
                found[alias_of[node.value.id]].add(node.attr)
    return found


def wanted():
    """``{module: names}`` that each module of lenstronomy has to offer."""
    reference = modules(REFERENCE)
    tests = sorted(SUITE.rglob("*.py")) if SUITE.is_dir() else []
    used = uses([*sorted(REFERENCE.rglob("*.py")), *tests], reference)
    table = {}
    for module, path in reference.items():
        tree = parse(path)
        offered = used[module] | exported(tree) | {"__all__"}
        own = [name for name in defined(tree) if name in offered or not name.startswith("_")]
        others = {
            alias.asname or alias.name.split(".")[0]
            for node in statements(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        table[module] = own + sorted(used[module] & others - set(own))
    return table


def import_order(name):
    """Constants, then classes, then the rest: the order ruff asks for."""
    return (0 if len(name) > 1 and name.isupper() else 1 if name[0].isupper() else 2, name)


def text_of(module, names):
    """Source of a re-export module."""
    reference = f"lenstronomy.{module}"
    lines = [f'"""Re-export of ``{reference}``."""', "", f"from {reference} import (  # noqa: F401"]
    return "\n".join([*lines, *(f"    {name}," for name in sorted(names, key=import_order)), ")"]) + "\n"


def write(under):
    """Create the missing modules; return their paths."""
    written = []
    for module, names in wanted().items():
        path = PACKAGE.joinpath(*module.split(".")).with_suffix(".py")
        if path.exists() or not module.startswith(tuple(prefix.replace("/", ".") for prefix in under) or ""):
            continue
        path.write_text(text_of(module, names), encoding="utf-8")
        written.append(path.relative_to(ROOT))
    return written


def origin(module, name, depth=0):
    """``"native"``, ``"re-export"`` or ``"missing"``, following imports from one module of jaxtronomy to another."""
    path = PACKAGE.joinpath(*module.split(".")).with_suffix(".py")
    if not path.exists():
        return "missing"
    tree = parse(path)
    if name in defined(tree):
        return "native"
    source, other = imported(tree).get(name, ("", name))
    if source.split(".")[0] == "lenstronomy":
        return "re-export"
    if source.startswith("jaxtronomy.") and depth < 5:
        found = origin(source.removeprefix("jaxtronomy."), other, depth + 1)
        return "native" if found == "missing" else found
    return "native" if source else "missing"


def public(tree):
    """The public functions and classes of a module; its constants where it has nothing else."""
    callables = [node.name for node in statements(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return [name for name in dict.fromkeys(callables or defined(tree)) if not name.startswith("_")]


def survey():
    """``{module: {name: origin}}`` for the public names that lenstronomy's modules define."""
    return {
        module: {name: origin(module, name) for name in public(parse(path))}
        for module, path in modules(REFERENCE).items()
    }


def check():
    """Print what is re-exported and what is missing; return the number of missing names."""
    missing = []
    for module, names in survey().items():
        if names and set(names.values()) == {"re-export"}:
            print(f"re-export  {module}")
        else:
            missing += [f"{module}.{name}" for name, where in names.items() if where == "missing"]
    for name in missing:
        print(f"missing    {name}")
    return len(missing)


def rst():
    """The documentation page, as reStructuredText."""
    table, sections = survey(), defaultdict(list)
    count = defaultdict(int)
    for module, names in table.items():
        for where in names.values():
            count[where] += 1
        if names:
            sections[module.split(".")[0]].append((module, names))
    lines = [
        "Native and re-exported names",
        "============================",
        "",
        "Everything in lenstronomy's tree can be imported from jaxtronomy. *Native* names are jaxtronomy's own: what",
        "computes among them can be compiled, batched and differentiated. *Re-exported* ones are lenstronomy's",
        "objects, and run as they do there.",
        "",
        f"Of {sum(count.values())} public names, {count['native']} are native and {count['re-export']} re-exported.",
    ]
    for area in sorted(sections):
        lines += ["", area, "-" * len(area), "", ".. list-table::", "   :header-rows: 1", "   :widths: 34 33 33", ""]
        lines += ["   * - Module", "     - Native", "     - Re-exported"]
        for module, names in sections[area]:
            lines.append(f"   * - ``{module}``")
            for kind in ("native", "re-export"):
                listed = ", ".join(f"``{name}``" for name, where in names.items() if where == kind)
                lines.append(f"     - {listed}".rstrip())
    return "\n".join(lines) + "\n"


def is_re_export(path):
    """True for a module that holds nothing but imports from lenstronomy."""
    body = parse(path).body[1:]
    return bool(body) and all(
        isinstance(node, ast.ImportFrom) and node.module.startswith("lenstronomy") for node in body
    )


def api_rst():
    """The contents page of the interface: an autosummary of the native modules of each sub-package."""
    lines = ["Interface", "=========", ""]
    lines += ["The modules written in jaxtronomy; :doc:`native` lists the others too.", ""]
    areas = defaultdict(list)
    for module, path in modules(PACKAGE).items():
        if not is_re_export(path):
            areas[module.split(".")[0]].append(module)
    for area in sorted(areas):
        lines += ["", area, "-" * len(area), "", ".. autosummary::", "   :toctree: api", ""]
        lines += [f"   jaxtronomy.{module}" for module in areas[area]]
    return "\n".join(lines) + "\n"


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("under", nargs="*", help="folders or modules below jaxtronomy/, e.g. LensModel/Solver")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--rst", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    if arguments.check:
        return 1 if check() else 0
    if arguments.rst:
        arguments.rst.write_text(rst(), encoding="utf-8")
        return 0
    for path in write(arguments.under):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
