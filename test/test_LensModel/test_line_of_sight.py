"""Lensing with tides and flexion along the line of sight."""

import jax
import numpy as np
import pytest
from lenses import X, Y, draw, slope
from lenstronomy.LensModel.lens_model import LensModel as Reference
from numpy.testing import assert_allclose

from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.Solver.lens_equation_solver import LensEquationSolver

MODELS = ("LOS", "LOS_MINIMAL", "LOS_FLEXION", "LOS_FLEXION_MINIMAL")


def system(model, size=0.03):
    """Our lens model, lenstronomy's, and parameters."""
    names, options = ["EPL", model, "SIS"], {"z_lens": 0.5, "z_source": 1.5}
    lens, rng = LensModel(names, **options), np.random.default_rng(1)
    main, other = draw(["EPL", "SIS"], 2)
    los = {name: rng.normal(0, size) for name in lens.lens_model.param_name_list[1]}
    return lens, Reference(names, **options), [main, los, other]


@pytest.mark.parametrize("model", MODELS)
def test_parity(model):
    ours, theirs, kwargs = system(model)
    for name, how in (
        ("ray_shooting", {}),
        ("alpha", {"k": 1}),
        ("hessian", {"k": [0]}),
        ("fermat_potential", {}),
        ("arrival_time", {}),
        ("curl", {}),
        ("magnification", {"diff": 0.1}),
    ):
        result, expected = (getattr(lens, name)(X, Y, kwargs, **how) for lens in (ours, theirs))
        assert_allclose(result, expected, rtol=1e-10, atol=1e-11, err_msg=name)
    source = 0.1, 0.2
    expected = theirs.fermat_potential(X, Y, kwargs, *source)
    assert_allclose(ours.fermat_potential(X, Y, kwargs, *source), expected, rtol=1e-10, atol=1e-11)
    radius = np.array([0.5, 1.0])
    assert_allclose(ours.lens_model.mass_2d(radius, kwargs, [1]), theirs.lens_model.mass_2d(radius, kwargs, [1]))


@pytest.mark.parametrize("model", MODELS)
def test_split(model):
    ours, theirs, kwargs = system(model)
    name = "split_lens_los_flexion" if "FLEXION" in model else "split_lens_los"
    (main, los), (main_expected, expected) = (getattr(lens.lens_model, name)(kwargs) for lens in (ours, theirs))
    assert main == main_expected
    assert {k: los[k] for k in expected if k in los} == {k: v for k, v in expected.items() if k in los}


@pytest.mark.parametrize("model", ("LOS_MINIMAL", "LOS_FLEXION_MINIMAL"))
def test_solver(model):
    """Images map to the source although the Hessian with flexion is an approximation."""
    lens, _, kwargs = system(model, 0.02)
    x, y = LensEquationSolver(lens).image_position_from_source(0.05, 0.02, kwargs, search_window=5)
    assert len(x) >= 2
    assert_allclose(lens.ray_shooting(x, y, kwargs), np.outer([0.05, 0.02], np.ones(len(x))), atol=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_gradients(model):
    """Source position and Fermat potential by all tides and flexions."""
    lens, _, kwargs = system(model)
    names = list(kwargs[1])

    def mapped(v):
        changed = [kwargs[0], dict(zip(names, v)), kwargs[2]]
        beta = lens.ray_shooting(1.1, 0.3, changed)
        return jax.numpy.stack([*beta, lens.fermat_potential(1.1, 0.3, changed)])

    jacobian, mapped = jax.jit(jax.jacfwd(mapped)), jax.jit(mapped)
    for v in (np.zeros(len(names)), np.array(list(kwargs[1].values()))):
        assert_allclose(jacobian(v), slope(mapped, v), rtol=1e-6, atol=1e-8)


def test_source_redshift_is_fixed():
    with pytest.raises(NotImplementedError):
        LensModel(["LOS"], z_source=2, z_lens=0.5).change_source_redshift(1)
