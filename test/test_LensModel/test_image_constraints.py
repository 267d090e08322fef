"""Solvers that make a lens model reproduce two or four images."""

import jax
import numpy as np
import pytest
from lenses import slope
from lenstronomy.LensModel.lens_model import LensModel as Reference
from lenstronomy.LensModel.Solver.solver import Solver as ReferenceSolver
from numpy.testing import assert_allclose

from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.Solver.lens_equation_solver import LensEquationSolver
from jaxtronomy.LensModel.Solver.solver import Solver

MAIN = {"theta_E": 1.0, "gamma": 1.95, "e1": 0.08, "e2": -0.05, "center_x": 0.01, "center_y": -0.02}
SHEAR = {"gamma1": 0.04, "gamma2": 0.02}
PSI = {"gamma_ext": 0.045, "psi_ext": 0.23}
CASES = (
    (4, "PROFILE_SHEAR", ["EPL", "SHEAR"]),
    (4, "PROFILE_SHEAR", ["EPL", "SHEAR_GAMMA_PSI"]),
    (4, "PROFILE", ["EPL", "SHEAR"]),
    (2, "CENTER", ["EPL", "SHEAR"]),
    (2, "ELLIPSE", ["EPL"]),
    (2, "THETA_E_PHI", ["EPL", "SHEAR"]),
    (2, "THETA_E_ELLIPSE", ["EPL"]),
)


def images(names):
    """Parameters, those to start from, and four images."""
    truth = [MAIN, PSI if "SHEAR_GAMMA_PSI" in names else SHEAR][: len(names)]
    start = [dict(k) for k in truth]
    start[0].update(theta_E=1.05, e1=0.06, center_x=0.0)
    solver = LensEquationSolver(LensModel(names))
    x, y = solver.image_position_from_source(0.02, 0.03, truth, min_distance=0.05, search_window=5)
    assert len(x) == 4
    return truth, start, x, y


# scipy's solver, of five unknowns for six equations
@pytest.mark.filterwarnings("ignore:The iteration is not making good progress")
@pytest.mark.parametrize(("number", "kind", "names"), CASES, ids=lambda v: v if isinstance(v, str) else None)
def test_parity(number, kind, names):
    truth, start, x, y = images(names)
    ours, theirs = Solver(kind, LensModel(names), number), ReferenceSolver(kind, Reference(names), number)
    given = [dict(k) for k in start]
    result, accuracy = ours.constraint_lensmodel(x[:number], y[:number], start)
    expected, _ = theirs.constraint_lensmodel(x[:number], y[:number], start)
    assert start == given
    if kind != "PROFILE":
        assert accuracy < 1e-20
        for a, b in zip(result, expected):
            assert_allclose(list(a.values()), list(b.values()), atol=1e-6)
    if kind.startswith("PROFILE"):
        assert_allclose([result[0][k] for k in MAIN], list(MAIN.values()), atol=1e-6)
    assert np.max(ours.check_solver(x[:number], y[:number], result)) < 1e-7
    fixed, fixed_expected = (s.add_fixed_lens([{} for _ in names], truth) for s in (ours, theirs))
    assert fixed == fixed_expected


def test_inside_programs():
    """The solution and its derivative by the image positions and by what is not solved for."""
    names = ["EPL", "SHEAR"]
    _, start, x, y = images(names)
    solver = Solver("PROFILE_SHEAR", LensModel(names), 4)

    def solve(v):
        kwargs = [{**start[0], "gamma": v[0]}, start[1]]
        x_moved = x + v[1] * np.array([1.0, 0, 0, 0])
        solved = solver.update_solver(kwargs, x_moved, y)
        return jax.numpy.stack([solved[0]["theta_E"], solved[0]["e1"], solved[1]["gamma1"]])

    v = np.array([1.95, 0.0])
    expected = slope(lambda u: np.array(solve(u)), v, 1e-5)
    assert_allclose(jax.jit(jax.jacfwd(solve))(v), expected, rtol=1e-5, atol=1e-6)
    assert_allclose(jax.jit(jax.jacrev(solve))(v), expected, rtol=1e-5, atol=1e-6)
    many = jax.jit(jax.vmap(solve))(np.stack([v, v + 0.01]))
    assert_allclose(many[1], solve(v + 0.01), rtol=1e-8)


def test_errors():
    lens = LensModel(["EPL", "SIS"])
    with pytest.raises(ValueError, match="2 or 4"):
        Solver("PROFILE", lens, 3)
    with pytest.raises(ValueError, match="SHEAR"):
        Solver("PROFILE_SHEAR", lens, 4)
    with pytest.raises(ValueError, match="not one of"):
        Solver("NOTHING", lens, 2)
    with pytest.raises(ValueError, match="parameter_module"):
        Solver("CUSTOM", lens, 4)
    with pytest.raises(ValueError, match="first lens model"):
        Solver("PROFILE", LensModel(["SIS"]), 4)
    with pytest.raises(ValueError, match="3 image positions"):
        Solver("PROFILE", lens, 4).update_solver([MAIN, {}], np.ones(3), np.ones(3))
