"""Figures of the tables in ``benchmarks/results``: ``python plots.py [FOLDER]``."""

import json
import sys
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.ticker import FuncFormatter, NullFormatter
from throughput import DIFFERENT

RESULTS = Path(__file__).parent / "results"
BLUE, ORANGE, GREY = "#2b6cb0", "#c05621", "#a0aec0"
AGAINST = "lenstronomy"


def plain(value, _=None):
    """A number without exponent."""
    return f"{value:g}"


def ratios(measured, path):
    """Time of lenstronomy over ours for each case, one panel for each table.

    :param measured: content of a results file
    :param path: where the figure goes
    """
    groups = {}
    for row in measured["speed"]:
        if row["reference"] == AGAINST:
            groups.setdefault(row["group"], []).append((row["name"], row["reference_seconds"] / row["seconds"]))
    heights = [len(rows) + 1.5 for rows in groups.values()]
    figure, panels = plt.subplots(
        len(groups),
        sharex=True,
        figsize=(8, 0.2 * sum(heights) + 0.5),
        gridspec_kw={"height_ratios": heights},
        squeeze=False,
        layout="constrained",
    )
    for panel, (group, rows) in zip(panels[:, 0], groups.items()):
        names, values = zip(*rows)
        colours = [BLUE if v >= 1 else ORANGE for v in values]
        panel.barh(names, np.array(values) - 1, left=1, color=colours, height=0.7)
        for i, value in enumerate(values):
            panel.annotate(f" {value:.3g}", (max(value, 1), i), va="center", fontsize=6.5)
        panel.axvline(1, color="black", lw=0.8)
        panel.set_title(group, fontsize=9, loc="left")
        panel.tick_params(labelsize=7)
        panel.set_xscale("log")
        panel.invert_yaxis()
        panel.margins(x=0.12, y=0.02)
        panel.spines[["top", "right"]].set_visible(False)
        panel.xaxis.set_major_formatter(FuncFormatter(plain))
    panels[-1, 0].set_xlabel("times as fast as lenstronomy", fontsize=8)
    figure.savefig(path)
    plt.close(figure)


def throughput(measured, path):
    """Likelihoods per second against the size of the batch, one panel for each problem.

    :param measured: content of a results file
    :param path: where the figure goes
    """
    problems = {}
    for row in measured["throughput"]:
        problem = row["problem"].removesuffix(DIFFERENT)
        problems.setdefault(problem, {}).setdefault(row["precision"], []).append(row)
    figure, panels = plt.subplots(
        1, len(problems), figsize=(4.2 * len(problems), 3.2), squeeze=False, layout="constrained"
    )
    for panel, (problem, precisions) in zip(panels[0], problems.items()):
        for (precision, rows), colour in zip(precisions.items(), (BLUE, ORANGE)):
            for different, style in ((False, "o-"), (True, "*")):
                own = [r for r in rows if r["problem"].endswith(DIFFERENT) == different]
                if own:
                    batch, rate = [r["batch"] for r in own], [1 / r["seconds"] for r in own]
                    label = f"jaxtronomy, {precision}" + DIFFERENT * different
                    panel.plot(batch, rate, style, color=colour, label=label, markersize=9 if different else 5)
        reference = np.median([1 / r["reference_seconds"] for rows in precisions.values() for r in rows])
        panel.axhline(reference, color=GREY, label="lenstronomy, one core")
        panel.set_title(problem, fontsize=9)
        panel.set_xscale("log", base=2)
        panel.set_yscale("log")
        panel.set_ylim(reference / 2, panel.get_ylim()[1] * 1.5)
        panel.set_xlabel("likelihoods in a call", fontsize=8)
        panel.tick_params(labelsize=7)
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter(FuncFormatter(plain))
            axis.set_minor_formatter(NullFormatter())
        panel.spines[["top", "right"]].set_visible(False)
        panel.legend(fontsize=7)
    panels[0, 0].set_ylabel("likelihoods per second", fontsize=8)
    figure.savefig(path)
    plt.close(figure)


def draw(folder):
    """Draw all results; a dictionary from the name of each to its figures.

    :param folder: where the figures go
    """
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    made = {}
    for file in sorted(RESULTS.glob("*.json")):
        measured, made[file.stem] = json.loads(file.read_text()), []
        for name, figure in (("speed", ratios), ("throughput", throughput)):
            if measured.get(name):
                made[file.stem].append(folder / f"{file.stem}-{name}.svg")
                figure(measured, made[file.stem][-1])
    return made


def rst(folder):
    """The results as a part of a page of the documentation, beside which the figures go to ``folder``."""
    lines = []
    for name, figures in draw(folder).items():
        lines += [name, "-" * len(name), ""]
        lines += [f".. image:: {folder.name}/{figure.name}\n" for figure in figures]
        lines += [f".. literalinclude:: ../benchmarks/results/{name}.md\n   :language: text\n   :lines: 3-\n"]
    return "\n".join(lines)


if __name__ == "__main__":
    draw(sys.argv[1] if len(sys.argv) > 1 else RESULTS)
