"""The lens equation: agreement with lenstronomy and with the analytical solver, fixed sizes, implicit derivatives."""

import jax
import numpy as np
import pytest
from lenses import draw, slope
from lenstronomy.LensModel.lens_model import LensModel as Reference
from lenstronomy.LensModel.Solver import epl_shear_solver as reference_analytical
from lenstronomy.LensModel.Solver.lens_equation_solver import LensEquationSolver as ReferenceSolver
from numpy.testing import assert_allclose

from jaxtronomy.core.jit import trace_count
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.Solver import epl_shear_solver
from jaxtronomy.LensModel.Solver.lens_equation_solver import MAX_IMAGES, LensEquationSolver

NAMES = ["EPL", "SHEAR"]
SOLVER, REFERENCE = LensEquationSolver(LensModel(NAMES)), ReferenceSolver(Reference(NAMES))
WINDOW = {"min_distance": 0.05, "search_window": 5}
QUAD = (
    {"theta_E": 1.1, "gamma": 2.0, "e1": 0.1, "e2": -0.07, "center_x": 0.02, "center_y": 0.01},
    {"gamma1": 0.03, "gamma2": -0.02},
)
SOURCE = (0.05, 0.06)


def test_parity():
    """The same images as lenstronomy, in the same order; one more at most, where it missed one."""
    rng = np.random.default_rng(2)
    same = 0
    for seed in range(20):
        kwargs, source = draw(NAMES, seed), rng.normal(0, 0.15, 2)
        ours, theirs = (s.image_position_from_source(*source, kwargs, **WINDOW) for s in (SOLVER, REFERENCE))
        assert_allclose(
            SOLVER.lensModel.ray_shooting(*ours, kwargs), np.outer(source, np.ones(len(ours[0]))), atol=2e-10
        )
        assert len(ours[0]) >= len(theirs[0])
        if len(ours[0]) == len(theirs[0]):
            assert_allclose(ours, theirs, atol=1e-7)
            same += 1
    assert same >= 19


def test_one_program_for_all_lenses():
    SOLVER.image_position_from_source(*SOURCE, QUAD, **WINDOW)
    before = trace_count("find_images")
    other = LensEquationSolver(LensModel(NAMES))
    other.image_position_from_source(0.1, 0.2, draw(NAMES, 1), precision_limit=1e-9, x_center=0.1, **WINDOW)
    assert trace_count("find_images") == before


def test_analytical_solver():
    for seed in range(15):
        kwargs, source = draw(NAMES, seed), np.random.default_rng(seed).normal(0, 0.15, 2)
        ours, theirs = (
            sorted(zip(*s.image_position_from_source(*source, kwargs, solver="analytical")))
            for s in (SOLVER, REFERENCE)
        )
        centre = kwargs[0]["center_x"], kwargs[0]["center_y"]
        # of central images without any brightness it depends on rounding whether they are found
        ours, theirs = ([p for p in images if np.hypot(*np.subtract(p, centre)) > 1e-3] for images in (ours, theirs))
        assert_allclose(ours, theirs, atol=1e-8)


def test_analytical_solver_with_a_mass_sheet():
    """Any position of the sheet; lenstronomy takes that of the origin."""
    names = [*NAMES, "CONVERGENCE"]
    solver = LensEquationSolver(LensModel(names, z_lens=0.5, z_source=2, z_source_convention=3))
    kwargs = [*QUAD, {"kappa": 0.1, "ra_0": 0.3, "dec_0": -0.2}]
    x, y = solver.image_position_from_source(*SOURCE, kwargs, solver="analytical", magnification_limit=1e-3)
    expected = solver.image_position_from_source(*SOURCE, kwargs, **WINDOW)
    assert_allclose((x, y), expected, atol=1e-8)
    assert len(x) >= 2


@pytest.mark.parametrize("gamma", (1.9, 2.2))
def test_caustics(gamma):
    kwargs = [{**QUAD[0], "gamma": gamma}, QUAD[1]]
    for which in ("caustic", "cut", "double", "quad"):
        for sourceplane in (True, False):
            options = {"return_which": which, "maginf": -0.1 if gamma > 2 else 0, "sourceplane": sourceplane}
            ours, theirs = (m.caustics_epl_shear(kwargs, **options) for m in (epl_shear_solver, reference_analytical))
            assert_allclose(ours, theirs, atol=1e-8, err_msg=which)


def test_cut_of_an_isothermal_lens():
    """Outside of it a source has one image less; lenstronomy's is the diamond there."""
    cut = epl_shear_solver.caustics_epl_shear(QUAD, return_which="cut")
    centre = np.array([[QUAD[0]["center_x"]], [QUAD[0]["center_y"]]])
    for factor, number in ((0.98, 2), (1.02, 1)):
        x, y = (centre + factor * (cut - centre))[:, 40]
        images = SOLVER.image_position_from_source(x, y, QUAD, min_distance=0.01, search_window=6)
        assert len(images[0]) == number


def test_options():
    quad = SOLVER.image_position_from_source(*SOURCE, QUAD, **WINDOW)
    assert len(quad[0]) == 4
    stochastic = SOLVER.image_position_from_source(*SOURCE, QUAD, solver="stochastic", search_window=5, num_random=200)
    assert_allclose(stochastic, quad, atol=1e-8)
    magnification = np.abs(SOLVER.lensModel.magnification(*quad, QUAD))
    limited = SOLVER.image_position_from_source(
        *SOURCE, QUAD, magnification_limit=np.sort(magnification)[1] - 0.1, **WINDOW
    )
    assert len(limited[0]) == 3
    bright = SOLVER.find_bright_image(*SOURCE, QUAD, numImages=2, arrival_time_sort=False, **WINDOW)
    assert_allclose(bright[0], quad[0][np.argsort(-magnification)[:2]])
    for options in ({"num_random": 5, "initial_guess_cut": False, "non_linear": True}, {"arrival_time_sort": False}):
        others = SOLVER.image_position_from_source(*SOURCE, QUAD, **WINDOW, **options)
        nearest = [np.hypot(others[0] - x, others[1] - y).min() for x, y in zip(*quad)]
        assert_allclose(nearest, 0, atol=1e-8)
    outside = SOLVER.image_position_from_source(*SOURCE, QUAD, x_center=20, **WINDOW)
    assert len(outside[0]) == 0
    theirs = REFERENCE.candidate_solutions(*SOURCE, QUAD, **WINDOW)
    for a, b in zip(SOLVER.candidate_solutions(*SOURCE, QUAD, **WINDOW), theirs):
        assert_allclose(a, b, atol=1e-10)
    with pytest.raises(ValueError, match="not one of"):
        SOLVER.image_position_from_source(0, 0, QUAD, solver="none")
    with pytest.raises(ValueError, match="does not support"):
        LensEquationSolver(LensModel(["NFW"])).image_position_from_source(0, 0, draw(["NFW"]), solver="analytical")


def _solve(v):
    """Images as a function of lens and source parameters."""
    main = dict(zip(("theta_E", "gamma", "e1", "e2"), v)) | {"center_x": 0.02, "center_y": 0.01}
    return SOLVER.solve(v[4], v[5], [main, QUAD[1]], **WINDOW)


VECTOR = np.array([1.1, 2.0, 0.1, -0.07, *SOURCE])


def test_fixed_size_and_implicit_derivatives():
    images = _solve(VECTOR)
    assert images.x.shape == (MAX_IMAGES,) and images.found.sum() == 4 and not images.overflow
    assert_allclose(images.x[4:], images.x[0])
    expected = slope(lambda v: _solve(v).x[:4], VECTOR, 1e-5)
    jacobian = jax.jit(jax.jacrev(lambda v: _solve(v).x[:4]))(VECTOR)
    assert_allclose(jacobian, expected, rtol=1e-5, atol=1e-5)
    assert SOLVER.solve(*SOURCE, QUAD, num_images=2, **WINDOW).overflow


def test_second_derivatives():
    gradient = jax.jit(jax.jacrev(lambda v: _solve(v).x[:4]))
    second = jax.jit(jax.jacfwd(jax.jacrev(lambda v: _solve(v).x[:4])))(VECTOR)
    expected = slope(gradient, VECTOR, 1e-5)
    assert_allclose(second, expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max())


def test_brightest_images_inside_programs():
    """What is no image is not among the brightest, whatever it repeats."""
    options = {"numImages": 4, "arrival_time_sort": False, **WINDOW}
    for source in (SOURCE, (0.02, -0.08)):
        expected = SOLVER.find_bright_image(*source, QUAD, **options)
        traced = jax.jit(lambda v: SOLVER.find_bright_image(v[0], v[1], QUAD, **options))(np.array(source))
        assert_allclose(np.array(traced)[:, : len(expected[0])], expected, atol=1e-9)


def test_bad_windows_and_sources():
    for options in ({"min_distance": 0}, {"min_distance": -0.1}, {"min_distance": 1, "search_window": 1}):
        with pytest.raises(ValueError, match="make no grid"):
            SOLVER.image_position_from_source(*SOURCE, QUAD, **options)
    with pytest.raises(ValueError, match="num_random = 0"):
        SOLVER.image_position_from_source(*SOURCE, QUAD, solver="stochastic", num_random=0)
    for solver in ("lenstronomy", "analytical", "stochastic"):
        with pytest.raises(ValueError, match="one source at a time"):
            SOLVER.image_position_from_source(np.zeros(2), np.zeros(2), QUAD, solver=solver)
    one = SOLVER.image_position_from_source(np.array([SOURCE[0]]), [SOURCE[1]], QUAD, **WINDOW)
    assert_allclose(one, SOLVER.image_position_from_source(*SOURCE, QUAD, **WINDOW))
    assert len(SOLVER.image_position_from_source(np.nan, 0, QUAD, **WINDOW)[0]) == 0


def test_batches_of_lenses():
    """Different lenses in one batch; some with two images, one with none in the window."""
    vectors = VECTOR + np.random.default_rng(0).normal(0, 0.05, (6, 6))
    vectors[0, 4:] = 30.0
    batch = jax.jit(jax.vmap(_solve))(vectors)
    for v, x, found in zip(vectors, batch.x, batch.found):
        alone = _solve(v)
        assert_allclose(np.array(found), alone.found)
        assert_allclose(np.array(x)[np.array(found)], alone.x[alone.found], atol=1e-8)
    assert np.array(batch.found).sum(1).tolist()[0] == 0


@pytest.mark.parametrize("names", (["EPL", "SHEAR"], ["SIE", "SHEAR"]), ids="+".join)
def test_faint_images(names):
    """With a limit all images above it are found, as by the analytical solver; without one, not all at the centre."""
    solver = LensEquationSolver(LensModel(names))
    faint = missing = 0
    for seed in range(60):
        kwargs, source = draw(names, seed), np.random.default_rng(seed).uniform(-0.6, 0.6, 2)
        limited = solver.image_position_from_source(*source, kwargs, magnification_limit=1e-3, **WINDOW)
        exact = solver.image_position_from_source(*source, kwargs, solver="analytical", magnification_limit=1e-3)
        assert_allclose(limited, exact, atol=1e-8)
        magnification = abs(solver.lensModel.magnification(*limited, kwargs))
        faint += np.sum(magnification < 0.1)
        usual = solver.image_position_from_source(*source, kwargs, **WINDOW)
        missing += len(limited[0]) - len(usual[0])
    assert faint > 1 and (missing > 0 or names[0] == "SIE")
