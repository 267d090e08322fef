"""Images, their amplitudes and likelihoods against lenstronomy."""

import copy
import importlib
import pickle

import jax
import numpy as np
import pytest

from jaxtronomy.core.jit import trace_count

KERNEL = np.exp(-((np.arange(9) - 4)[:, None] ** 2 + ((np.arange(9) - 4.2) ** 2)[None, :]) / 3)
CASES = {
    "plain": {},
    "fine light": {"supersampling_factor": 3},
    "fine convolution": {"supersampling_factor": 2, "supersampling_convolution": True},
    "gaussian": {"psf": "GAUSSIAN"},
    "error map": {"psf_variance_map": np.full((9, 9), 1e-5)},
    "noise map": {"noise": "map"},
    "steep gradients": {"noise": "boost"},
    "pixels without weight": {"noise": "holes"},
    "pixels without weight, error map": {"noise": "holes", "psf_variance_map": np.full((9, 9), 1e-5)},
    "point sources in windows": {"num_pix": 64},
}


SERSIC = ("SERSIC_ELLIPSE", "GAUSSIAN")


def model(package, seed=0, num_pix=30, psf="PIXEL", psf_variance_map=None, noise="poisson", source=SERSIC, **numerics):
    """An image model of a lens with a source, lens light and a quad, in either package."""

    def module(path):
        return importlib.import_module(f"{package}.{path}")

    rng = np.random.default_rng(seed)
    holes = np.full((num_pix, num_pix), 0.1)
    holes[3:6, 10:20], holes[20:22] = np.inf, 1e25
    noise = {
        "holes": {"noise_map": holes},
        "poisson": {"background_rms": 0.1, "exposure_time": 100.0},
        "map": {"noise_map": rng.uniform(0.1, 0.2, (num_pix, num_pix))},
        "boost": {"background_rms": 0.1, "exposure_time": 100.0, "gradient_boost_factor": 0.3},
    }[noise]
    edge = (num_pix - 1) * 0.05
    data = module("Data.imaging_data").ImageData(
        image_data=rng.normal(1, 1, (num_pix, num_pix)),
        transform_pix2angle=np.array([[-0.1, 0.0], [0.0, 0.1]]),
        ra_at_xy_0=edge,
        dec_at_xy_0=-edge,
        **noise,
    )
    options = {"psf_type": "PIXEL", "kernel_point_source": KERNEL, "psf_variance_map": psf_variance_map}
    if psf == "GAUSSIAN":
        options = {"psf_type": "GAUSSIAN", "fwhm": 0.2, "pixel_size": 0.1}
    light = module("LightModel.light_model").LightModel
    return module("ImSim.image_linear_solve").ImageLinearFit(
        data,
        module("Data.psf").PSF(**options),
        module("LensModel.lens_model").LensModel(["EPL", "SHEAR"]),
        light(list(source)),
        light(["SERSIC", "UNIFORM"]),
        module("PointSource.point_source").PointSource(["LENSED_POSITION"], fixed_magnification_list=[False]),
        likelihood_mask=rng.uniform(size=(num_pix, num_pix)) > 0.2,
        kwargs_numerics=numerics,
    )


def parameters(seed):
    """Random parameters of all models."""
    r = np.random.default_rng(seed).uniform
    return [
        [
            {"theta_E": r(0.8, 1.2), "gamma": r(1.8, 2.2), "e1": r(-0.2, 0.2), "e2": r(-0.2, 0.2), "center_x": 0.02},
            {"gamma1": r(-0.05, 0.05), "gamma2": r(-0.05, 0.05), "ra_0": 0, "dec_0": 0},
        ],
        [
            {"amp": 20.0, "R_sersic": r(0.1, 0.4), "n_sersic": r(1, 3), "e1": 0.1, "e2": 0.05, "center_x": 0.08},
            {"amp": 3, "sigma": 0.1, "center_x": 0.0, "center_y": r(-0.2, 0.2)},
        ],
        [{"amp": 30.0, "R_sersic": r(0.5, 1), "n_sersic": r(2, 4), "center_x": 0.02, "center_y": 0.0}, {"amp": 1.0}],
        [{"ra_image": r(-1.2, 1.2, 4), "dec_image": r(-1.2, 1.2, 4), "point_amp": r(1, 4, 4)}],
    ]


@pytest.mark.parametrize("name", CASES)
def test_parity(name):
    ours = model("jaxtronomy", **CASES[name])
    for seed in range(2):
        # anew each time: an image of lenstronomy's changes after a likelihood of other parameters
        theirs = model("lenstronomy", **CASES[name])
        base = type(theirs).__mro__[1], type(ours).__mro__[1]
        a, b = parameters(seed), parameters(seed)
        np.testing.assert_allclose(base[1].image(ours, *b), base[0].image(theirs, *a), rtol=1e-11, atol=1e-13)
        expected, result = theirs.image_linear_solve(*a, inv_bool=True), ours.image_linear_solve(*b, inv_bool=True)
        solutions = (ours, result), (theirs, expected)
        for value, reference in zip(result, expected):
            np.testing.assert_allclose(value, reference, rtol=1e-8, atol=1e-10)
        assert b[1][0]["amp"] == pytest.approx(a[1][0]["amp"], rel=1e-8)
        np.testing.assert_allclose(b[3][0]["point_amp"], a[3][0]["point_amp"], rtol=1e-8)
        np.testing.assert_allclose(
            ours.linear_response_matrix(*b), theirs.linear_response_matrix(*a), rtol=1e-10, atol=1e-12
        )
        for options in ({}, {"source_marg": True}, {"source_marg": True, "linear_prior": 10.0}):
            expected = theirs.likelihood_data_given_model(*a, **options)[0]
            assert ours.likelihood_data_given_model(*b, **options)[0] == pytest.approx(expected, rel=1e-11)
        assert base[1].likelihood_data_given_model(ours, *b) == pytest.approx(
            base[0].likelihood_data_given_model(theirs, *a), rel=1e-11
        )
        residuals = [image_model.reduced_residuals(*solution[:2]) for image_model, solution in solutions]
        np.testing.assert_allclose(*residuals, rtol=1e-8, atol=1e-10)
        assert ours.num_param_linear(*b) == theirs.num_param_linear(*a) == 8


@pytest.mark.parametrize("num_pix", [30, 64])
@pytest.mark.parametrize("fixed", [[True, False], [False, True]])
def test_point_sources_of_both_kinds(num_pix, fixed):
    """Images with amplitudes of their own, and with one for all, beside each other, in any order."""
    responses, solutions = [], []
    for package in ("lenstronomy", "jaxtronomy"):
        image_model = model(package, num_pix=num_pix)
        point_source = importlib.import_module(f"{package}.PointSource.point_source").PointSource
        image_model = type(image_model)(
            image_model.Data,
            image_model.PSF,
            image_model.LensModel,
            point_source_class=point_source(["LENSED_POSITION"] * 2, fixed_magnification_list=fixed),
        )
        lens, *_, (points,) = parameters(0)
        images = {"ra_image": np.array([1.1, -0.9]), "dec_image": np.array([0.1, 0.4]), "source_amp": 2.0}
        trees = lens, [], [], [images if one_for_all else points for one_for_all in fixed]
        solution = image_model.image_linear_solve(*trees, inv_bool=True)
        solutions.append([*solution, points["point_amp"], images["source_amp"]])
        responses.append(image_model.linear_response_matrix(*trees))
    assert responses[1].shape == (5, num_pix**2)
    np.testing.assert_allclose(*responses, rtol=1e-9, atol=1e-12)
    for expected, value in zip(*solutions):
        np.testing.assert_allclose(value, expected, rtol=1e-8, atol=1e-10)


def test_data_of_another_shape_than_the_mask():
    image_model = model("jaxtronomy")
    image_model.update_data(model("jaxtronomy", num_pix=12).Data)
    with pytest.raises(ValueError, match=r"shape \(12, 12\) and the mask \(30, 30\)"):
        image_model.image_linear_solve(*parameters(0))


def test_one_program_for_all_data():
    """Other data, noise, mask, PSF and number types are arguments of the same program."""
    first = model("jaxtronomy", seed=1)
    trees = parameters(0)
    value = first.likelihood_data_given_model(*trees)[0]
    traces = trace_count()
    second = model("jaxtronomy", seed=2)
    other = copy.deepcopy(trees)
    other[0][0]["theta_E"] = np.float32(1.0)
    other[0][0]["gamma"] = 2
    assert second.likelihood_data_given_model(*other)[0] != value
    psf = type(first.PSF)("PIXEL", kernel_point_source=KERNEL**1.1)
    first.update_psf(psf)
    assert first.likelihood_data_given_model(*trees)[0] != value
    assert trace_count() == traces


def test_pickle_and_copy():
    ours = model("jaxtronomy")
    trees = parameters(0)
    before = pickle.loads(pickle.dumps(ours)).image(*trees)
    image = ours.image(*trees)
    for other in (pickle.loads(pickle.dumps(ours)), copy.deepcopy(ours)):
        np.testing.assert_array_equal(other.image(*trees), image)
    np.testing.assert_array_equal(before, image)


def test_images_are_writable_and_differentiable():
    ours = model("jaxtronomy")
    trees = parameters(0)
    image = ours.image(*trees)
    image[0, 0] = 0.0

    def flux(theta_E):
        lens = [{**trees[0][0], "theta_E": theta_E}, trees[0][1]]
        return ours.image(lens, *trees[1:]).sum()

    slope, step = jax.grad(flux)(1.0), 1e-5
    assert slope == pytest.approx((float(flux(1.0 + step)) - float(flux(1.0 - step))) / 2 / step, rel=1e-5)


@pytest.mark.parametrize("source_marg", [False, True])
@pytest.mark.parametrize("name", ["plain", "fine light", "fine convolution", "error map"])
def test_gradient_with_many_amplitudes(name, source_marg):
    """More than are convolved one by one; against central differences."""
    ours = model("jaxtronomy", source=["SHAPELETS"], **CASES[name])
    lens, _, *others = parameters(0)

    def value(p):
        varied = [{**lens[0], "theta_E": p[0]}, lens[1]]
        source = [{"n_max": 4, "beta": p[1], "center_x": p[2], "center_y": 0.0}]
        return ours.likelihood_data_given_model(varied, source, *others, source_marg=source_marg)[0]

    point, steps = np.array([1.0, 0.15, 0.05]), 1e-5 * np.eye(3)
    central = [(float(value(point + step)) - float(value(point - step))) / 2e-5 for step in steps]
    np.testing.assert_allclose(jax.grad(value)(point), central, rtol=1e-5, atol=1e-5 * np.max(np.abs(central)))


def test_errors():
    ours = model("jaxtronomy")
    lens, source, light, points = parameters(0)
    with pytest.raises(TypeError, match=r"light model 0 \(SersicElliptic\): unexpected parameter 'R_sersc'"):
        ours.image(lens, [{**source[0], "R_sersc": 1.0}, source[1]], light, points)
    with pytest.raises(TypeError, match=r"lens model 1 \(Shear\): missing parameter 'gamma2'"):
        ours.image([lens[0], {"gamma1": 0.1}], source, light, points)
    with pytest.raises(ValueError, match="1 sets of lens model parameters given for 2"):
        ours.image(lens[:1], source, light, points)
    with pytest.raises(ValueError, match=r"likelihood_mask has shape \(3, 3\), the image \(30, 30\)"):
        type(ours)(ours.Data, ours.PSF, likelihood_mask=np.ones((3, 3)))
