"""The lens equation of many random lenses, against lenstronomy and against the analytical solver.

``python benchmarks/solver.py [--lenses N] [--timed N]`` prints how often each solver finds all images, how far apart
the images of the two are, images per second one lens at a time and in a batch, and how well the derivatives of the
positions agree with central differences.
"""

import argparse
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from lenstronomy.LensModel.lens_model import LensModel as TheirModel
from lenstronomy.LensModel.Solver.lens_equation_solver import LensEquationSolver as TheirSolver

from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.Solver.lens_equation_solver import LensEquationSolver

KINDS = (["EPL", "SHEAR"], ["SIE", "SHEAR"], ["NFW", "EPL", "SHEAR"])
OPTIONS = {"min_distance": 0.05, "search_window": 6, "magnification_limit": 1e-3}
BATCH = 1000


def draw(names, rng):
    """Random parameters of each lens model, and a source position inside or outside of the caustics."""
    centre = dict(zip(("center_x", "center_y"), rng.normal(0, 0.05, 2)))
    main = {"theta_E": rng.uniform(0.7, 1.4), "e1": rng.normal(0, 0.1), "e2": rng.normal(0, 0.1), **centre}
    kwargs = {
        "EPL": {**main, "gamma": rng.uniform(1.7, 2.3)},
        "SIE": main,
        "SHEAR": {"gamma1": rng.normal(0, 0.05), "gamma2": rng.normal(0, 0.05)},
        "NFW": {
            "Rs": rng.uniform(0.3, 2),
            "alpha_Rs": rng.uniform(0.05, 0.3),
            **dict(zip(("center_x", "center_y"), rng.normal(0, 0.8, 2))),
        },
    }
    radius, angle = 0.8 * rng.uniform() ** 0.7, rng.uniform(0, 2 * np.pi)
    return [kwargs[name] for name in names], (radius * np.cos(angle), radius * np.sin(angle))


def nearest(one, other):
    """Distances of the images of one solver to the nearest ones of the other."""
    (x, y), (u, v) = one, other
    return np.hypot(x[:, None] - u, y[:, None] - v).min(1, initial=np.inf)


def counts(names, number, rng):
    """How many of the images each solver finds."""
    ours, theirs = LensEquationSolver(LensModel(names)), TheirSolver(TheirModel(names))
    rows = ("equally many", "ours more", "ours fewer", "images of lenstronomy", "of which ours has, within 1e-6 arcsec")
    if "NFW" not in names:
        rows += (
            "as many as analytical of lenstronomy: ours",
            "and lenstronomy",
            "as many as analytical of ours: ours",
            "then lenstronomy",
        )
    total, error = dict.fromkeys(rows, 0), 0.0
    for _ in range(number):
        kwargs, source = draw(names, rng)
        own, their = (s.image_position_from_source(*source, kwargs, **OPTIONS) for s in (ours, theirs))
        n, m = len(own[0]), len(their[0])
        found = [n == m, n > m, n < m, m, np.sum(nearest(their, own) < 1e-6)]
        if "NFW" not in names:
            limit = OPTIONS["magnification_limit"]
            exact, our_exact = (
                len(s.image_position_from_source(*source, kwargs, solver="analytical", magnification_limit=limit)[0])
                for s in (theirs, ours)
            )
            found += [n == exact, m == exact, n == our_exact, m == our_exact]
        total = {key: total[key] + int(f) for key, f in zip(total, found)}
        beta = ours.lensModel.ray_shooting(*own, kwargs)
        error = max(error, np.max(np.hypot(beta[0] - source[0], beta[1] - source[1]), initial=0))
    print(f"{'+'.join(names)}, {number} lenses: largest error in the source plane {error:.1e} arcsec")
    for key, value in total.items():
        print(f"    {key}: {value}")


def speed(names, number, rng):
    """Images per second."""
    ours, theirs = LensEquationSolver(LensModel(names)), TheirSolver(TheirModel(names))
    lenses = [draw(names, rng) for _ in range(number)]
    seconds, images = {"ours": [], "lenstronomy": []}, 0
    ours.image_position_from_source(*lenses[0][1], lenses[0][0], **OPTIONS)
    for kwargs, source in lenses:
        for name, solver in (("ours", ours), ("lenstronomy", theirs)):
            start = time.perf_counter()
            x, _ = solver.image_position_from_source(*source, kwargs, **OPTIONS)
            seconds[name].append(time.perf_counter() - start)
        images += len(x)
    for name, s in seconds.items():
        print(f"{'+'.join(names)}, one at a time, {name}: median {np.median(s) * 1e3:.2f} ms, {images / sum(s):.0f}/s")

    lenses = [draw(names, rng) for _ in range(BATCH)]
    stacked = jax.tree.map(lambda *v: jnp.array(v), *lenses)
    solve = jax.jit(lambda lenses: lax.map(lambda lens: ours.solve(*lens[1], lens[0], **OPTIONS), lenses))
    jax.block_until_ready(solve(stacked))
    start = time.perf_counter()
    found = jax.block_until_ready(solve(stacked)).found.sum()
    spent = time.perf_counter() - start
    print(f"{'+'.join(names)}, {BATCH} lenses at once: {spent / BATCH * 1e3:.2f} ms per lens, {found / spent:.0f}/s")


def gradients(names, number, rng):
    """Derivatives of the image positions by all parameters, against central differences of fourth order."""
    solver = LensEquationSolver(LensModel(names))
    options = {**OPTIONS, "precision_limit": 1e-14}

    @jax.jit
    def positions(lens):
        images = solver.solve(*lens[1], lens[0], **options)
        return jnp.stack([images.x, images.y]), images.found

    slopes = jax.jit(jax.jacrev(lambda lens: positions(lens)[0]))
    worst, used = (0.0, 1.0), 0
    for _ in range(number):
        lens = draw(names, rng)
        leaves, tree = jax.tree.flatten(lens)
        images, found = map(np.array, positions(lens))
        magnification = np.abs(solver.lensModel.magnification(*images[:, found], lens[0])).max(initial=0)
        for i, exact in enumerate(jax.tree.leaves(slopes(lens))):
            exact = np.array(exact)[:, found]
            moved = [
                positions(jax.tree.unflatten(tree, [v + 2e-6 * n * (j == i) for j, v in enumerate(leaves)]))
                for n in (-2, -1, 1, 2)
            ]
            if any(not np.array_equal(f, found) for _, f in moved):
                continue
            p = [np.array(m)[:, found] for m, _ in moved]
            difference = (8 * (p[2] - p[1]) - (p[3] - p[0])) / 24e-6
            size = np.abs(difference - exact).max(initial=0) / np.abs(exact).max(initial=1)
            worst, used = max(worst, (size, magnification)), used + 1
    print(
        f"{'+'.join(names)}, {used} derivatives of the positions: largest relative difference {worst[0]:.1e}, "
        f"at a magnification of {worst[1]:.0f}"
    )


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lenses", type=int, default=2000, help="lenses whose images are counted")
    parser.add_argument("--timed", type=int, default=200, help="lenses of each kind that are timed")
    options = parser.parse_args()
    rng = np.random.default_rng(5)
    for i, names in enumerate(KINDS):
        if options.lenses:
            counts(names, (options.lenses + i) // len(KINDS), rng)
    for names in KINDS:
        if options.timed:
            speed(names, options.timed, rng)
        gradients(names, 20, rng)


if __name__ == "__main__":
    main()
