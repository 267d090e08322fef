"""Extensions of the lens model and the quad optimizer."""

import copy

import numpy as np
import pytest
from lenstronomy.LensModel.lens_model import LensModel as Reference
from lenstronomy.LensModel.lens_model_extensions import LensModelExtensions as ReferenceExtensions
from lenstronomy.LightModel.light_model import LightModel as ReferenceLight
from numpy.testing import assert_allclose

from jaxtronomy.core.jit import trace_count
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.lens_model_extensions import LensModelExtensions
from jaxtronomy.LensModel.QuadOptimizer.optimizer import Optimizer
from jaxtronomy.LensModel.QuadOptimizer.param_manager import PowerLawFixedShear, PowerLawFreeShear
from jaxtronomy.LensModel.Solver.lens_equation_solver import LensEquationSolver
from jaxtronomy.LightModel.light_model import LightModel

NAMES = ["EPL", "SHEAR"]
KWARGS = [
    {"theta_E": 1.1, "gamma": 2.05, "e1": 0.1, "e2": -0.07, "center_x": 0.02, "center_y": 0.01},
    {"gamma1": 0.03, "gamma2": -0.02},
]
lenstronomy_fails = pytest.mark.xfail(
    np.lib.NumpyVersion(np.__version__) >= "2.5.0",
    raises=TypeError,
    reason="with NumPy 2.5 lenstronomy takes the length of a complex number",
)
OURS, THEIRS = LensModelExtensions(LensModel(NAMES)), ReferenceExtensions(Reference(NAMES))
X, Y = LensEquationSolver(LensModel(NAMES)).image_position_from_source(
    0.05, 0.06, KWARGS, min_distance=0.05, search_window=5
)


def values(result):
    """The numbers of a result, dictionaries included."""
    return list(result.values()) if isinstance(result, dict) else result


@pytest.mark.parametrize(
    ("name", "arguments", "tolerance"),
    (
        ("hessian_eigenvectors", {}, 1e-9),
        ("radial_tangential_stretch", {}, 1e-9),
        ("radial_tangential_stretch", {"coordinate_frame_definitions": True, "ra_0": 0.1, "diff": 0.01}, 1e-9),
        ("radial_tangential_differentials", {}, 1e-4),  # lenstronomy's arc cosines
        ("magnification_finite", {"window_size": 0.2, "grid_number": 60, "source_sigma": 0.005}, 1e-9),
        ("magnification_finite", {"window_size": 0.2, "grid_number": 60, "polar_grid": True}, 1e-9),
    ),
)
def test_parity_at_arrays(name, arguments, tolerance):
    result, expected = (getattr(e, name)(X, Y, kwargs_lens=KWARGS, **arguments) for e in (OURS, THEIRS))
    assert_allclose(result, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(
    ("name", "arguments", "tolerance"),
    (
        pytest.param("curved_arc_estimate", {"tan_diff": True}, 1e-7, marks=lenstronomy_fails),
        pytest.param("curved_arc_finite_area", {"dr": 0.1}, 1e-7, marks=lenstronomy_fails),
        ("tangential_average", {"dr": 0.1}, 1e-9),
        ("zoom_source", {"grid_number": 20}, 1e-9),
    ),
)
def test_parity_at_a_point(name, arguments, tolerance):
    x, y = 1.2, 0.4
    result, expected = (values(getattr(e, name)(x, y, KWARGS, **arguments)) for e in (OURS, THEIRS))
    for a, b in zip(result, expected) if isinstance(result, list) else ((result, expected),):
        assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def test_critical_curves():
    window = {"compute_window": 3.0, "grid_scale": 0.05}
    ours, theirs = (e.critical_curve_caustics(KWARGS, **window) for e in (OURS, THEIRS))
    for a, b in zip(ours, theirs):
        assert len(a) == len(b)
        for curve, expected in zip(a, b):
            assert_allclose(curve, expected, atol=1e-9)
    assert OURS.caustic_area(KWARGS, window) == pytest.approx(THEIRS.caustic_area(KWARGS, window), rel=1e-9)
    ours, theirs = (
        e.critical_curve_tiling(KWARGS, compute_window=3, start_scale=0.5, max_order=6) for e in (OURS, THEIRS)
    )
    assert_allclose(ours, theirs, atol=1e-12)


# lenstronomy divides by the flux of the first ring, which may hold no pixel
@pytest.mark.filterwarnings("ignore:invalid value encountered in scalar divide")
@pytest.mark.parametrize(
    "options",
    (
        pytest.param({}, marks=lenstronomy_fails),
        pytest.param({"axis_ratio": 0}, marks=lenstronomy_fails),
        {"axis_ratio": 1, "fixed_aperture_size": True},
    ),
)
def test_finite_magnification(options):
    x, y = OURS._lensModel.ray_shooting(X[0], Y[0], KWARGS)
    source = [{"amp": 1.0, "sigma": 0.005, "center_x": x, "center_y": y}]
    arguments = (KWARGS,), (source, 0.005, 0.15)
    ours, theirs = (
        e.magnification_finite_adaptive(X[:2], Y[:2], *arguments[0], light(["GAUSSIAN"]), *arguments[1], **options)
        for e, light in ((OURS, LightModel), (THEIRS, ReferenceLight))
    )
    assert_allclose(ours, theirs, rtol=1e-9)


@pytest.mark.parametrize("manager", (PowerLawFreeShear, PowerLawFixedShear))
def test_quad_optimizer(manager):
    """A quad behind a main lens and haloes in front of it, in its plane and behind: all images come from one source."""
    names, redshifts = [*NAMES, "SIS", "SIS", "SIS"], [0.5, 0.5, 0.3, 0.5, 0.8]
    haloes = [{"theta_E": 0.01, "center_x": x, "center_y": 0.5} for x in (1.0, -0.9, 0.4)]
    start = [{**KWARGS[0], "theta_E": 1.08, "e1": 0.05}, dict(KWARGS[1]), *haloes]
    options = (0.04,) if manager is PowerLawFixedShear else ()
    setup = (X, Y, names, redshifts, 0.5, 1.5)

    def fit(kwargs):
        optimizer = Optimizer.full_raytracing(*setup, manager(kwargs, *options), simplex_n_iterations=60)
        return optimizer, optimizer.optimize(n_particles=20, n_iterations=60, seed=1)

    _, (kwargs, source) = fit(copy.deepcopy(start))
    lens = LensModel(names, z_source=1.5, lens_redshift_list=redshifts, multi_plane=True)
    scatter = np.array(lens.ray_shooting(X, Y, kwargs)) - np.array(source)[:, None]
    assert np.abs(scatter).max() < 1e-3
    assert kwargs[2:] == haloes
    before = trace_count()
    start[2]["theta_E"] = 0.02
    fit(start)
    assert trace_count() == before  # other haloes, the same program


def test_windows_without_a_grid():
    with pytest.raises(ValueError, match="holds no grid"):
        OURS.critical_curve_caustics(KWARGS, compute_window=5, grid_scale=0)
    with pytest.raises(ValueError, match="holds no grid"):
        OURS.critical_curve_tiling(KWARGS, compute_window=-5)
    for method in (OURS.magnification_finite, OURS.zoom_source):
        with pytest.raises(ValueError, match="make no grid"):
            method(X, Y, KWARGS, grid_number=0)
