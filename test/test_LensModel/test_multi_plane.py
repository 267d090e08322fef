"""Multi-plane lensing: agreement with lenstronomy in all conventions, programs, gradients, decoupled planes."""

import jax
import numpy as np
import pytest
from astropy.cosmology import FlatLambdaCDM, FlatwCDM
from lenses import X, Y, draw, slope
from lenstronomy.LensModel.lens_model import LensModel as Reference
from lenstronomy.LensModel.Util import decouple_multi_plane_util as reference_util
from numpy.testing import assert_allclose

from jaxtronomy.core.jit import trace_count
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.MultiPlane.multi_plane import MultiPlane
from jaxtronomy.LensModel.Util import decouple_multi_plane_util

# lenstronomy warns of any cosmology that it is given
pytestmark = pytest.mark.filterwarnings("ignore:Cosmology is provided")

CONVENTIONS = (
    {},
    {"z_source_convention": 3.0},
    {"cosmo": FlatLambdaCDM(67, 0.31), "cosmo_interp": True},
    {"observed_convention_index": [0, 2]},
)


def system(number, seed=0):
    """Names, parameters and unsorted redshifts of random lenses, some of which share a plane."""
    rng = np.random.default_rng(seed)
    names = ["SIS", "SHEAR", "SIS", *rng.choice(["SIS", "NFW", "SHEAR"], max(number - 3, 0))][:number]
    return names, draw(names, seed), list(np.round(rng.uniform(0.1, 1.2, number), 1))


def both(names, redshifts, **options):
    """Our lens model and lenstronomy's."""
    options = {"lens_redshift_list": redshifts, "z_source": 1.5, "z_lens": 0.5, "multi_plane": True} | options
    return LensModel(names, **options), Reference(names, **options)


@pytest.mark.parametrize("options", CONVENTIONS, ids=("plain", "convention", "interpolated", "observed"))
@pytest.mark.parametrize("number", (1, 3, 12, 20))
def test_parity(number, options):
    names, kwargs, redshifts = system(number)
    if number == 1 and "observed_convention_index" in options:
        options = {"observed_convention_index": [0]}
    ours, theirs = both(names, redshifts, **options)
    for name in ("ray_shooting", "alpha", "arrival_time", "fermat_potential"):
        result, expected = (getattr(lens, name)(X, Y, kwargs) for lens in (ours, theirs))
        assert_allclose(result, expected, rtol=1e-10, atol=1e-10 * np.abs(expected).max(), err_msg=name)
    for lens in (ours, theirs):
        lens.change_source_redshift(1.3)
    assert_allclose(ours.ray_shooting(X, Y, kwargs), theirs.ray_shooting(X, Y, kwargs), rtol=1e-10, atol=1e-11)


def test_derivatives_are_exact():
    """lenstronomy takes differences over 1e-8; compare with well chosen ones."""
    names, kwargs, redshifts = system(12)
    ours, theirs = both(names, redshifts)
    expected = np.array(theirs.hessian(X, Y, kwargs, diff=1e-5))
    assert_allclose(ours.hessian(X, Y, kwargs), expected, rtol=1e-5, atol=1e-7)
    expected = np.array(theirs.lens_model.hessian_z1z2(0.3, 1.1, X, Y, kwargs, diff=1e-7))
    assert_allclose(ours.hessian_z1z2(0.3, 1.1, X, Y, kwargs), expected, rtol=1e-4, atol=1e-5)
    assert np.abs(ours.curl(X, Y, kwargs)).max() > 1e-4


def test_parts_of_the_path():
    names, kwargs, redshifts = system(12)
    ours, theirs = (lens.lens_model for lens in both(names, redshifts))
    for z_start, z_stop, include in ((0, 0.6, False), (0.5, 1.5, True), (0.5, 0.5, True), (1.3, 1.4, False)):
        arguments = (X, Y, 0.1 * X, 0.1 * Y, z_start, z_stop, kwargs)
        for name in ("ray_shooting_partial_comoving", "ray_shooting_partial"):
            if name == "ray_shooting_partial" and z_start == z_stop:
                continue
            result, expected = (getattr(lens, name)(*arguments, include_z_start=include) for lens in (ours, theirs))
            assert_allclose(result, expected, rtol=1e-9, atol=1e-9)
        assert_allclose(
            np.array(ours.transverse_distance_start_stop(z_start, z_stop, include), dtype=float),
            np.array(theirs.transverse_distance_start_stop(z_start, z_stop, include), dtype=float),
        )
    assert_allclose(ours.geo_shapiro_delay(X, Y, kwargs), theirs.geo_shapiro_delay(X, Y, kwargs), rtol=1e-10, atol=1e-9)


def test_observed_positions_in_a_sorted_list():
    """A lens at an observed position lies where the ray through that position meets its plane."""
    names, redshifts = ["SIS", "SIS"], [0.3, 0.8]
    kwargs = draw(names, 2)
    lens = MultiPlane(1.5, names, redshifts, observed_convention_index=[1])
    flat = lens.observed2flat_convention(kwargs)
    position = [kwargs[1]["center_x"], kwargs[1]["center_y"]]
    x, y, _, _ = lens.ray_shooting_partial(0, 0, *position, 0, 0.8, kwargs, check_convention=False)
    assert_allclose([flat[1]["center_x"], flat[1]["center_y"]], [x, y], rtol=1e-12)
    assert flat[0] == kwargs[0]
    static = lens.set_static(kwargs)
    assert_allclose(lens.ray_shooting(X, Y, static), MultiPlane(1.5, names, redshifts).ray_shooting(X, Y, flat))


def test_a_new_cosmology_or_source_compiles_nothing():
    names, kwargs, redshifts = system(12)
    lens = both(names, redshifts)[0]
    lens.arrival_time(X, Y, kwargs)
    before, first = trace_count(), lens.arrival_time(X, Y, kwargs)
    lens.update_cosmology(FlatwCDM(73, 0.3, -0.8))
    lens.change_source_redshift(1.4)
    second = lens.arrival_time(X, Y, kwargs)
    assert trace_count() == before
    fresh = LensModel(
        names,
        z_source=1.4,
        z_source_convention=1.5,
        lens_redshift_list=redshifts,
        multi_plane=True,
        cosmo=FlatwCDM(73, 0.3, -0.8),
    )
    assert_allclose(second, fresh.arrival_time(X, Y, kwargs), rtol=1e-12)
    assert np.abs(first / second - 1).max() > 0.01


def test_distances_can_be_traced():
    """Sampled distances enter the program: the derivative of a time delay by a distance."""
    names, kwargs, redshifts = system(12)
    lens = LensModel(names, z_source=1.5, lens_redshift_list=redshifts, multi_plane=True)
    last = lens.lens_model.T_ij_stop

    def delay(v):
        lens.lens_model.T_ij_stop = v[0]
        return lens.arrival_time(X[:3], Y[:3], kwargs)

    expected = slope(delay, [last], step=1.0)[..., 0]
    assert_allclose(jax.jacfwd(delay)(np.array([last]))[:, 0], expected, rtol=1e-6)


def test_gradients_through_the_planes():
    names, kwargs, redshifts = system(12)
    lens = LensModel(
        names, z_source=1.5, lens_redshift_list=redshifts, multi_plane=True, observed_convention_index=[0, 2]
    )

    def beta(v):
        changed = [{**kwargs[0], "theta_E": v[0], "center_x": v[1]}, *kwargs[1:]]
        return lens.ray_shooting(v[2], v[3], changed)[0]

    v = np.array([0.3, 0.1, 0.9, -0.4])
    assert_allclose(jax.grad(beta)(v), slope(beta, v), rtol=1e-6, atol=1e-8)


def test_very_many_rays():
    """They go through the planes in blocks; the halves of the grid are small enough to go at once."""
    names, kwargs, redshifts = system(12)
    lens = LensModel(names, z_source=1.5, lens_redshift_list=redshifts, multi_plane=True)
    axis = np.linspace(-3, 3, 370)
    x, y = (c.ravel() for c in np.meshgrid(axis, axis))
    halves = slice(None, x.size // 2), slice(x.size // 2, None)
    expected = np.concatenate([lens.ray_shooting(x[h], y[h], kwargs) for h in halves], axis=1)
    assert_allclose(lens.ray_shooting(x, y, kwargs), expected, rtol=1e-13, atol=1e-14)

    @jax.jit
    def weighted(theta_E, x, y):
        beta_x, beta_y = lens.ray_shooting(x, y, [{**kwargs[0], "theta_E": theta_E}, *kwargs[1:]])
        return (x * beta_x + y * beta_y).sum()

    x, y = jax.numpy.asarray(x), jax.numpy.asarray(y)
    slope_of = jax.grad(weighted)
    assert_allclose(slope_of(0.3, x, y), sum(slope_of(0.3, x[h], y[h]) for h in halves), rtol=1e-10)


def test_errors():
    names, kwargs, _ = system(3)
    with pytest.raises(ValueError, match="not in front"):
        LensModel(names, z_source=1.0, lens_redshift_list=[0.1, 1.2, 0.2], multi_plane=True)
    for z in (-0.1, np.nan):
        with pytest.raises(ValueError, match="lens model 1 is at redshift"):
            LensModel(names, z_source=1.0, lens_redshift_list=[0.1, z, 0.2], multi_plane=True)
    for i, message in ((3, "lens model 3, and there are 3"), (1, "no center_x and center_y")):
        with pytest.raises(ValueError, match=message):
            LensModel(
                names,
                z_source=1.0,
                lens_redshift_list=[0.1, 0.2, 0.3],
                multi_plane=True,
                observed_convention_index=[i],
            )
    with pytest.raises(ValueError, match="2 redshifts"):
        LensModel(names, z_source=1.0, lens_redshift_list=[0.1, 0.2], multi_plane=True)
    lens = LensModel(names, z_source=1.0, lens_redshift_list=[0.1, 0.2, 0.3], multi_plane=True)
    with pytest.raises(ValueError, match="subset"):
        lens.alpha(1, 1, kwargs, k=0)
    with pytest.raises(ValueError, match="no lensing potential"):
        lens.potential(1, 1, kwargs)
    with pytest.raises(ValueError, match="z_lens"):
        lens.fermat_potential(1, 1, kwargs)


@pytest.mark.parametrize("kind", ("POINT", "GRID", "MULTIPLE_IMAGES"))
def test_decoupled_planes(kind):
    names, redshifts, free = ["SIE", "SHEAR", "SIS", "SIS"], [0.5, 0.5, 0.3, 0.8], [0, 1]
    kwargs = draw(names, 5)
    kwargs[2]["theta_E"] = kwargs[3]["theta_E"] = 0.02
    x, y = (1.1, -0.3) if kind == "POINT" else (X[:4], Y[:4])
    lenses = []
    for util, lens in zip((decouple_multi_plane_util, reference_util), both(names, redshifts)):
        fixed, vary, kwargs_fixed, kwargs_vary, z_source, z_split, background = util.setup_lens_model(
            lens, kwargs, free
        )
        grid_x, grid_y, axes, _ = util.setup_grids(8, 0.4)
        at = (grid_x, grid_y) if kind == "GRID" else (x, y)
        fields = util.coordinates_and_deflections(
            fixed, vary, kwargs_fixed, kwargs_vary, *at, z_split, z_source, background
        )
        where = {"interp_points": axes} if kind == "GRID" else {"x_image": x, "y_image": y}
        options = util.decoupled_multiplane_class_setup(vary, *fields, z_split, coordinate_type=kind, **where)
        lenses.append(type(lens)(**options))
    ours, theirs = lenses
    changed = [{**kwargs_vary[0], "theta_E": 1.2}, kwargs_vary[1]]
    assert_allclose(ours.ray_shooting(x, y, changed), theirs.ray_shooting(x, y, changed), rtol=1e-9, atol=1e-10)
    if kind == "GRID":  # elsewhere the fields do not follow the position
        expected = np.array(theirs.hessian(x, y, changed, diff=1e-5))
        assert_allclose(ours.hessian(x, y, changed), expected, rtol=1e-4, atol=1e-6)
        assert_allclose(ours.kappa(x, y, changed), (expected[0] + expected[3]) / 2, rtol=1e-4, atol=1e-6)
    else:
        truth = both(names, redshifts)[0].ray_shooting(x, y, kwargs)
        assert_allclose(ours.ray_shooting(x, y, kwargs_vary), truth, rtol=1e-10, atol=1e-11)
