"""Shapelets, starlets and interpolated images by what defines them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from lenstronomy.LightModel.light_model import LightModel as ReferenceModel
from lenstronomy.LightModel.Profiles import shapelets as reference_shapelets
from lenstronomy.LightModel.Profiles import shapelets_polar as reference_polar
from lenstronomy.LightModel.Profiles import starlets_util as reference_starlets
from lenstronomy.LightModel.Profiles.moffat import Moffat as ReferenceMoffat

from jaxtronomy.LightModel.light_model import LightModel
from jaxtronomy.LightModel.Profiles.interpolation import Interpol
from jaxtronomy.LightModel.Profiles.moffat import Moffat
from jaxtronomy.LightModel.Profiles.shapelets import Shapelets, ShapeletSet
from jaxtronomy.LightModel.Profiles.shapelets_polar import ShapeletSetPolar, ShapeletsPolar, ShapeletsPolarExp
from jaxtronomy.LightModel.Profiles.starlets import SLIT_Starlets
from jaxtronomy.LightModel.Profiles.starlets_util import inverse_transform, transform
from jaxtronomy.Util.util import make_grid


@pytest.mark.parametrize("model", ["SHAPELETS", "SHAPELETS_POLAR"])
def test_orthonormal_to_order_30(model):
    """The products of all 496 functions on a wide grid, by the trapezoidal rule (exact for them)."""
    axis = np.linspace(-15, 15, 121)
    x, y = (c.ravel() for c in np.meshgrid(axis, axis))
    responses = np.array(LightModel([model]).functions_split(x, y, [{"n_max": 30, "beta": 1.0}])[0])
    products = responses @ responses.T * (axis[1] - axis[0]) ** 2
    norms = np.diag(products)
    np.testing.assert_allclose(products - np.diag(norms), 0, atol=1e-10)
    expected = 1.0
    if model == "SHAPELETS_POLAR":  # real and imaginary parts have norm 1/2
        expected = [1.0 if ShapeletsPolar().index2poly(i)[1] == 0 else 0.5 for i in range(496)]
    np.testing.assert_allclose(norms, expected, atol=1e-10)


@pytest.mark.parametrize("model", ["SHAPELETS", "SHAPELETS_POLAR"])
def test_order_30_agrees_with_lenstronomy(model):
    """All 496 components and their sum at the order 30."""
    rng = np.random.default_rng(8)
    x, y = rng.uniform(-4, 4, (2, 60))
    kwargs = [{"amp": rng.normal(size=496), "n_max": 30, "beta": 0.7, "center_x": 0.1, "center_y": -0.2}]
    ours, theirs = LightModel([model]), ReferenceModel([model])
    responses, expected = (m.functions_split(x, y, kwargs)[0] for m in (ours, theirs))
    np.testing.assert_allclose(responses, expected, rtol=1e-12, atol=1e-14)
    expected = theirs.surface_brightness(x, y, kwargs)
    np.testing.assert_allclose(ours.surface_brightness(x, y, kwargs), expected, rtol=1e-11, atol=1e-13)


def test_shapelet_sum_is_that_of_its_components():
    """The nested recurrences against the table of functions, at order 30 and far out."""
    rng = np.random.default_rng(2)
    amp, (x, y) = rng.normal(size=496), rng.uniform(-60, 60, (2, 400))
    kwargs = [{"amp": amp, "n_max": 30, "beta": 2.0}]
    light = LightModel(["SHAPELETS"])
    responses = np.array(light.functions_split(x, y, kwargs)[0])
    np.testing.assert_allclose(light.surface_brightness(x, y, kwargs), amp @ responses, rtol=1e-10, atol=1e-12)


def test_no_shapelets():
    """The order -1 is an empty sum."""
    for profile in (ShapeletSet(), ShapeletSetPolar(), ShapeletSetPolar(exponential=True)):
        assert profile.function(1.0, 1.0, [1.0], n_max=-1, beta=1.0) == 0


@pytest.mark.parametrize("exponential", [None, False, True])
def test_decomposition(exponential):
    """The coefficients of an image of shapelets."""
    profile = ShapeletSet() if exponential is None else ShapeletSetPolar(exponential=exponential)
    beta = 0.2 if exponential else 0.8  # exponential ones reach far and are cuspy
    x, y = make_grid(250, 0.1)
    amp = np.arange(1.0, 10 if exponential else 7)
    image = profile.function(x, y, amp, 2, beta)
    result = profile.decomposition(image, x, y, 2, beta, 0.1)
    np.testing.assert_allclose(result, amp, rtol=0.05 if exponential else 1e-10)


def test_single_shapelets():
    """One function of each kind, its tables and conventions, against lenstronomy."""
    x, y = np.random.default_rng(3).uniform(-1, 1, (2, 50))
    ours, theirs = Shapelets(), reference_shapelets.Shapelets()
    np.testing.assert_allclose(
        ours.function(x, y, 1.3, 0.6, 3, 2, 0.1, -0.1), theirs.function(x, y, 1.3, 0.6, 3, 2, 0.1, -0.1), rtol=1e-12
    )
    np.testing.assert_allclose(ours.phi_n(4, x), theirs.phi_n(4, x), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(ours.H_n(4, x), theirs.H_n(4, x), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ours.pre_calc(x, y, 0.6, 5, 0, 0), theirs.pre_calc(x, y, 0.6, 5, 0, 0), atol=1e-13)
    assert ours.hermval(50.0, [1.0, 2.0]) == theirs.hermval(50.0, [1.0, 2.0]) == 0
    tables = ours.pre_calc(x, y, 0.6, 3, 0, 0)
    np.testing.assert_allclose(
        Shapelets(precalc=True).function(*tables, 2.0, 0.6, 1, 2, 0, 0),
        ours.function(x, y, 2.0, 0.6, 1, 2, 0, 0),
        rtol=1e-12,
    )
    with pytest.raises(ValueError, match="at most 170"):
        ours.pre_calc(x, y, 0.6, 171, 0, 0)
    for cls, name in ((ShapeletsPolar, "ShapeletsPolar"), (ShapeletsPolarExp, "ShapeletsPolarExp")):
        ours, theirs = cls(), getattr(reference_polar, name)()
        for index in range(30):
            assert tuple(ours.index2poly(index)) == tuple(theirs.index2poly(index))
            assert ours.poly2index(*ours.index2poly(index)) == index
            expected = theirs.function(x, y, 1.3, 0.6, *theirs.index2poly(index), 0.1, -0.1)
            result = ours.function(x, y, 1.3, 0.6, *ours.index2poly(index), 0.1, -0.1)
            np.testing.assert_allclose(result, expected, rtol=1e-11, atol=1e-13)
        assert ours.num_param(6) == theirs.num_param(6)
    with pytest.raises(ValueError, match="imaginary"):
        ShapeletsPolar.poly2index(2, 0, True)
    with pytest.raises(ValueError, match="even"):
        ShapeletsPolar.poly2index(2, 1, False)


@pytest.mark.parametrize("second_gen", [False, True])
@pytest.mark.parametrize("size", [33, 64])
def test_starlets_of_all_scales(size, second_gen):
    """As many planes as the image has, the widest filter reaching over its edges."""
    image = np.random.default_rng(size).normal(size=(size, size))
    number = 1 + int(np.log2(size))
    planes = transform(image, number, second_gen)
    np.testing.assert_allclose(planes, reference_starlets.transform(image, number, second_gen), rtol=0, atol=1e-12)
    np.testing.assert_allclose(inverse_transform(planes, True, second_gen), image, rtol=0, atol=1e-12)
    again = transform(inverse_transform(planes, True, second_gen), number, second_gen)
    np.testing.assert_allclose(again, planes, rtol=0, atol=1e-12)


@pytest.mark.parametrize("second_gen", [False, True])
def test_starlets_reconstruct(second_gen):
    """Decomposition as in lenstronomy, reconstruction to rounding, under gradients too."""
    image = np.random.default_rng(4).normal(size=(20, 20))
    planes = transform(image, 4, second_gen)
    np.testing.assert_allclose(planes, reference_starlets.transform(image, 4, second_gen), rtol=0, atol=1e-13)
    np.testing.assert_allclose(inverse_transform(planes, True, second_gen), image, rtol=0, atol=1e-12)
    random = np.random.default_rng(5).normal(size=planes.shape)
    np.testing.assert_allclose(
        inverse_transform(random, False, second_gen),
        reference_starlets.inverse_transform(random, False, second_gen),
        rtol=0,
        atol=1e-12,
    )
    profile = SLIT_Starlets(second_gen=second_gen)
    amp = profile.decomposition(image.ravel(), 4)
    assert amp.shape == (1600,)
    np.testing.assert_allclose(profile.function_2d(amp.reshape(4, 20, 20), 4, 400), image, rtol=0, atol=1e-12)
    x, y = make_grid(20, 0.3)
    result = profile.function(x, y, amp, 4, 400, scale=0.3)
    np.testing.assert_allclose(result, image.ravel(), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(profile.function(x, y, amp.reshape(4, 20, 20), 4, 400, scale=0.3), result)
    slope = jax.jvp(lambda a: inverse_transform(a, True, second_gen), (jnp.asarray(planes),), (jnp.asarray(random),))[1]
    np.testing.assert_allclose(slope, inverse_transform(random, True, second_gen), rtol=0, atol=1e-12)


def test_starlet_errors():
    """Planes, shapes and numbers that do not fit are named."""
    image = np.ones((20, 20))
    for number in (1, 6, -1):
        with pytest.raises(ValueError, match=f"n_scales is {number}; from 2 to 5"):
            transform(image, number)
    profile = SLIT_Starlets()
    with pytest.raises(ValueError, match="3 dimensions"):
        profile.decomposition(np.ones((2, 2, 2)), 2)
    with pytest.raises(ValueError, match="square image"):
        profile.function([0.0], [0.0], np.ones(20), 2, 10)
    with pytest.raises(ValueError, match=r"shape \(2, 9\) given; 1 or 3 dimensions"):
        profile.function([0.0], [0.0], np.ones((2, 9)), 2, 9)
    assert profile.function(0.0, 0.0, np.ones((2, 3, 3)), 2, 3) == 2  # the planes count, not the numbers given
    with pytest.raises(ValueError, match="19 starlet coefficients given for 2 scales of 9 pixels"):
        profile.function([0.0], [0.0], np.ones(19), 2, 9)
    with pytest.raises(ValueError, match="cannot be split"):
        LightModel(["SLIT_STARLETS"]).functions_split([0.0], [0.0], [{"n_scales": 2, "n_pixels": 9}])


def test_interpolated_image_is_linear_in_its_pixels():
    """At the pixels their values, between them the mean, outside zero, and the derivative by the image."""
    image = np.random.default_rng(6).normal(size=(4, 5))
    x, y = np.meshgrid(np.arange(5) - 2.0, np.arange(4) - 1.5)
    profile = Interpol()
    np.testing.assert_allclose(profile.function(x, y, image), image, rtol=0, atol=1e-15)
    np.testing.assert_allclose(profile.function(0.5, -1.5, image), image[0, 2:4].mean(), rtol=1e-14)
    assert profile.function(3.01, 0.0, image) == profile.function(0.0, -1e9, image) == 0
    np.testing.assert_allclose(profile.function(-2.5, -1.5, image), image[0, 0] / 2, rtol=1e-14)
    slope = jax.grad(lambda im: profile.function(0.25, 0.5, im))(jnp.asarray(image))
    expected = np.zeros((4, 5))
    expected[2, 2:4] = 0.75, 0.25
    np.testing.assert_allclose(slope, expected, rtol=0, atol=1e-14)


def test_where_lenstronomy_rounds_off():
    """The chameleon and the Hernquist profile from their formulas, where they have no cancellation."""
    x, y = np.random.default_rng(9).uniform(0.5, 2, (2, 50))
    w_c, w_t, e1, e2 = 0.2, 1.5, 0.2, -0.1
    e = np.hypot(e1, e2)
    r2 = ((x - e1 * x - e2 * y) ** 2 + (y - e2 * x + e1 * y) ** 2) / (1 - e**2)  # 2 / (1 + q) is 1 + e
    norm = 1.3 / (np.hypot(1, w_c) - w_c - np.hypot(1, w_t) + w_t)
    expected = norm / 2 * (1 / np.sqrt(((1 + e) * w_c) ** 2 + r2) - 1 / np.sqrt(((1 + e) * w_t) ** 2 + r2))
    result = LightModel(["CHAMELEON"]).surface_brightness(
        x, y, [{"amp": 1.3, "w_c": w_c, "w_t": w_t, "e1": e1, "e2": e2}]
    )
    np.testing.assert_allclose(result, expected, rtol=1e-13, atol=0)
    s = np.hypot(x, y) / 0.1
    expected = 1.3 * ((2 + s**2) * np.arccos(1 / s) / np.sqrt(s**2 - 1) - 3) / (1 - s**2) ** 2
    result = LightModel(["HERNQUIST"]).surface_brightness(x, y, [{"amp": 1.3, "Rs": 0.1}])
    np.testing.assert_allclose(result, expected, rtol=1e-13, atol=0)


def test_moffat():
    """Against lenstronomy."""
    x, y = np.random.default_rng(7).uniform(-2, 2, (2, 50))
    expected = ReferenceMoffat().function(x, y, 1.2, 0.7, 2.3, 0.1, -0.2)
    np.testing.assert_allclose(Moffat().function(x, y, 1.2, 0.7, 2.3, 0.1, -0.2), expected, rtol=1e-13, atol=0)
