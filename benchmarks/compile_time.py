"""Seconds from the first call to its result, in a process of its own: ``python compile_time.py NAME``.

With an empty compilation cache (``JAX_COMPILATION_CACHE_DIR``) that is tracing and compiling, with a full one tracing
and loading. The first call of another model of the same shape, with other data, should be neither. One JSON line is
printed.
"""

import json
import sys
import time

import numpy as np


def _alpha(seed):
    from jaxtronomy.LensModel.lens_model import LensModel

    kwargs = [{"theta_E": 1.2 + seed, "gamma": 2.1, "e1": 0.1, "e2": -0.05}, {"gamma1": 0.03, "gamma2": -0.02}]
    x = np.linspace(-3, 3, 10000)
    return lambda: LensModel(["EPL", "SHEAR"]).alpha(x, x, kwargs)


def _image(seed):
    from problems import likelihood

    fit, args = likelihood("jaxtronomy", quad=False, supersampling=2, seed=seed)
    kwargs = fit.param.args2kwargs(args)
    model = fit.image_likelihood.imSim
    parts = ("kwargs_lens", "kwargs_source", "kwargs_lens_light", "kwargs_ps")
    return lambda: model.image_linear_solve(*(kwargs[part] for part in parts))


def _value(seed):
    from problems import likelihood

    fit, args = likelihood("jaxtronomy", seed=seed)
    return lambda: fit.logL(args)


def _gradient(seed):
    from problems import likelihood

    fit, args = likelihood("jaxtronomy", seed=seed)
    return lambda: fit.value_and_grad(args)


CALLS = {
    "LensModel.alpha, EPL + SHEAR": _alpha,
    "image_linear_solve, lens light, 2x2": _image,
    "logL, quad": _value,
    "value and gradient of logL, quad": _gradient,
}


def main():
    """Measure the call that is named."""
    start = time.perf_counter()
    import jaxtronomy.Workflow.fitting_sequence  # noqa: F401

    loaded = time.perf_counter()
    spent = []
    for seed in (0, 1):
        call = CALLS[sys.argv[1]](seed)
        ready = time.perf_counter()
        call()
        spent.append(time.perf_counter() - ready)
    print(json.dumps({"import": loaded - start, "first": spent[0], "other": spent[1]}))


if __name__ == "__main__":
    main()
