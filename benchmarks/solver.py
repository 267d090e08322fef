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
BATCH, CHUNK = 1000, 8


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


def pairs(one, other):
    """Distances between the images of two solvers that are closest to each other, if there are equally many."""
    (x, y), (u, v) = one, other
    return np.hypot(x[:, None] - u, y[:, None] - v).min(1) if len(x) == len(u) else None


def counts(names, number, rng):
    """How many of the images each solver finds."""
    ours, theirs = LensEquationSolver(LensModel(names)), TheirSolver(TheirModel(names))
    analytical = "NFW" not in names
    result = dict.fromkeys(("same count", "more", "fewer", "apart", "ours correct", "lenstronomy correct"), 0)
    worst, residual = 0.0, 0.0
    for _ in range(number):
        kwargs, source = draw(names, rng)
        own, their = (s.image_position_from_source(*source, kwargs, **OPTIONS) for s in (ours, theirs))
        beta = ours.lensModel.ray_shooting(*own, kwargs)
        residual = max(residual, np.max(np.hypot(beta[0] - source[0], beta[1] - source[1]), initial=0))
        distance = pairs(own, their)
        result["more"] += len(own[0]) > len(their[0])
        result["fewer"] += len(own[0]) < len(their[0])
        result["same count"] += distance is not None
        if distance is not None and distance.size:
            result["apart"] += np.any(distance > 1e-6)
            worst = max(worst, distance.max())
        if analytical:
            exact = theirs.image_position_from_source(*source, kwargs, solver="analytical", magnification_limit=1e-3)
            for name, found in (("ours correct", own), ("lenstronomy correct", their)):
                result[name] += len(found[0]) == len(exact[0])
    print(f"{'+'.join(names)}, {number} lenses: {result}; largest distance {worst:.1e}, largest error {residual:.1e}")


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
    solve = jax.jit(
        lambda lenses: lax.map(lambda lens: ours.solve(*lens[1], lens[0], **OPTIONS), lenses, batch_size=CHUNK)
    )
    jax.block_until_ready(solve(stacked))
    start = time.perf_counter()
    found = jax.block_until_ready(solve(stacked)).found.sum()
    spent = time.perf_counter() - start
    print(f"{'+'.join(names)}, {BATCH} lenses at once: {spent / BATCH * 1e3:.2f} ms per lens, {found / spent:.0f}/s")


def gradients(names, number, rng):
    """Derivatives of the image positions by all parameters, against central differences."""
    solver = LensEquationSolver(LensModel(names))
    options = {**OPTIONS, "precision_limit": 1e-14}

    @jax.jit
    def positions(lens):
        images = solver.solve(*lens[1], lens[0], **options)
        return jnp.stack([images.x, images.y]), images.found

    slopes = jax.jit(jax.jacrev(lambda lens: positions(lens)[0]))
    worst, used = 0.0, 0
    for _ in range(number):
        lens = draw(names, rng)
        leaves, tree = jax.tree.flatten(lens)
        _, found = positions(lens)
        scale = None
        for i, exact in enumerate(jax.tree.leaves(slopes(lens))):
            moved = [jax.tree.unflatten(tree, [v + s * (j == i) for j, v in enumerate(leaves)]) for s in (1e-5, -1e-5)]
            (up, f_up), (down, f_down) = (positions(m) for m in moved)
            if not (np.array_equal(f_up, found) and np.array_equal(f_down, found)):
                continue
            difference = np.array((up - down) / 2e-5 - exact)[:, np.array(found)]
            scale = np.abs(np.array(exact)).max()
            worst = max(worst, np.abs(difference).max(initial=0) / max(scale, 1))
            used += 1
    print(f"{'+'.join(names)}, {used} derivatives of the positions: largest relative difference {worst:.1e}")


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lenses", type=int, default=2000, help="lenses whose images are counted")
    parser.add_argument("--timed", type=int, default=200, help="lenses of each kind that are timed")
    options = parser.parse_args()
    rng = np.random.default_rng(5)
    for i, names in enumerate(KINDS):
        counts(names, (options.lenses + i) // len(KINDS), rng)
    for names in KINDS:
        speed(names, options.timed, rng)
        gradients(names, 20, rng)


if __name__ == "__main__":
    main()
