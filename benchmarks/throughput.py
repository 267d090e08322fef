"""Likelihoods per second in batches of parameters and of lenses: ``python throughput.py [--batches N ...]``.

In the precision that JAX is set to (``JAX_ENABLE_X64``), on its default device, against lenstronomy on one core. On a
GPU also how much of it is used: the operations and the memory traffic that XLA counts in the program of a chunk, over
what the device does with long chains of multiplications and additions, and with long arrays. (On a CPU programs are
loops over blocks, of which XLA counts one step.) Prints one JSON line for each measurement.
"""

import argparse
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from cases import PROBLEMS
from problems import likelihood

SMALL, LARGE = "quad, 100x100", "lens light, 200x200, 4x4 sub-pixels"
DIFFERENT = ", different lenses"  # what follows the name of a problem
BATCHES, LENSES = (1, 64, 1024, 8192), 1000
LONGEST = 20.0  # seconds that one call may take; longer ones are left out
FLOPS, LENGTH = 64, 1 << 26  # multiplications and additions for each number of a chain; numbers in a long array


def seconds(call, most=5):
    """Median time of some calls after one that is not counted, and the result."""
    call()
    spent = []
    while len(spent) < most and sum(spent) < LONGEST:
        start = time.perf_counter()
        result = call()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent), result


def ceilings():
    """Operations and bytes per second of the device, of every core of a CPU."""
    import jax
    import jax.numpy as jnp

    from jaxtronomy.core.threads import cores, on_cpu

    number = cores()
    short, long, repeats = (1 << 12, LENGTH >> 4, 2000) if on_cpu() else (1 << 22, LENGTH, 200)

    @jax.jit
    def chain(x, a, b):
        def step(_, x):
            for _ in range(FLOPS):
                x = x * a + b
            return x

        return jax.lax.fori_loop(0, repeats, step, x)

    @jax.jit
    def traffic(x, y, a):
        return x * a + y

    numbers = jnp.ones(()) * 0.5, jnp.ones(())
    starts = [jnp.ones(short) + i for i in range(number)]
    arrays = [(jnp.ones(long) + i, jnp.ones(long)) for i in range(number)]
    with ThreadPoolExecutor(number) as pool:

        def on_all(call, items):
            return lambda: list(pool.map(lambda item: jax.block_until_ready(call(item)), items))

        for_chain, _ = seconds(on_all(lambda x: chain(x, *numbers), starts))
        for_traffic, _ = seconds(on_all(lambda pair: traffic(*pair, numbers[0]), arrays))
    item = arrays[0][0].dtype.itemsize
    return {
        "flops per second": 2 * FLOPS * repeats * short * number / for_chain,
        "bytes per second": 3 * long * item * number / for_traffic,
    }


def counted(ours, rows):
    """Operations and bytes for one likelihood, as XLA counts them in the program of a chunk."""
    import jax

    from jaxtronomy.core.batch import chunk_size, vectorised
    from jaxtronomy.core.tree import flatten
    from jaxtronomy.Sampling.likelihood import Likelihood

    leaves, treedef = flatten(ours)
    chunk = min(chunk_size(leaves, len(rows)), len(rows))

    @jax.jit
    def program(leaves, rows):
        return vectorised(lambda a: Likelihood._log_likelihood(jax.tree.unflatten(treedef, leaves), a), rows)

    cost = program.lower(leaves, rows[:chunk]).compile().cost_analysis()
    return {"flops": cost["flops"] / chunk, "bytes": cost["bytes accessed"] / chunk}


def of_parameters(batches):
    """Rows of the table for batches of parameters."""
    from jaxtronomy.core.threads import on_cpu

    most = {} if on_cpu() else ceilings()
    for problem in (SMALL, LARGE):
        reference, args = likelihood("lenstronomy", **PROBLEMS[problem])
        ours, _ = likelihood("jaxtronomy", **PROBLEMS[problem])
        of_reference, expected = seconds(lambda: reference.logL(args))  # noqa: B023
        each = None
        for batch in batches:
            if each is not None and each * batch > LONGEST:
                continue
            rows = args + 1e-4 * np.random.default_rng(0).normal(size=(batch, args.size))
            rows[0] = args
            whole, values = seconds(lambda: ours.logL_batch(rows))  # noqa: B023
            each = whole / batch
            row = {
                "problem": problem,
                "batch": batch,
                "seconds": each,
                "reference_seconds": of_reference,
                "difference": abs(float(values[0]) / expected - 1),
            }
            if most:
                own = counted(ours, rows)
                row["arithmetic"] = own["flops"] / each / most["flops per second"]
                row["memory"] = own["bytes"] / each / most["bytes per second"]
            yield row


def of_lenses(number):
    """The row for as many lenses, each with its own noise, in one call."""
    from jaxtronomy.Sampling.likelihood import logL_of_lenses

    reference, args = likelihood("lenstronomy", **PROBLEMS[SMALL])
    lenses = [likelihood("jaxtronomy", seed=seed, **PROBLEMS[SMALL])[0] for seed in range(number)]
    rows = np.tile(args, (number, 1))
    whole, _ = seconds(lambda: logL_of_lenses(lenses, rows))
    of_reference, _ = seconds(lambda: reference.logL(args))
    row = {"problem": SMALL + DIFFERENT, "batch": number, "seconds": whole / number}
    yield row | {"reference_seconds": of_reference}


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batches", type=int, nargs="+", default=BATCHES)
    parser.add_argument("--lenses", type=int, default=LENSES)
    options = parser.parse_args()
    import jax

    import jaxtronomy  # noqa: F401

    precision = "float64" if jax.config.jax_enable_x64 else "float32"
    for rows in (of_parameters(options.batches), of_lenses(options.lenses)):
        for row in rows:
            print(json.dumps({"precision": precision, **row}), flush=True)


if __name__ == "__main__":
    main()
