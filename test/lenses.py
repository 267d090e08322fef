"""Random lens models for tests."""

import numpy as np

X, Y = np.random.default_rng(11).normal(0, 1.3, (2, 40))

_DRAW = {
    "EPL": lambda r: {
        "theta_E": r.uniform(0.5, 1.3),
        "gamma": r.uniform(1.7, 2.3),
        "e1": r.normal(0, 0.12),
        "e2": r.normal(0, 0.12),
        "center_x": r.normal(0, 0.05),
        "center_y": r.normal(0, 0.05),
    },
    "SIE": lambda r: {
        "theta_E": r.uniform(0.5, 1.3),
        "e1": r.normal(0, 0.12),
        "e2": r.normal(0, 0.12),
        "center_x": r.normal(0, 0.05),
        "center_y": r.normal(0, 0.05),
    },
    "SIS": lambda r: {"theta_E": r.uniform(0.1, 0.5), "center_x": r.normal(0, 1), "center_y": r.normal(0, 1)},
    "SHEAR": lambda r: {"gamma1": r.normal(0, 0.05), "gamma2": r.normal(0, 0.05)},
    "CONVERGENCE": lambda r: {"kappa": r.normal(0, 0.05)},
    "NFW": lambda r: {
        "Rs": r.uniform(0.3, 2),
        "alpha_Rs": r.uniform(0.1, 0.5),
        "center_x": r.normal(0, 0.5),
        "center_y": r.normal(0, 0.5),
    },
}


def draw(names, seed=0):
    """Random parameters of each lens model."""
    rng = np.random.default_rng(seed)
    return [_DRAW[name](rng) for name in names]


def slope(function, x, step=1e-6):
    """Central differences of ``function`` (of a vector, to an array), the last axis for the elements of ``x``."""
    x = np.asarray(x, dtype=float)
    steps = step * np.eye(len(x))
    return np.stack([(np.asarray(function(x + h)) - np.asarray(function(x - h))) / (2 * step) for h in steps], axis=-1)
