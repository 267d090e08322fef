"""Print the table of light models: differences from lenstronomy, errors of gradients, speed.

    python tools/light_table.py                 every model
    python tools/light_table.py SERSIC INTERPOL some of them
    python tools/light_table.py --no-speed      numbers that do not depend on the machine

The first columns are the largest relative differences over random positions and parameters: of the surface brightness,
of each linear component, of the 3d density and of the flux; then the largest error of a derivative against central
differences, relative to the largest derivative by the same parameter, at generic and round parameters and at the
centre. The last ones are lenstronomy's time over ours for the surface brightness and for the split into linear
components on grids of 60x60 and 180x180, NumPy arrays in and out, both timed in turn in one process (the smallest of
several rounds, so that other work on the machine counts little).
"""

import argparse
import sys
import time
import warnings
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test"))

from cases import Case
from light_cases import CENTRE, LIGHT_CASES, WIDTHS, array, gradients, models, parity

ACCURACY = ("function", "basis", "light_3d", "total_flux")
LARGE_SETS = [
    *(
        Case("SHAPELETS", {"amp": array((n + 1) * (n + 2) // 2), "n_max": n, "beta": 0.5}, name=f"SHAPELETS-{n}")
        for n in (20, 30)
    ),
    Case("MGE_SET", {"amp": array(30), **WIDTHS, **CENTRE}, options={"n_comp": 30}, name="MGE_SET-30"),
]


def grid(size, width=6.0):
    """Coordinates of a square grid [arcsec]."""
    axis = (np.arange(size) - (size - 1) / 2) * width / size
    return tuple(c.ravel() for c in np.meshgrid(axis, axis))


def ratio(first, second, rounds=9, target=0.01):
    """Time of the first call over that of the second, the smallest of several rounds each, and the second [s]."""
    calls, numbers, best = (first, second), [], [np.inf, np.inf]
    for call in calls:
        call()
        start = time.perf_counter()
        call()
        numbers.append(max(1, int(target / (time.perf_counter() - start))))
    for _ in range(rounds):
        for i, call in enumerate(calls):
            start = time.perf_counter()
            for _ in range(numbers[i]):
                call()
            best[i] = min(best[i], (time.perf_counter() - start) / numbers[i])
    return best[0] / best[1], best[1]


def speeds(case):
    """Ratios and our times, as text."""
    (kwargs,) = case.draw(1)
    columns = []
    for method in ("surface_brightness", "functions_split"):
        for size in (60, 180):
            if (method == "functions_split" and "STARLETS" in case.model) or (case.slow and size > 60):
                columns.append("")
                continue
            gain, seconds = ratio(*(partial(getattr(m, method), *grid(size), [kwargs]) for m in models(case)))
            columns.append(f"{gain:.2f} ({seconds * 1e6:.0f} us)")
    return columns


def main():
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*")
    parser.add_argument("--no-speed", action="store_true")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    header = ["model", *ACCURACY, "gradient"]
    if not arguments.no_speed:
        header += ["60x60", "180x180", "split 60x60", "split 180x180"]
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    for case in LIGHT_CASES + ([] if arguments.no_speed else LARGE_SETS):
        if arguments.models and not {case.id, case.model} & set(arguments.models):
            continue
        row = [case.id] + [""] * 5
        if case in LIGHT_CASES:
            worst = parity(case)
            row = [case.id, *(f"{worst[m]:.0e}" if m in worst else "" for m in ACCURACY)]
            row.append(f"{max(gradients(case).values()):.0e}")
        if not arguments.no_speed:
            row += speeds(case)
        print("| " + " | ".join(row) + " |", flush=True)


main()
