"""Measurements on images, densities, priors, power spectra and derivatives against lenstronomy."""

import jax
import jax.numpy as jnp
import lenstronomy.Util.analysis_util as analysis_reference
import lenstronomy.Util.constants as constants_reference
import lenstronomy.Util.correlation as correlation_reference
import lenstronomy.Util.cosmo_util as cosmo_reference
import lenstronomy.Util.derivative_util as derivative_reference
import lenstronomy.Util.primary_beam_util as beam_reference
import lenstronomy.Util.prob_density as density_reference
import lenstronomy.Util.sampling_util as sampling_reference
import numpy as np
import pytest
from numpy.testing import assert_allclose

from jaxtronomy.Conf import config_loader
from jaxtronomy.Util import (
    analysis_util,
    constants,
    correlation,
    cosmo_util,
    derivative_util,
    numba_util,
    prob_density,
    sampling_util,
    util,
)
from jaxtronomy.Util.primary_beam_util import primary_beam_value_at_coords

RNG = np.random.default_rng(7)
X, Y = util.make_grid(30, 0.3)
LIGHT = np.exp(-((X - 0.2) ** 2 + 1.5 * Y**2 + 0.4 * X * Y) / 4) + RNG.normal(0, 0.01, X.size)
IMAGE = RNG.normal(size=(14, 14))
LOW, HIGH, MEAN, WIDTH = (
    np.array([-1.0, 0.0, 2.0]),
    np.array([1.0, 3.0, 4.0]),
    np.array([0.3, 1.0, 3.5]),
    np.ones(3) / 2,
)
CUBE = RNG.uniform(size=3)

CALLS = [
    (analysis_util, analysis_reference, "half_light_radius", (LIGHT, X, Y, 0.1, -0.2)),
    (analysis_util, analysis_reference, "half_light_radius", (0 * LIGHT, X, Y)),
    (analysis_util, analysis_reference, "radial_profile", (LIGHT, X, Y, 0.1, -0.2)),
    (analysis_util, analysis_reference, "radial_profile", (LIGHT, X, Y, 0, 0, 7)),
    (analysis_util, analysis_reference, "azimuthal_average", (IMAGE,)),
    (analysis_util, analysis_reference, "azimuthal_average", (IMAGE[:9], (6.5, 4.1))),
    (analysis_util, analysis_reference, "moments", (LIGHT, X, Y)),
    (analysis_util, analysis_reference, "ellipticities", (LIGHT, X, Y)),
    (analysis_util, analysis_reference, "ellipticities", (LIGHT, X, Y, 5, True, 0.1, 0.1)),
    (analysis_util, analysis_reference, "bic_model", (-3.0, 40, 5)),
    (correlation, correlation_reference, "correlation_2D", (IMAGE[:9],)),
    (correlation, correlation_reference, "power_spectrum_2d", (IMAGE[:9],)),
    (correlation, correlation_reference, "power_spectrum_1d", (IMAGE,)),
    (prob_density, density_reference, "compute_lower_upper_errors", (X, 3)),
    (prob_density, density_reference, "compute_lower_upper_errors", (LIGHT, 1)),
    (sampling_util, sampling_reference, "unit2uniform", (0.3, 1.0, 4.0)),
    (sampling_util, sampling_reference, "uniform2unit", (1.3, 1.0, 4.0)),
    (sampling_util, sampling_reference, "cube2args_uniform", (CUBE, LOW, HIGH, 3, True)),
    (sampling_util, sampling_reference, "cube2args_gaussian", (CUBE, LOW, HIGH, MEAN, WIDTH, 3, True)),
    (sampling_util, sampling_reference, "scale_limits", (LOW, list(HIGH), 0.4)),
]


@pytest.mark.parametrize("module, reference, name, args", CALLS, ids=[f"{c[2]}-{i}" for i, c in enumerate(CALLS)])
def test_parity(module, reference, name, args):
    copies = [np.array(a) if isinstance(a, np.ndarray) else a for a in args]
    ours = getattr(module, name)(*args)
    for before, after in zip(copies, args):
        np.testing.assert_array_equal(before, after)
    theirs = getattr(reference, name)(*copies)
    assert jax.tree.structure(ours) == jax.tree.structure(theirs)
    for mine, other in zip(jax.tree.leaves(ours), jax.tree.leaves(theirs)):
        assert_allclose(mine, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("dist", ["uniform", "normal"])
def test_balls_have_the_seeds_of_lenstronomy(dist):
    for ours, theirs, args in [
        (sampling_util.sample_ball, sampling_reference.sample_ball, (MEAN, WIDTH, 6, dist)),
        (sampling_util.sample_ball_truncated, sampling_reference.sample_ball_truncated, (MEAN, WIDTH, LOW, HIGH, 6)),
    ]:
        np.random.seed(2)
        expected = theirs(*args)
        np.random.seed(2)
        assert_allclose(ours(*args), expected, rtol=1e-12)


def test_the_cube_is_overwritten_unless_a_copy_is_asked_for():
    for name, extra in [("cube2args_uniform", ()), ("cube2args_gaussian", (MEAN, WIDTH))]:
        cube = CUBE.copy()
        expected = getattr(sampling_reference, name)(CUBE, LOW, HIGH, *extra, 3, copy=True)
        assert getattr(sampling_util, name)(cube, LOW, HIGH, *extra, 3) is cube
        assert_allclose(cube, expected)


def test_densities():
    ours, theirs = prob_density.SkewGaussian(), density_reference.SkewGaussian()
    for skew in (0.7, -0.2):
        assert_allclose(ours.pdf_skew(X, 0.1, 1.2, skew), theirs.pdf_skew(X, 0.1, 1.2, skew), rtol=1e-12)
    assert_allclose(ours.pdf_skew(X, 0.1, 1.2, 0.0), ours.pdf(X, 0.1, 1.2), rtol=1e-12)
    x = np.linspace(-1, 1, 5)
    assert_allclose(prob_density.KDE1D(LIGHT).likelihood(x), density_reference.KDE1D(LIGHT).likelihood(x), rtol=1e-12)
    assert prob_density.compute_lower_upper_errors(LIGHT, 0)[1] == [[]]


def test_derivatives_are_those_of_polar_coordinates():
    x, y = RNG.normal(size=(2, 6))
    for name in derivative_reference.__all__:
        ours = getattr(derivative_util, name)
        assert_allclose(ours(x, y), getattr(derivative_reference, name)(x, y), rtol=1e-12)
        assert isinstance(jax.jit(ours)(jnp.asarray(x), jnp.asarray(y)), jax.Array)


def test_constants():
    for name in (*constants_reference.__all__, "r_sun"):
        if name != "delay_arcsec2days":
            assert getattr(constants, name) == getattr(constants_reference, name)
    assert_allclose(
        constants.delay_arcsec2days(0.3, 4000.0), constants_reference.delay_arcsec2days(0.3, 4000.0), rtol=1e-13
    )


@pytest.mark.parametrize("name", cosmo_util.PARAMETERS)
def test_cosmologies(name):
    given = {"H0": 72, "Om0": 0.28, "w0": -0.9}
    ours, theirs = (m.get_astropy_cosmology(name, given) for m in (cosmo_util, cosmo_reference))
    assert ours == theirs
    assert cosmo_util.get_astropy_cosmology(name) == cosmo_reference.get_astropy_cosmology(name)


def test_primary_beam():
    args = (RNG.uniform(-1, 15, 9), RNG.uniform(-1, 15, 9), IMAGE)
    assert_allclose(primary_beam_value_at_coords(*args), beam_reference.primary_beam_value_at_coords(*args))


def test_centre_of_the_first_profile():
    assert analysis_util.profile_center([{"center_x": 1, "center_y": 2}]) == (1, 2)
    assert analysis_util.profile_center([{}], 3, 4) == (3, 4)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: analysis_util.profile_center([{"e1": 0}]), "e1"),
        (lambda: prob_density.SkewGaussian().pdf_skew(0, 0, 1, 1.0), "skewness is 1.0"),
        (lambda: prob_density.compute_lower_upper_errors(X, 4), "num_sigma is 4"),
        (lambda: sampling_util.sample_ball(MEAN, WIDTH, dist="flat"), "'flat'"),
        (lambda: cosmo_util.get_astropy_cosmology("CDM"), "'CDM'; allowed are FlatLambdaCDM"),
    ],
)
def test_errors_name_what_was_given(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_user_configuration(tmp_path, monkeypatch):
    assert config_loader.numba_conf()["enable"] is True
    assert config_loader.conventions_conf() == {"sersic_major_axis": False}
    file = tmp_path / "config.yaml"
    file.write_text("numba:\n  enable: False\n")
    monkeypatch.setattr(config_loader, "user_config_file", str(file))
    assert config_loader.numba_conf()["enable"] is False
    assert config_loader.numba_conf()["nopython"] is True
    assert config_loader.conventions_conf() == {"sersic_major_axis": False}


def test_decorated_functions_work_with_and_without_numba(monkeypatch):
    def double(x):
        return 2 * x

    assert numba_util.jit(cache=False)(double)(3) == 6
    monkeypatch.setattr(numba_util, "numba_enabled", False)
    assert numba_util.jit()(double) is double
