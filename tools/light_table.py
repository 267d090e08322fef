"""Print the table of light models, and write it to the documentation.

    python tools/light_table.py                 every model
    python tools/light_table.py SERSIC INTERPOL some of them
    python tools/light_table.py --no-speed      numbers that do not depend on the machine
    python tools/light_table.py --write         every model, and docs/coverage_light.rst

The first columns are the largest relative differences from lenstronomy over random positions and parameters: of the
surface brightness, of each linear component, of the 3d density and of the flux; then the largest error of a derivative
against central differences, relative to the largest derivative by the same parameter, at generic and round parameters
and at the centre. The last ones are lenstronomy's time over ours for the surface brightness and for the split into
linear components on grids of 60x60 and 180x180, NumPy arrays in and out, both timed in turn in one process (the
smallest of several rounds, so that other work on the machine counts little).
"""

import argparse
import re
import sys
import warnings
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "test")]

from cases import Case  # noqa: E402
from light_cases import CENTRE, LIGHT_CASES, WIDTHS, array, gradients, models, parity  # noqa: E402
from stopwatch import grid, seconds  # noqa: E402

ACCURACY = ("function", "basis", "light_3d", "total_flux")
TITLES = ("brightness", "components", "3d density", "flux", "gradient")
SPEEDS = [(method, size) for method in ("surface_brightness", "functions_split") for size in (60, 180)]
LARGE_SETS = [
    *(
        Case("SHAPELETS", {"amp": array((n + 1) * (n + 2) // 2), "n_max": n, "beta": 0.5}, name=f"SHAPELETS-{n}")
        for n in (20, 30)
    ),
    Case("MGE_SET", {"amp": array(30), **WIDTHS, **CENTRE}, options={"n_comp": 30}, name="MGE_SET-30"),
]


def speeds(case):
    """Ratios and our times, as text."""
    (kwargs,) = case.draw(1)
    columns = []
    for method, size in SPEEDS:
        if (method == "functions_split" and "STARLETS" in case.model) or (case.slow and size > 60):
            columns.append("")
            continue
        theirs, ours = seconds([partial(getattr(m, method), *grid(size), [kwargs]) for m in models(case)], rounds=9)
        gain = theirs / ours
        columns.append(f"{gain:.1f} ({ours * 1e6:.0f} us)" if gain >= 10 else f"{gain:.2f} ({ours * 1e6:.0f} us)")
    return columns


def measure(case, with_speed):
    """Cells of the row of a case."""
    cells = [""] * len(TITLES)
    if case in LIGHT_CASES:
        worst = parity(case)
        cells = [f"{worst[m]:.0e}" if m in worst else "" for m in ACCURACY] + [f"{max(gradients(case).values()):.0e}"]
    return cells + (speeds(case) if with_speed else [])


def parameters(case):
    """Parameters of the model with units and limits, as text."""
    names = []
    for p in models(case)[1].func_list[0].parameters:
        if not p.hidden:
            given = [np.ravel(limit)[0] for limit in (p.lower, p.upper) if limit is not None]
            limits = f" {given[0]:g}..{given[1]:g}" if len(given) == 2 else ""
            names.append(f"``{p.name}``" + (f" [{p.unit}]" if p.unit else "") + limits)
    return ", ".join(names)


def definition(case):
    """What the model is, by the class, and whose, by the module that defines it."""
    profile = type(models(case)[1].func_list[0])
    what = re.split(r"\.(?:\s|$)", profile.__doc__)[0]
    papers = re.findall(r"\(([^()]*\d{4})\)", sys.modules[profile.__module__].__doc__.splitlines()[0])
    return f"{' '.join(what.split())} ({'; '.join(papers)})" if papers else " ".join(what.split())


def table(rows):
    """Lines of a reStructuredText table; the first row is its head."""
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in rows:
        lines += [f"   {'  ' if i else '* '}-{f' {cell}' if cell else ''}" for i, cell in enumerate(row)]
    return lines


def page(rows):
    """The page of the documentation, from the names and cells of every row."""
    by_name = {case.model: case for case in LIGHT_CASES}
    head = ("model", *TITLES)
    measured = {case.id for case in LIGHT_CASES}
    text = [
        "Light models",
        "============",
        "",
        "Written by ``tools/light_table.py`` from the table of cases of the tests. A name with a dash is one more case",
        "of the model in front of it.",
        "",
        "Agreement with lenstronomy, and gradients",
        "-----------------------------------------",
        "",
        "Largest differences from lenstronomy, relative to the value or to a tenth of the root mean square of all",
        "values, over 200 random points and 4 random parameter sets; and the largest difference of a derivative from",
        "central differences, relative to the largest derivative by the same parameter, at generic and round",
        "parameters, at the centre, on the axes and where a formula changes its form. Empty: lenstronomy has no such",
        "quantity.",
        "",
        *table([head, *((name, *cells[: len(TITLES)]) for name, cells in rows if name in measured)]),
        "",
        "Where lenstronomy's numbers are limited:",
        "",
        *(f"* ``{case.id}``: {case.why}." for case in LIGHT_CASES if case.why),
        "",
        "Speed",
        "-----",
        "",
        "How many times faster than lenstronomy the surface brightness and its split into linear components are on",
        "grids of 60 x 60 and 180 x 180 pixels, NumPy arrays in and out, on two cores (our time in brackets). A call",
        "costs about 10 microseconds, which is all there is to the cheapest models on the small grid. ``SHAPELETS-20``",
        "and ``SHAPELETS-30`` have 231 and 496 components, ``MGE_SET-30`` has 30. lenstronomy splits no starlets, and",
        "is too slow for ``PL_SERSIC`` on the large grid.",
        "",
        *table([("model", "60", "180", "split 60", "split 180"), *((n, *cells[len(TITLES) :]) for n, cells in rows)]),
        "",
        "Definitions and parameters",
        "--------------------------",
        "",
        "Limits are the defaults of the sampler.",
        "",
        *table(
            [
                ("model", "definition", "parameters"),
                *((model, definition(case), parameters(case)) for model, case in by_name.items()),
            ]
        ),
        "",
    ]
    return "\n".join(text)


def main():
    """Print the table as Markdown, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*")
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--write", action="store_true", help="write docs/coverage_light.rst, from every model")
    arguments = parser.parse_args()
    if arguments.write and (arguments.models or arguments.no_speed):
        parser.error("--write goes with every model and every column")
    warnings.simplefilter("ignore")
    header = ["model", *TITLES]
    if not arguments.no_speed:
        header += ["60x60", "180x180", "split 60x60", "split 180x180"]
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    rows = []
    for case in LIGHT_CASES + ([] if arguments.no_speed else LARGE_SETS):
        if arguments.models and not {case.id, case.model} & set(arguments.models):
            continue
        rows.append((case.id, measure(case, not arguments.no_speed)))
        print("| " + " | ".join([case.id, *rows[-1][1]]) + " |", flush=True)
    if arguments.write:
        (ROOT / "docs" / "coverage_light.rst").write_text(page(rows), encoding="utf-8")


main()
