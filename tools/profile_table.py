"""Print, and write to the documentation, what is measured about every lens model.

    python tools/profile_table.py [MODEL ...] [--write] [--resume] [--no-speed] [--json FILE]

One line per row of ``test/cases.py``: the largest relative difference from lenstronomy for potential, deflection,
Hessian and for the densities and masses (200 random points, 5 random parameter sets), the tolerance class, the largest
error of a gradient against central differences, the largest violation of an identity, the largest error in float32,
cold compile time of deflection and Hessian, and how many times faster than lenstronomy the deflection is on grids of
60 x 60 and 180 x 180.  A model without a row, and a failing measurement, are lines too.  ``--write`` puts the results
into ``docs/coverage.rst`` and ``docs/coverage.json``; given models only replace their own entries.
"""

import argparse
import json
import os
import statistics
import sys
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "test")]
os.environ["JAX_ENABLE_COMPILATION_CACHE"] = "false"

import checks  # noqa: E402
import jax  # noqa: E402
import numpy as np  # noqa: E402
from cases import LENS_CASES  # noqa: E402

from jaxtronomy.LensModel.profile_list_base import _SUPPORTED_MODELS, lens_class  # noqa: E402

WITHOUT_DEFLECTION = {"LOS", "LOS_MINIMAL", "LOS_FLEXION", "LOS_FLEXION_MINIMAL"}
COLUMNS = ("function", "derivatives", "hessian", "radial", "gradient", "identity", "float32", "compile", "60", "180")


def grid(n):
    """Positions of a square grid of n x n pixels, 6 arcsec wide."""
    axis = (np.arange(n) - (n - 1) / 2) * 6.0 / n
    x, y = np.meshgrid(axis, axis)
    return x.ravel(), y.ravel()


def seconds(call):
    """Median time of a call, over a few short rounds."""
    call()
    start = time.perf_counter()
    call()
    times = max(1, int(0.01 / max(time.perf_counter() - start, 1e-6)))
    rounds = []
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(times):
            call()
        rounds.append((time.perf_counter() - start) / times)
    return statistics.median(rounds)


def compile_time(case):
    """Processor seconds to trace and compile deflection and Hessian on the 60 x 60 grid."""
    profile, kwargs = checks.profile_of(case), case.draw(1)[0]
    values = [kwargs.get(p.name, p.default) for p in profile.parameters]
    dynamic = [i for i, (p, v) in enumerate(zip(profile.parameters, values)) if not p.static and v is not None]
    x, y = grid(60)

    def with_values(function):
        def run(x, y, *given):
            complete = list(values)
            for i, v in zip(dynamic, given):
                complete[i] = v
            return function(x, y, *complete)

        return run

    worst = 0.0
    for function in (profile.kernel.deflection, profile.kernel.hessian):
        start = time.process_time()
        jax.jit(with_values(function)).lower(x, y, *(np.asarray(values[i], float) for i in dynamic)).compile()
        worst = max(worst, time.process_time() - start)
    return worst


def speed(case, n):
    """Time of lenstronomy's deflection over ours."""
    ours, theirs, kwargs = checks.profile_of(case), checks.reference_of(case), case.draw(1)[0]
    x, y = grid(n)
    if case.slow:
        start = time.perf_counter()
        theirs.derivatives(x, y, **kwargs)
        other = time.perf_counter() - start
    else:
        other = seconds(lambda: theirs.derivatives(x, y, **kwargs))
    return other / seconds(lambda: ours.derivatives(x, y, **kwargs))


def attempt(row, key, function):
    """A measurement, or what went wrong with it."""
    try:
        row[key] = function()
    except Exception as error:
        row[key] = None
        row.setdefault("errors", {})[key] = f"{type(error).__name__}: {str(error).splitlines()[0][:120]}"


def measure(case, with_speed):
    """Everything about one case."""
    row = {"model": case.model, "class": case.tolerance, "loose": dict(case.loose), "why": case.why}
    attempt(row, "parity", lambda: checks.parity(case, **checks.SAMPLES))
    parity = row.pop("parity") or {}
    for method in checks.METHODS:
        row[method] = parity.pop(method, None)
    row["methods"] = parity
    row["radial"] = max(parity.values(), default=None)
    attempt(row, "gradient", lambda: max(checks.gradients(case).values()))
    attempt(row, "identity", lambda: max(checks.identities(case).values(), default=None))
    attempt(row, "float32", lambda: checks.single_precision(case)[0])
    attempt(row, "compile", lambda: compile_time(case))
    if with_speed and not case.reference:
        for n in (60, 180):
            attempt(row, str(n), lambda n=n: speed(case, n))
    row["parameters"] = describe(case)
    row["reference"] = (sys.modules[type(checks.profile_of(case)).__module__].__doc__ or "").splitlines()[0]
    return row


def describe(case):
    """Parameters with limits and units."""
    return [
        f"{p.name}{f' [{p.unit}]' if p.unit else ''}"
        + (f" {p.lower:g}..{p.upper:g}" if p.lower is not None and p.upper is not None else "")
        for p in checks.profile_of(case).parameters
        if not p.hidden
    ]


def line(name, row):
    """One row of the printed table."""
    cells = [f"{name:<28}{row['class']:<11}"]
    for key in COLUMNS:
        value = row.get(key)
        if value is None:
            cells.append(f"{'fails' if key in row.get('errors', {}) else '-':>9}")
        else:
            cells.append(f"{value:9.2f}" if key in ("compile", "60", "180") else f"{value:9.1e}")
    return "".join(cells) + "".join(f"\n    {key}: {text}" for key, text in row.get("errors", {}).items())


def page(results, missing):
    """The documentation's page."""
    text = [
        "Lens models: what is measured",
        "=============================",
        "",
        "Written by ``tools/profile_table.py`` from the table of cases of the tests.  Differences from lenstronomy are",
        "relative to the value or to a tenth of the root mean square of all values, the largest over 200 random points",
        "and 5 random parameter sets; gradients are compared with central differences at generic, round, central and",
        "other special points; times are processor seconds of a cold compilation; the last columns say how many times",
        "faster than lenstronomy the deflection is on grids of 60 x 60 and 180 x 180 pixels.",
        "",
        ".. list-table::",
        "   :header-rows: 1",
        "",
    ]
    head = ("model", "class", "potential", "deflection", "Hessian", "densities, masses", "gradient", "identities")
    rows = [(*head, "float32", "compile [s]", "60", "180")]
    for name, row in sorted(results.items()):
        cells = [name, row["class"]]
        for key in COLUMNS:
            value = row.get(key)
            form = "{:.2f}" if key in ("compile", "60", "180") else "{:.0e}"
            cells.append("–" if value is None else form.format(value))
        rows.append(tuple(cells))
    for cells in rows:
        text += [f"   {'* -' if i == 0 else '  -'} {cell}" for i, cell in enumerate(cells)]
    text += ["", "Where lenstronomy's numbers are limited, or it has none:", ""]
    text += [f"* ``{name}``: {row['why']}." for name, row in sorted(results.items()) if row["why"]]
    text += ["", "Parameters:", ""]
    text += [f"* ``{name}``: {', '.join(row['parameters']) or 'none'}." for name, row in sorted(results.items())]
    if missing:
        text += ["", f"Not measured: {', '.join(sorted(missing))}."]
    text += [
        "",
        f"Line-of-sight models without a deflection of their own: {', '.join(sorted(WITHOUT_DEFLECTION))}.",
        "",
    ]
    return "\n".join(text)


def unmeasured(results):
    """Supported models that have no row, and why."""
    covered = {row["model"] for row in results.values()} | WITHOUT_DEFLECTION
    rows = {case.model for case in LENS_CASES}
    reasons = {}
    for model in _SUPPORTED_MODELS:
        if model not in covered and model in rows:
            reasons[model] = "not measured yet"
        elif model not in covered:
            try:
                lens_class(model)
                reasons[model] = "no row in test/cases.py"
            except ImportError as error:
                reasons[model] = str(error)
            except TypeError:
                reasons[model] = "no row in test/cases.py"
    return reasons


def write(store, results):
    """The results, and the page of them."""
    store.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")
    store.with_suffix(".rst").write_text(page(results, unmeasured(results)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", help="only these (names of models or of rows)")
    parser.add_argument("--resume", action="store_true", help="leave out what the page has already")
    parser.add_argument("--write", action="store_true", help="write the page of the documentation")
    parser.add_argument("--no-speed", action="store_true", help="leave the comparison of speeds out")
    parser.add_argument("--json", type=Path, help="write the results to this file")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    cases = [c for c in LENS_CASES if not options.models or {c.model, c.id} & set(options.models)]
    store = ROOT / "docs" / "coverage.json"
    results = json.loads(store.read_text()) if store.exists() else {}
    known = {c.id for c in LENS_CASES}
    results = {k: v for k, v in results.items() if k in known}
    if options.resume:
        cases = [c for c in cases if c.id not in results]
    print(f"{'model':<28}{'class':<11}" + "".join(f"{c:>9}" for c in COLUMNS), flush=True)
    measured = {}
    for case in cases:
        measured[case.id] = measure(case, not options.no_speed)
        print(line(case.id, measured[case.id]), flush=True)
        results[case.id] = measured[case.id]
        if options.write:
            write(store, results)
    missing = unmeasured(results)
    for model, reason in missing.items():
        print(f"{model:<28}MISSING    {reason}")
    print(f"{len(_SUPPORTED_MODELS)} models, {len(missing)} not measured.")
    if options.json:
        options.json.write_text(json.dumps(measured, indent=1))


if __name__ == "__main__":
    main()
