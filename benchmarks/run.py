"""Measure everything and print one table: ``python benchmarks/run.py [--name NAME] [-k EXPRESSION]``.

The speed of each case against lenstronomy, in turn within one process, on JAX's default device; likelihoods per second
in batches, in both precisions; compile times, each in processes of their own, with an empty compilation cache and with
the one that the first process left. The tables go to ``benchmarks/results/NAME.md`` and ``NAME.json``.
"""

import argparse
import datetime
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))


def machine():
    """What the numbers depend on."""
    import jax

    device = jax.devices()[0]
    return {
        "date": datetime.date.today().isoformat(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load before": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "device": device.device_kind if device.platform != "cpu" else "cpu",
        "python": platform.python_version(),
        **{name: version(name) for name in ("jaxtronomy", "lenstronomy", "jax", "numpy", "scipy")},
    }


def _processor():
    """The processor's name and its widest vectors, where the system tells."""
    try:
        lines = dict(
            (part.strip() for part in line.split(":", 1))
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if ":" in line
        )
        wide = " with AVX-512" if "avx512f" in lines.get("flags", "") else ""
        return lines.get("model name", platform.machine()) + wide
    except OSError:
        return platform.processor() or platform.machine()


def speed(expression):
    """The rows of all cases, by pytest-benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "speed.json"
        command = [sys.executable, "-m", "pytest", str(HERE), "-q", "-n", "0", "--timeout", "1200", "-p", "no:warnings"]
        command += ["--benchmark-only", "--benchmark-columns=median", f"--benchmark-json={out}"]
        failed = subprocess.run([*command, *(["-k", expression] if expression else [])], stdout=sys.stderr).returncode
        if not out.exists():
            sys.exit("no benchmark ran.")
        results = json.loads(out.read_text())["benchmarks"]
    return [{"group": r["group"], **r["extra_info"]} for r in results], failed


def throughput():
    """Rows of likelihoods per second, each precision in a process of its own."""
    rows = []
    for wide in ("1", "0"):
        command = [sys.executable, "-W", "ignore", str(HERE / "throughput.py")]
        environment = os.environ | {"JAX_ENABLE_X64": wide}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        rows += map(json.loads, done.stdout.splitlines())
    return rows


def compile_times():
    """First call of each program with an empty and with a full compilation cache, in seconds."""
    from compile_time import CALLS

    rows = []
    for name in CALLS:
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {"JAXTRONOMY_COMPILATION_CACHE": folder}
            environment.pop("JAX_COMPILATION_CACHE_DIR", None)
            cold, warm = (_first_call(name, environment) for _ in range(2))
        row = {"cold": cold["first"], "warm": warm["first"], "other": warm["other"], "import": warm["import"]}
        rows.append({"name": name, **row})
    return rows


def _first_call(name, environment):
    command = [sys.executable, str(HERE / "compile_time.py"), name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def markdown(about, rows, batches, compiled):
    """All tables as text."""
    lines = ["# Benchmarks", "", "; ".join(f"{key} {value}" for key, value in about.items() if value is not None) + "."]
    lines += ["", "Ratio: time of the reference over that of jaxtronomy, both measured in turn; above 1 jaxtronomy is"]
    lines += ["faster. Medians of all rounds, and the fastest decile, which a busy machine disturbs least."]
    for group in dict.fromkeys(row["group"] for row in rows):
        own = [row for row in rows if row["group"] == group]
        lines += ["", f"## {group}", "", f"| | {own[0]['reference']} | jaxtronomy | ratio | ratio of the fastest |"]
        lines += ["|---|---:|---:|---:|---:|"]
        for row in own:
            lines.append(
                f"| {row['name']} | {_time(row['reference_seconds'])} | {_time(row['seconds'])} "
                f"| {row['reference_seconds'] / row['seconds']:.2f} | {row['reference_fastest'] / row['fastest']:.2f} |"
            )
        if len(own) > 1:
            means = (_mean(own, "reference_seconds", "seconds"), _mean(own, "reference_fastest", "fastest"))
            lines.append(f"| *geometric mean* | | | {means[0]:.2f} | {means[1]:.2f} |")
    if batches:
        lines += _throughput_table(batches)
    if compiled:
        lines += [
            "",
            "## Compile times",
            "",
            "Seconds of the first call in a new process, and of that of another model",
        ]
        lines += ["of the same shape, in the same process.", ""]
        lines += ["| | empty cache | from the cache | another model |", "|---|---:|---:|---:|"]
        lines += [f"| {r['name']} | {r['cold']:.2f} | {r['warm']:.2f} | {r['other']:.4f} |" for r in compiled]
    return "\n".join(lines) + "\n"


def _throughput_table(rows):
    """Likelihoods per second, and the share of the device that they use where it was measured."""
    shares = [name for name in ("arithmetic", "memory") if name in rows[0]]
    lines = ["", "## Likelihoods per second", ""]
    if shares:
        lines += [
            "Operations and memory traffic that XLA counts in the program, over what the device does at most.",
            "",
        ]
    titles = ["", "precision", "batch", "lenstronomy, one core", "jaxtronomy", "each", "ratio", *shares]
    lines += [f"| {' | '.join(titles)} |", "|---|---|---:" + "|---:" * (len(titles) - 3) + "|"]
    for row in rows:
        each, reference = row["seconds"], row["reference_seconds"]
        cells = [row["problem"], row["precision"], str(row["batch"]), f"{1 / reference:.3g}", f"{1 / each:.3g}"]
        cells += [_time(each), f"{reference / each:.3g}", *(f"{row[s]:.0%}" if s in row else "" for s in shares)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _mean(rows, reference, own):
    """Geometric mean of a ratio."""
    return math.exp(sum(math.log(row[reference] / row[own]) for row in rows) / len(rows))


def _time(seconds):
    """Three digits and a unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} us"


def main():
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", help="name of the result files; default: device, Python and JAX")
    parser.add_argument("-k", dest="expression", help="only cases that match, as in pytest; only the first tables")
    options = parser.parse_args()
    about = machine()
    rows, failed = speed(options.expression)
    batches, compiled = ([], []) if options.expression else (throughput(), compile_times())
    text = markdown(about, rows, batches, compiled)
    print(text)
    kind = about["device"].lower().replace(" ", "-")
    name = options.name or f"{kind}-python{'.'.join(about['python'].split('.')[:2])}-jax{about['jax']}"
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / f"{name}.md").write_text(text)
    whole = {"machine": about, "speed": rows, "throughput": batches, "compile": compiled}
    (results / f"{name}.json").write_text(json.dumps(whole, indent=1) + "\n")
    sys.exit(failed)


if __name__ == "__main__":
    main()
