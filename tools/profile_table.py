"""Print, and write to the documentation, what is measured about every lens model.

    python tools/profile_table.py [MODEL ...] [--write] [--resume] [--only accuracy|compile|speed]

One line per row of ``test/cases.py``: the largest relative difference from lenstronomy for potential, deflection,
Hessian and for the densities and masses (200 random points, 5 random parameter sets), the largest error of a gradient
against central differences, the largest violation of an identity, the largest error in float32, cold compile time of
deflection and Hessian, and how many times faster than lenstronomy the deflection is on grids of 60 x 60 and 180 x 180.
A model without a row, and a failing measurement, are lines too.  ``--write`` puts the results into
``docs/coverage_lens.json`` and ``docs/coverage_lens.rst``; given models, and ``--only``, replace their own entries.
"""

import argparse
import json
import os
import re
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
from lenstronomy.LensModel.profile_list_base import lens_class as reference_class  # noqa: E402
from stopwatch import grid, seconds  # noqa: E402

from jaxtronomy.LensModel.profile_list_base import _SUPPORTED_MODELS, lens_class  # noqa: E402

WITHOUT_DEFLECTION = {"LOS", "LOS_MINIMAL", "LOS_FLEXION", "LOS_FLEXION_MINIMAL"}
COLUMNS = ("function", "derivatives", "hessian", "radial", "gradient", "identity", "float32", "compile", "60", "180")


def programs(case):
    """Deflection and Hessian as functions of x, y and the traced parameters, and values of all of them."""
    profile, kwargs = checks.profile_of(case), case.draw(1)[0]
    values = [kwargs.get(p.name, p.default) for p in profile.parameters]
    dynamic = [i for i, (p, v) in enumerate(zip(profile.parameters, values)) if not p.static and v is not None]

    def with_values(function):
        def run(x, y, *given):
            complete = list(values)
            for i, v in zip(dynamic, given):
                complete[i] = v
            return function(x, y, *complete)

        return run

    arguments = (*grid(60), *(np.asarray(values[i], float) for i in dynamic))
    return [with_values(profile.kernel.deflection), with_values(profile.kernel.hessian)], arguments


def compile_time(case):
    """Processor seconds to trace and compile, the larger one of deflection and Hessian, on the 60 x 60 grid."""
    functions, arguments = programs(case)
    worst = 0.0
    for function in functions:
        start = time.process_time()
        jax.jit(function).lower(*arguments).compile()
        worst = max(worst, time.process_time() - start)
    return worst


def timed_reference(case):
    """lenstronomy's own profile, None where it has none that runs."""
    try:
        return reference_class(case.model, profile_kwargs=dict(case.options) or None)
    except ImportError:
        return None


def speed(case, n, slow=2.0):
    """Time of lenstronomy's deflection over ours; None where lenstronomy has none.

    Where one call of lenstronomy takes longer than ``slow`` seconds, it gets every 25th point only, and 25 times its
    time counts.
    """
    ours, theirs, kwargs = checks.profile_of(case), timed_reference(case), case.draw(1)[0]
    if theirs is None:
        return None
    x, y = grid(n)

    def call_ours():
        ours.derivatives(x, y, **kwargs)

    start = time.perf_counter()
    theirs.derivatives(x[::25], y[::25], **kwargs)
    sample = time.perf_counter() - start
    if case.slow and 25 * sample > slow:
        return 25 * sample / seconds([call_ours])[0]
    own, other = seconds([call_ours, lambda: theirs.derivatives(x, y, **kwargs)])
    return other / own


def attempt(row, key, function):
    """A measurement, or what went wrong with it."""
    errors = row.setdefault("errors", {})
    errors.pop(key, None)
    try:
        row[key] = function()
    except Exception as error:
        row[key] = None
        errors[key] = f"{type(error).__name__}: {str(error).splitlines()[0][:120]}"


def measure(case, parts, row):
    """The given parts of what is measured about one case, put into ``row``."""
    row |= {"model": case.model, "class": case.tolerance, "loose": dict(case.loose), "why": case.why}
    if "accuracy" in parts:
        attempt(row, "parity", lambda: checks.parity(case, **checks.SAMPLES))
        parity = row.pop("parity") or {}
        for method in checks.METHODS:
            row[method] = parity.pop(method, None)
        row["methods"] = parity
        row["radial"] = max(parity.values(), default=None)
        attempt(row, "gradient", lambda: max(checks.gradients(case).values()))
        attempt(row, "identity", lambda: max(checks.identities(case).values(), default=None))
        attempt(row, "float32", lambda: checks.single_precision(case)[0])
    if "compile" in parts:
        attempt(row, "compile", lambda: compile_time(case))
    if "speed" in parts:
        for n in (60, 180):
            attempt(row, str(n), lambda n=n: speed(case, n))


def describe(case):
    """Parameters with units and limits."""
    return ", ".join(
        f"``{p.name}``{f' [{p.unit}]' if p.unit else ''}"
        + (f" {p.lower:g}..{p.upper:g}" if np.ndim(p.lower) == 0 and None not in (p.lower, p.upper) else "")
        for p in checks.profile_of(case).parameters
        if not p.hidden
    )


CITATION = re.compile(
    r"(?:Van de )?[A-Z][A-Za-z\-]+(?:(?:, |,? & )(?:van den )?[A-Z][A-Za-z\-]+)*(?: et al\.)?,? \(?(?:19|20)\d\d"
)


def papers(case):
    """The papers that the profile's module names."""
    cls = type(checks.profile_of(case))
    text = f"{sys.modules[cls.__module__].__doc__ or ''} {cls.__doc__ or ''}"
    found = CITATION.findall(re.sub(r"\s+", " ", text))
    return ", ".join(dict.fromkeys(f.replace("(", "").replace(",", "") for f in found))


def line(name, row):
    """One row of the printed table."""
    cells = [f"{name:<28}{row['class']:<11}"]
    for key in COLUMNS:
        value = row.get(key)
        if value is None:
            cells.append(f"{'fails' if key in row.get('errors', {}) else '-':>12}")
        else:
            cells.append(f"{value:12.2f}" if key in ("compile", "60", "180") else f"{value:12.1e}")
    return "".join(cells) + "".join(f"\n    {key}: {text}" for key, text in row.get("errors", {}).items())


def table(rows):
    """A list-table, the first row as its head."""
    text = [".. list-table::", "   :header-rows: 1", ""]
    for cells in rows:
        text += [f"   {'* -' if i == 0 else '  -'} {cell}".rstrip() for i, cell in enumerate(cells)]
    return [*text, ""]


def cell(row, key):
    """A number of the table."""
    value = row.get(key)
    return "" if value is None else f"{value:.2f}" if key in ("compile", "60", "180") else f"{value:.0e}"


def page(results, missing):
    """The documentation's page."""
    cases = {c.id: c for c in LENS_CASES if c.id in results}
    order = sorted(results, key=str.lower)
    text = [
        "Lens models",
        "===========",
        "",
        "Written by ``tools/profile_table.py`` from the table of cases of the tests.  A name behind a dash is a case "
        "of the model in front of it.",
        "",
        "What is measured",
        "----------------",
        "",
        "Differences from lenstronomy are relative to the value or to a tenth of the root mean square of all values, "
        "the largest over 200 random points and 5 random parameter sets.  Gradients are those of potential and "
        "deflection by every parameter and by position, against central differences, at generic, round and other "
        "special parameters, at the centre, on the axes and at the scale radius; identities are that the gradient of "
        "the potential is the deflection, and that of the deflection the Hessian.  float32 is the largest relative "
        "error of deflection and Hessian in single precision.  Times are processor seconds of a cold compilation, the "
        "longer one of deflection and Hessian.  The last columns say how many times faster than lenstronomy the "
        "deflection is, NumPy in and out, on grids of 60 x 60 and 180 x 180 points (the shortest of seven rounds in "
        "turn, in one process).  Empty: lenstronomy has no such "
        "quantity.",
        "",
    ]
    head = ["model", "class", "potential", "deflection", "Hessian", "densities, masses", "gradient", "identities"]
    head += ["float32", "compile [s]", "60", "180"]
    text += table([head] + [[n, results[n]["class"]] + [cell(results[n], k) for k in COLUMNS] for n in order])
    text += ["Densities and masses", "--------------------", ""]
    rows = [(n, results[n]["methods"]) for n in order if results[n].get("methods")]
    text += [f"* {n}: {', '.join(f'``{m}`` {d:.0e}' for m, d in methods.items())}." for n, methods in rows]
    text += ["", "Where lenstronomy's numbers are limited, or it has none", "-" * 55, ""]
    text += [f"* {n}: {results[n]['why']}." for n in order if results[n]["why"]]
    text += ["", "Parameters and papers", "---------------------", ""]
    first = {cases[n].model: cases[n] for n in reversed(order)}
    rows = [(m, describe(first[m]), papers(first[m])) for m in sorted(first, key=str.lower)]
    text += table([("model", "parameters [unit] limits", "papers"), *rows])
    if missing:
        text += ["Not measured: " + "; ".join(f"{m} ({why})" for m, why in sorted(missing.items())) + ".", ""]
    text += [f"Sums of other models, without a deflection of their own: {', '.join(sorted(WITHOUT_DEFLECTION))}.", ""]
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
    parser.add_argument("--resume", action="store_true", help="leave out rows of which the results are there")
    parser.add_argument("--write", action="store_true", help="write the page of the documentation")
    parser.add_argument("--only", choices=("accuracy", "compile", "speed"), help="only this part of the measurements")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    parts = [options.only] if options.only else ["accuracy", "compile", "speed"]
    store = ROOT / "docs" / "coverage_lens.json"
    results = json.loads(store.read_text()) if store.exists() else {}
    results = {k: v for k, v in results.items() if k in {c.id for c in LENS_CASES}}
    last = {"accuracy": "float32", "compile": "compile", "speed": "180"}[parts[-1]]
    print(f"{'model':<28}{'class':<11}" + "".join(f"{c:>12}" for c in COLUMNS), flush=True)
    for case in LENS_CASES:
        row = results.get(case.id, {})
        asked = not options.models or {case.model, case.id} & set(options.models)
        if asked and not (options.resume and last in row):
            measure(case, parts, row)
            results[case.id] = row
            if options.write:
                write(store, results)
        if asked:
            print(line(case.id, row), flush=True)
            jax.clear_caches()  # every row compiles programs of its own
    missing = unmeasured(results)
    for model, reason in missing.items():
        print(f"{model:<28}MISSING    {reason}")
    print(f"{len(_SUPPORTED_MODELS)} models, {len(missing)} not measured.")


if __name__ == "__main__":
    main()
