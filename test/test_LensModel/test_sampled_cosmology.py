"""A quad whose cosmology is sampled: agreement with lenstronomy, one program for all cosmologies."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from astropy.cosmology import FlatLambdaCDM, FlatwCDM
from lenses import slope
from lenstronomy.LensModel.lens_model import LensModel as Reference
from numpy.testing import assert_allclose

from jaxtronomy.core.jit import trace_count
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.Solver.lens_equation_solver import LensEquationSolver

# lenstronomy warns of any cosmology that it is given
pytestmark = pytest.mark.filterwarnings("ignore:Cosmology is provided")

NAMES = ["EPL", "SHEAR", "SIS"]
KWARGS = [
    {"theta_E": 1.1, "gamma": 2.05, "e1": 0.1, "e2": -0.07, "center_x": 0.02, "center_y": 0.01},
    {"gamma1": 0.03, "gamma2": -0.02},
    {"theta_E": 0.05, "center_x": 0.8, "center_y": 0.9},
]
PLANES = {"multi_plane": True, "lens_redshift_list": [0.5, 0.5, 0.8]}
COSMOLOGIES = {
    "FlatLambdaCDM": (FlatLambdaCDM(70, 0.3), FlatLambdaCDM(61, 0.42)),
    "FlatwCDM": (FlatwCDM(70, 0.3, -1.0), FlatwCDM(74, 0.25, -1.3)),
}


def of_a_quad(lens, x, y, diff=None):
    """Arrival times, Fermat potentials and magnifications of the images."""
    magnification = lens.magnification(x, y, KWARGS, diff=diff)
    return lens.arrival_time(x, y, KWARGS), lens.fermat_potential(x, y, KWARGS), magnification


@pytest.mark.parametrize("model", COSMOLOGIES)
@pytest.mark.parametrize("planes", ({}, PLANES), ids=("one plane", "many planes"))
def test_quad(planes, model):
    """Time delays, Fermat potential and magnification follow the cosmology; a new one compiles nothing."""
    options = {"z_lens": 0.5, "z_source": 1.7, "cosmology_sampling": True, "cosmology_model": model, **planes}
    ours, theirs = LensModel(NAMES, **options), Reference(NAMES, **options)
    solver = LensEquationSolver(ours)
    before, results = None, []
    for cosmo in COSMOLOGIES[model]:
        for lens in (ours, theirs):
            lens.update_cosmology(cosmo)
        x, y = solver.image_position_from_source(0.05, 0.06, KWARGS, min_distance=0.05, search_window=5)
        assert len(x) == 4
        results.append(of_a_quad(ours, x, y))
        assert before in (None, trace_count())
        before = trace_count()
        # of many planes lenstronomy has no exact Hessian
        time, fermat, magnification = of_a_quad(theirs, x, y, diff=1e-5 if planes else None)
        assert_allclose(results[-1][0], time, rtol=1e-9)
        assert_allclose(results[-1][1], fermat, rtol=1e-9)
        assert_allclose(results[-1][2], magnification, rtol=1e-5 if planes else 1e-9)
    assert np.abs(results[0][0] / results[1][0] - 1).max() > 0.01


def test_gradients_of_the_images_through_the_planes():
    """Image positions and delays behind several planes, by lens and source parameters."""
    solver = LensEquationSolver(LensModel(NAMES, z_lens=0.5, z_source=1.7, **PLANES))
    window = {"min_distance": 0.05, "search_window": 5, "precision_limit": 1e-14}

    @jax.jit
    def images(v):
        kwargs = [{**KWARGS[0], "theta_E": v[0]}, KWARGS[1], {**KWARGS[2], "theta_E": v[1]}]
        found = solver.solve(v[2], v[3], kwargs, **window)
        x, y = found.x[:4], found.y[:4]
        return jnp.stack([x, y, solver.lensModel.arrival_time(x, y, kwargs)]), found.found

    v = np.array([1.1, 0.05, 0.05, 0.06])
    jacobian, found = jax.jit(jax.jacfwd(images, has_aux=True))(v)
    assert found.sum() == 4
    for exact, expected in zip(jacobian, slope(lambda u: images(u)[0], v, 1e-6)):
        assert_allclose(exact, expected, rtol=1e-6, atol=1e-7 * np.abs(expected).max())
