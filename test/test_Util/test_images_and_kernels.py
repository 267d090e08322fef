"""Images, kernels, masks and magnitudes against lenstronomy."""

import jax
import lenstronomy.Util.data_util as data_reference
import lenstronomy.Util.image_util as image_reference
import lenstronomy.Util.kernel_util as kernel_reference
import lenstronomy.Util.mask_util as mask_reference
import lenstronomy.Util.multi_gauss_expansion as mge_reference
import lenstronomy.Util.simulation_util as simulation_reference
import numpy as np
import pytest
from numpy.testing import assert_allclose

from jaxtronomy.Util import data_util, image_util, kernel_util, mask_util, multi_gauss_expansion, simulation_util, util

RNG = np.random.default_rng(5)
IMAGE = RNG.normal(size=(12, 18))
POSITIONS = RNG.uniform(-3, 3, size=(2, 30))
MATRIX = np.array([[0.1, 0.02], [-0.01, 0.2]])
GRID = util.make_grid(15, 0.2)
AXIS, FINE = np.linspace(0, 1, 12), np.linspace(-0.2, 1.1, 20)


def kernel(size, width=2.0, noise=0.02):
    x, y = util.make_grid(size, 1.0)
    values = np.exp(-(x**2 + 1.3 * y**2) / (2 * width**2)) + noise * np.random.default_rng(size).uniform(size=x.size)
    return util.array2image(values / values.sum())


CALLS = [
    (image_util, image_reference, "add_layer2image", (IMAGE, 4.3, 10.8, kernel(5))),
    (image_util, image_reference, "add_layer2image", (IMAGE, 4.3, 40.0, kernel(5))),
    (image_util, image_reference, "add_layer2image_int", (IMAGE, 17, -1, kernel(5))),
    (image_util, image_reference, "add_layer2image_int", (IMAGE, 3, 4, kernel(25))),
    (image_util, image_reference, "rotateImage", (IMAGE, 33.0)),
    (image_util, image_reference, "shift_image", (IMAGE, [0.3, -1.2])),
    (image_util, image_reference, "re_size_array", (AXIS, np.arange(18.0), IMAGE, FINE, np.linspace(0, 17, 9))),
    (image_util, image_reference, "symmetry_average", (IMAGE, 3)),
    (image_util, image_reference, "findOverlap", (*POSITIONS, 0.8)),
    (image_util, image_reference, "coord_in_image", (*POSITIONS, 20, 0.2)),
    (image_util, image_reference, "re_size", (IMAGE, 3)),
    (
        image_util,
        image_reference,
        "rebin_image",
        (3, *[IMAGE[:11, :11] + i for i in range(2)], 0.2, *[IMAGE[:11, :11]] * 3),
    ),
    (image_util, image_reference, "rebin_coord_transform", (3, 4.0, 5.0, MATRIX, np.linalg.inv(MATRIX))),
    (image_util, image_reference, "stack_images", ([IMAGE, -IMAGE], [np.abs(IMAGE), IMAGE**2], [0.1, 0.3])),
    (image_util, image_reference, "cut_edges", (IMAGE, 8)),
    (image_util, image_reference, "radial_profile", (IMAGE, [7.5, 4.0])),
    (image_util, image_reference, "gradient_map", (IMAGE,)),
    (kernel_util, kernel_reference, "de_shift_kernel", (kernel(7), 0.3, -1.4, 7, 0.9)),
    (kernel_util, kernel_reference, "center_kernel", (kernel(9), 5)),
    (kernel_util, kernel_reference, "kernel_make_odd", (kernel(8),)),
    (kernel_util, kernel_reference, "kernel_norm", (3 * kernel(5),)),
    *[
        (kernel_util, kernel_reference, "subgrid_kernel", (norm * kernel(9, 1.2, 0), res, res % 2 == 0, 4))
        for norm in (1, 0.4)
        for res in (1, 2, 3, 4, 5)
    ],
    (kernel_util, kernel_reference, "subgrid_kernel", (kernel(9, 1.2, 0), 3, True, 100)),
    (kernel_util, kernel_reference, "kernel_pixelsize_change", (kernel(11), 0.2, 0.13)),
    (kernel_util, kernel_reference, "cut_psf", (kernel(11), 7)),
    (kernel_util, kernel_reference, "cut_psf", (kernel(11), 7, False)),
    (kernel_util, kernel_reference, "pixel_kernel", (kernel(9, 1.2, 0), 5)),
    *[
        (kernel_util, kernel_reference, "kernel_average_pixel", (kernel(size), res))
        for size in (9, 15)
        for res in (2, 3, 4)
    ],
    (kernel_util, kernel_reference, "kernel_gaussian", (8, 0.2, 0.7)),
    (kernel_util, kernel_reference, "kernel_gaussian_grid", (*GRID, 0.4)),
    (kernel_util, kernel_reference, "kernel_moffat", (9, 0.2, 0.7, 2.3)),
    (kernel_util, kernel_reference, "kernel_moffat_grid", (*GRID, 0.4, 1.7)),
    *[
        (kernel_util, kernel_reference, "split_kernel", (kernel(21), size, res, normalised))
        for size, res, normalised in [(3, 3, True), (3, 2, False), (5, 4, True), (9, 3, False)]
    ],
    *[(kernel_util, kernel_reference, "degrade_kernel", (kernel(21), res)) for res in (1, 2, 3, 4, 5)],
    (kernel_util, kernel_reference, "averaging_even_kernel", (kernel(17), 4)),
    (kernel_util, kernel_reference, "averaging_odd_kernel", (kernel(21), 5)),
    (kernel_util, kernel_reference, "cutout_source", (4.3, 5.6, IMAGE[:, :12], 5)),
    (kernel_util, kernel_reference, "cutout_source", (1.3, 10.6, IMAGE[:, :12], 7, False)),
    (kernel_util, kernel_reference, "fwhm_kernel", (kernel(15, 2.0, 0),)),
    (kernel_util, kernel_reference, "estimate_amp", (np.abs(IMAGE), 5.3, 6.7, kernel(9))),
    (kernel_util, kernel_reference, "estimate_amp", (IMAGE, 1.3, 6.7, kernel(9))),
    (kernel_util, kernel_reference, "mge_kernel", (kernel(15), 4)),
    (kernel_util, kernel_reference, "match_kernel_size", (kernel(9), 5)),
    (kernel_util, kernel_reference, "match_kernel_size", (kernel(9), 13)),
    (mask_util, mask_reference, "mask_center_2d", (0.1, 0.2, 0.7, *GRID)),
    (mask_util, mask_reference, "mask_azimuthal", (*GRID, 0.1, 0.2, 0.7)),
    (mask_util, mask_reference, "mask_ellipse", (*GRID, 0.1, 0.2, 1.2, 0.5, 0.8)),
    (mask_util, mask_reference, "mask_eccentric", (*GRID, 0.1, 0.2, 0.3, -0.1, 0.8)),
    (mask_util, mask_reference, "mask_half_moon", (*GRID, 0.1, 0.2, 0.4, 1.2, 0.3, 2.1)),
    (mask_util, mask_reference, "mask_half_moon", (*GRID, 0.1, 0.2, 0.4, 1.2, 0.3, -2.1)),
    (mask_util, mask_reference, "mask_shell", (*GRID, 0.1, 0.2, 0.4, 1.2)),
    (data_util, data_reference, "bkg_noise", (4.0, 500.0, 0.1, 0.05, 3)),
    (data_util, data_reference, "flux_noise", (10.0, 50.0)),
    (data_util, data_reference, "magnitude2cps", (np.array([18.0, 25.3]), 25.9)),
    (data_util, data_reference, "cps2magnitude", (np.array([0.3, 25.3]), 25.9)),
    (data_util, data_reference, "absolute2apparent_magnitude", (-20.0, 3e7)),
    (data_util, data_reference, "adu2electrons", (3.0, 1.7)),
    (data_util, data_reference, "electrons2adu", (3.0, 1.7)),
    (multi_gauss_expansion, mge_reference, "gaussian", (GRID[0], 0.7, 2.0)),
    (multi_gauss_expansion, mge_reference, "mge_1d", (np.logspace(-2, 1, 30), np.exp(-np.logspace(-2, 1, 30)), 8)),
    (multi_gauss_expansion, mge_reference, "de_projection_3d", (np.array([1.0, 2.0]), np.array([0.3, 0.5]))),
]


def compare(ours, theirs):
    """Arrays, numbers, and tuples of them, to rounding (which 100 corrections of a kernel amplify)."""
    if isinstance(theirs, tuple):
        assert len(ours) == len(theirs)
        for mine, other in zip(ours, theirs):
            compare(mine, other)
        return
    assert not isinstance(ours, jax.Array)
    assert np.shape(ours) == np.shape(theirs)
    assert_allclose(ours, theirs, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("module, reference, name, args", CALLS, ids=[f"{c[2]}-{i}" for i, c in enumerate(CALLS)])
def test_parity(module, reference, name, args):
    copies = [np.array(a) if isinstance(a, np.ndarray) else a for a in args]
    ours = getattr(module, name)(*args)
    for before, after in zip(copies, args):
        np.testing.assert_array_equal(before, after)  # no function changes what it was given
    compare(ours, getattr(reference, name)(*copies))


@pytest.mark.parametrize("name, extra", [("add_background", 0.3), ("add_poisson", 40.0), ("add_poisson", IMAGE**2 + 1)])
def test_noise_has_the_seeds_of_lenstronomy(name, extra):
    np.random.seed(1)
    theirs = getattr(image_reference, name)(IMAGE, extra)
    np.random.seed(1)
    assert_allclose(getattr(image_util, name)(IMAGE, extra), theirs, rtol=1e-13)


def test_gradient_map_under_jax():
    slope = jax.grad(lambda image: (image_util.gradient_map(image) ** 2).sum())(jax.numpy.ones((4, 5)))
    np.testing.assert_array_equal(slope, 0)  # flat image: the modulus has its minimum


def test_configuration_of_simple_data():
    arguments = (9, 0.1, 100.0, 0.2, 0.3, -0.4, True)
    theirs = simulation_reference.data_configure_simple(*arguments)
    ours = simulation_util.data_configure_simple(*arguments)
    assert ours.keys() == theirs.keys()
    for key, value in theirs.items():
        assert_allclose(ours[key], value, rtol=1e-13, atol=1e-15)


def test_amplitudes_of_magnitudes():
    class Light:
        def total_flux(self, kwargs_list, norm, k):
            assert norm and not any("magnitude" in kwargs for kwargs in kwargs_list)
            return [kwargs_list[k]["sigma"]]

    given = [{"magnitude": 22.5, "sigma": 2.0}, {"magnitude": 20.0, "sigma": 0.5}]
    ours = data_util.magnitude2amplitude(Light(), given, 25.0)
    assert_allclose([kwargs["amp"] for kwargs in ours], [10 / 2.0, 100 / 0.5], rtol=1e-12)
    assert given[0] == {"magnitude": 22.5, "sigma": 2.0}
    assert data_util.magnitude2amplitude(Light(), None, 25.0) is None


def test_a_sum_of_gaussians_that_cannot_be_fitted():
    with pytest.warns(UserWarning, match="amplitude zero"):
        assert multi_gauss_expansion.mge_1d(np.ones(3), np.full(3, np.nan), N=2) == ([0], [1], 0)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: image_util.add_layer2image_int(IMAGE, 1, 1, np.ones((2, 3))), r"\(2, 3\)"),
        (lambda: image_util.re_size(IMAGE, 5), "resized by 5"),
        (lambda: image_util.re_size(IMAGE, 0.5), "0.5"),
        (lambda: image_util.cut_edges(IMAGE, 14), "14 x 14"),
        (lambda: image_util.cut_edges(IMAGE, 7), "7 pixels from 12"),
        (lambda: image_util.cut_edges(IMAGE[:, 1:], 8), "both odd"),
        (lambda: kernel_util.center_kernel(kernel(4)), r"\(4, 4\)"),
        (lambda: kernel_util.subgrid_kernel(kernel(5), 2), "10 pixels"),
        (lambda: kernel_util.pixel_kernel(kernel(5), 2), "odd number"),
        (lambda: kernel_util.split_kernel(kernel(9), 2, 3), "not 2"),
        (lambda: kernel_util.split_kernel(kernel(9), 3, 1), "not 1"),
        (lambda: kernel_util.degrade_kernel(kernel(8), 2), "8 pixels"),
        (lambda: kernel_util.cutout_source(3, 3, IMAGE, 4), "not 4"),
        (lambda: kernel_util.fwhm_kernel(kernel(4)), "4 pixels"),
        (lambda: kernel_util.fwhm_kernel(np.ones((5, 5))), "nowhere below half"),
    ],
)
def test_errors_name_what_was_given(call, words):
    with pytest.raises(ValueError, match=words):
        call()
