"""A field of dark-matter haloes on many lens planes: rays on a grid, against lenstronomy.

``python benchmarks/haloes.py [--haloes N ...] [--pixels N] [--reference-pixels N]`` prints, for each number of haloes,
the time of the first and of a later ray shooting, the memory of the process, and the time that lenstronomy takes for
the same haloes on a smaller grid. Each number is measured in a process of its own, with an empty compilation cache.
"""

import argparse
import os
import resource
import subprocess
import sys
import time

import numpy as np

PLANES, Z_LENS, Z_SOURCE = 100, 0.5, 1.5


def field(number):
    """Names, redshifts and parameters of a power law with shear and of truncated NFW haloes on 100 planes."""
    rng = np.random.default_rng(5)
    planes = np.round(np.linspace(0.02, Z_SOURCE - 0.1, PLANES), 3)
    kwargs = [
        {"theta_E": 1.0, "gamma": 2.05, "e1": 0.1, "e2": -0.05, "center_x": 0.0, "center_y": 0.0},
        {"gamma1": 0.03, "gamma2": -0.02},
    ]
    for _ in range(number):
        centre = dict(zip(("center_x", "center_y"), rng.uniform(-5, 5, 2)))
        scale, strength = rng.uniform(0.01, 0.2), 10 ** rng.uniform(-5, -2)
        kwargs.append({"Rs": scale, "alpha_Rs": strength, "r_trunc": rng.uniform(0.05, 1), **centre})
    return ["EPL", "SHEAR"] + ["TNFW"] * number, [Z_LENS, Z_LENS, *rng.choice(planes, number)], kwargs


def grid(pixels):
    """Coordinates of a square grid of 8 arcsec."""
    axis = np.linspace(-4, 4, pixels)
    return tuple(c.ravel() for c in np.meshgrid(axis, axis))


def seconds(call, rounds=1):
    """Shortest time of some calls."""
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = call()
        spent.append(time.perf_counter() - start)
    return min(spent), result


def measure(number, pixels, reference_pixels):
    """One number of haloes."""
    from jaxtronomy.LensModel.lens_model import LensModel

    names, redshifts, kwargs = field(number)
    options = {"lens_redshift_list": redshifts, "z_source": Z_SOURCE, "z_lens": Z_LENS, "multi_plane": True}
    lens = LensModel(names, **options)
    rays = grid(pixels)
    few = tuple(c[:300] for c in rays)
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first = seconds(lambda: lens.ray_shooting(*rays, kwargs))[0]
    later = seconds(lambda: lens.ray_shooting(*rays, kwargs), 2 if number > 1000 else 5)[0]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{number} haloes, {pixels}x{pixels} rays: first {first:.2f} s, of which compiling {first - later:.2f} s; "
        f"then {later:.3f} s, {later / number / pixels**2 * 1e9:.1f} ns per ray and halo; "
        f"memory {memory / 1024:.0f} MB, {start / 1024:.0f} MB before"
    )
    if reference_pixels:
        from lenstronomy.LensModel.lens_model import LensModel as Reference

        reference, rays = Reference(names, **options), grid(reference_pixels)
        reference.ray_shooting(*few, kwargs)
        spent, expected = seconds(lambda: reference.ray_shooting(*rays, kwargs), 2)
        ours, result = seconds(lambda: lens.ray_shooting(*rays, kwargs), 3)
        difference = np.abs(np.subtract(result, expected)).max()
        print(
            f"    on {reference_pixels}x{reference_pixels} rays lenstronomy {spent:.3f} s, "
            f"{spent / number / reference_pixels**2 * 1e9:.1f} ns per ray and halo, jaxtronomy {ours:.3f} s; "
            f"largest difference {difference:.0e} arcsec"
        )


def main():
    """Measure each number in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--haloes", type=int, nargs="+", default=[50, 500, 5000])
    parser.add_argument("--pixels", type=int, default=400)
    parser.add_argument("--reference-pixels", type=int, default=100, help="0: without lenstronomy")
    options = parser.parse_args()
    if len(options.haloes) == 1:
        return measure(options.haloes[0], options.pixels, options.reference_pixels)
    for number in options.haloes:
        command = [sys.executable, "-W", "ignore", __file__, "--haloes", str(number), "--pixels", str(options.pixels)]
        command += ["--reference-pixels", str(options.reference_pixels)]
        subprocess.run(command, env=os.environ | {"JAXTRONOMY_COMPILATION_CACHE": "0"}, check=True)


if __name__ == "__main__":
    main()
