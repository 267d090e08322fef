"""Point sources: agreement with lenstronomy, and inside programs."""

import jax
import numpy as np
import pytest
from lenses import slope
from lenstronomy.LensModel.lens_model import LensModel as ReferenceLens
from lenstronomy.PointSource.point_source import PointSource as Reference
from numpy.testing import assert_allclose

from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.Solver.lens_equation_solver import MAX_IMAGES, LensEquationSolver
from jaxtronomy.PointSource.point_source import PointSource

NAMES = ["EPL", "SHEAR"]
LENS = LensModel(NAMES)
KWARGS_LENS = [
    {"theta_E": 1.1, "gamma": 2.0, "e1": 0.1, "e2": -0.07, "center_x": 0.02, "center_y": 0.01},
    {"gamma1": 0.03, "gamma2": -0.02},
]
TYPES = ["LENSED_POSITION", "UNLENSED", "SOURCE_POSITION"]
SOLVER = {"min_distance": 0.05, "search_window": 5}
SOURCE = 0.05, 0.06
IMAGES = LensEquationSolver(LENS).image_position_from_source(*SOURCE, KWARGS_LENS, **SOLVER)


def kwargs_of(fixed):
    """Parameters of the three point sources."""
    lensed, source = {"ra_image": IMAGES[0], "dec_image": IMAGES[1]}, dict(zip(("ra_source", "dec_source"), SOURCE))
    if fixed:
        amplitudes = {"source_amp": 2.0}, {"source_amp": 3.0}
    else:
        amplitudes = (
            {"point_amp": np.array([4.0, 3, 2, 1])},
            {"point_amp": np.array([1.0, 2, 3, 4]), "mag_pert": np.full(4, 0.5)},
        )
    star = {"ra_image": [1.0, 2], "dec_image": [0.5, -1], "point_amp": [10.0, 20]}
    return [lensed | amplitudes[0], star, source | amplitudes[1]]


def both(fixed=False, **options):
    """Our list of point sources and lenstronomy's."""
    options = {"fixed_magnification_list": [fixed, False, fixed], "kwargs_lens_eqn_solver": dict(SOLVER)} | options
    return PointSource(TYPES, LENS, **options), Reference(TYPES, ReferenceLens(NAMES), **options)


def flat(value):
    """All numbers of a nested result."""
    if isinstance(value, tuple | list):
        return np.concatenate([flat(v) for v in value]) if value else np.zeros(0)
    return np.ravel(np.asarray(value, dtype=float))


@pytest.mark.parametrize("fixed", (False, True))
@pytest.mark.parametrize("options", ({}, {"flux_from_point_source_list": [True, False, True]}), ids=("all", "some"))
def test_parity(fixed, options):
    kwargs_ps = kwargs_of(fixed)
    ours, theirs = both(fixed, **options)
    for name, arguments in (
        ("source_position", {}),
        ("image_position", {}),
        ("image_position", {"k": 2}),
        ("image_position", {"additional_images": True, "original_position": True}),
        ("point_source_list", {}),
        ("point_source_list", {"with_amp": False}),
        ("image_amplitude", {}),
        ("source_amplitude", {}),
        ("linear_response_set", {}),
        ("linear_response_set", {"with_amp": True}),
        ("num_basis", {}),
    ):
        result, expected = (flat(getattr(ps, name)(kwargs_ps, KWARGS_LENS, **arguments)) for ps in (ours, theirs))
        assert_allclose(result, expected, rtol=1e-6, atol=1e-7, err_msg=f"{name} {arguments}")
    assert ours.linear_param_from_kwargs(kwargs_ps) == theirs.linear_param_from_kwargs(kwargs_ps)
    number = ours.num_basis(kwargs_ps, KWARGS_LENS)
    updated, end = ours.update_linear(np.arange(number) + 1.0, 0, kwargs_of(fixed), KWARGS_LENS)
    assert end == number
    assert_allclose(ours.linear_param_from_kwargs(updated), np.arange(number) + 1.0)
    assert ours.check_image_positions(kwargs_ps, KWARGS_LENS) is True
    assert ours.check_image_positions(kwargs_ps, [{**KWARGS_LENS[0], "theta_E": 1.3}, KWARGS_LENS[1]]) is False
    assert PointSource.check_positive_flux(kwargs_ps) is True
    assert PointSource.check_positive_flux([{"point_amp": np.array([1, -1])}]) is False


def test_frames():
    """Each image with the lens models of its frame."""
    options = {
        "index_lens_model_list": [[0], [0, 1]],
        "point_source_frame_list": [[0, 1, 0, 1], None, None],
        "fixed_magnification_list": [True, False, True],
    }
    ours, theirs = both(**options)
    kwargs_ps = kwargs_of(True)
    for name in ("source_position", "image_amplitude"):
        result, expected = (flat(getattr(ps, name)(kwargs_ps, KWARGS_LENS)) for ps in (ours, theirs))
        assert_allclose(result, expected, rtol=1e-6)
    assert ours.k_list(0) == theirs.k_list(0)


def test_several_source_redshifts():
    """The lens model is left at the redshift that it had."""
    lens = LensModel(NAMES, z_lens=0.5, z_source=2.0, z_source_convention=2.0)
    sources = PointSource(TYPES, lens, redshift_list=[1.0, None, 2.0], kwargs_lens_eqn_solver=dict(SOLVER))
    x, _ = sources.source_position(kwargs_of(False), KWARGS_LENS)
    assert lens.z_source == 2.0
    near = LensModel(NAMES, z_lens=0.5, z_source=1.0, z_source_convention=2.0)
    assert_allclose(x[0], near.ray_shooting(*IMAGES, KWARGS_LENS)[0].mean(), rtol=1e-12)


def test_cache():
    sources, _ = both()
    sources.set_save_cache(True)
    kwargs_ps = kwargs_of(False)
    first = sources.image_position(kwargs_ps, KWARGS_LENS)[0][2]
    kwargs_ps[2]["ra_source"] = 0.04
    assert sources.image_position(kwargs_ps, KWARGS_LENS)[0][2] is first
    jax.jit(lambda x: sources.image_position([*kwargs_ps[:2], {**kwargs_ps[2], "ra_source": x}], KWARGS_LENS))(0.2)
    sources.delete_lens_model_cache()
    assert not np.allclose(sources.image_position(kwargs_ps, KWARGS_LENS)[0][2], first)


def _amplitudes(v):
    """All amplitudes and positions as a function of lens and source parameters."""
    lens = [{**KWARGS_LENS[0], "theta_E": v[0]}, KWARGS_LENS[1]]
    kwargs_ps = kwargs_of(True)
    kwargs_ps[2] = {**kwargs_ps[2], "ra_source": v[1]}
    kwargs_ps[0] = {**kwargs_ps[0], "ra_image": v[1] + kwargs_ps[0]["ra_image"]}
    x, y, amplitude = both(True)[0].point_source_list(kwargs_ps, lens)
    return jax.numpy.stack([jax.numpy.stack(a) for a in (x, y, amplitude)])


def test_inside_programs():
    v = np.array([1.1, SOURCE[0]])
    traced = np.array(jax.jit(_amplitudes)(v))
    assert traced.shape == (3, 6 + MAX_IMAGES)
    assert_allclose(traced[:, traced[2] > 0], _amplitudes(v), rtol=1e-8, atol=1e-9)
    jacobian = np.array(jax.jit(jax.jacfwd(_amplitudes))(v))[:, traced[2] > 0]
    assert_allclose(jacobian, slope(_amplitudes, v, 1e-6), rtol=1e-4, atol=1e-4)


def test_linear_response_inside_programs():
    """What is no image has no response."""
    sources, _ = both()

    def response(x):
        kwargs_ps = kwargs_of(False)
        kwargs_ps[2] = {"ra_source": x, "dec_source": SOURCE[1]}
        return sources.linear_response_set(kwargs_ps, KWARGS_LENS)[2]

    amplitudes = np.array(jax.jit(response)(SOURCE[0])).ravel()
    assert amplitudes.tolist() == [1.0] * 6 + [1.0] * 4 + [0.0] * (MAX_IMAGES - 4)


def test_errors():
    with pytest.raises(ValueError, match="BAD"):
        PointSource(["BAD"])
    with pytest.raises(ValueError, match="point_source_frame_list"):
        PointSource(["LENSED_POSITION"], LENS, index_lens_model_list=[[0]])
    with pytest.raises(ValueError, match="redshift_list has 1 entries for 2"):
        PointSource(["UNLENSED", "LENSED_POSITION"], LENS, redshift_list=[1.0])
    with pytest.raises(ValueError, match="LensedPositions needs a lens model"):
        PointSource(["LENSED_POSITION"]).source_position(kwargs_of(False)[:1], KWARGS_LENS)
    for method in ("source_position", "image_position", "point_source_list"):
        with pytest.raises(ValueError, match="2 sets of point source parameters given for 3"):
            getattr(both()[0], method)(kwargs_of(False)[:2], KWARGS_LENS)
