"""Pixelated sources: normal equations, lensing, regularisation and its strength, against lenstronomy."""

import copy
import importlib

import fits
import jax
import numpy as np
import pytest

PACKAGES = ("jaxtronomy", "lenstronomy")
LENS = [fits.LENS]
METHODS = {"diagonal": 7, "interferometry_natwt": 33}  # width of the kernel


def reconstruction(package, method="diagonal", beam=False, nx=9, ny=7):
    """A small image and a source of 9 x 7 pixels."""

    def get(module, name):
        return getattr(importlib.import_module(f"{package}.{module}"), name)

    data, psf, _ = copy.deepcopy(fits.band(num_pix=17))
    width = METHODS[method]
    psf["kernel_point_source"] = fits.gaussian(width, 1.3) + np.random.default_rng(2).uniform(0, 2e-3, (width, width))
    psf["kernel_point_source_normalisation"] = False
    data["likelihood_method"] = method
    if beam:
        data["antenna_primary_beam"] = fits.gaussian(17, 20.0) * 1e3
    if method == "diagonal":
        data["noise_map"] = np.random.default_rng(1).uniform(0.05, 0.1, (17, 17))
    grid = get("Data.pixel_grid", "PixelGrid")(
        nx=nx, ny=ny, transform_pix2angle=np.eye(2) * 0.08, ra_at_xy_0=-0.3, dec_at_xy_0=-0.2
    )
    return get("ImSim.SourceReconstruction.pixelated_source_reconstruction", "PixelatedSourceReconstruction")(
        get("Data.imaging_data", "ImageData")(**data),
        get("Data.psf", "PSF")(**psf),
        get("LensModel.lens_model", "LensModel")(["SIE"]),
        grid,
    )


def close(result, expected, rtol=1e-7):
    """Equal, relative to the largest number."""
    np.testing.assert_allclose(result, expected, rtol=rtol, atol=rtol * np.max(np.abs(expected)))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("beam", [False, True])
def test_normal_equations(method, beam):
    """M and b, more columns than fit into one block."""
    ours, theirs = (reconstruction(package, method, beam) for package in PACKAGES)
    results, expected = (m.generate_M_b(LENS, show_progress=False) for m in (ours, theirs))
    close(results[0], expected[0])
    close(results[1], expected[1])
    np.testing.assert_array_equal(results[0], results[0].T)


def test_lensing():
    """The images of single pixels and of a whole source."""
    ours, theirs = (reconstruction(package, beam=True) for package in PACKAGES)
    images, expected = (m.lens_pixel_source_of_a_rectangular_region(LENS) for m in (ours, theirs))
    assert len(images) == len(expected) == 63
    for image, reference in zip(images, expected):
        assert [entry[:2] for entry in image] == [[int(i) for i in entry[:2]] for entry in reference]
        np.testing.assert_allclose([e[2] for e in image], [e[2] for e in reference], rtol=1e-6, atol=1e-7)
    source = np.random.default_rng(3).uniform(size=(7, 9))
    close(ours.lens_an_image_by_rayshooting(LENS, source), theirs.lens_an_image_by_rayshooting(LENS, source))
    with pytest.raises(ValueError, match=r"shape \(9, 7\), the source grid \(7, 9\)"):
        ours.lens_an_image_by_rayshooting(LENS, source.T)


def test_sparse_images():
    """Sums, products and convolutions of lists of pixels."""
    ours, theirs = (reconstruction(package) for package in PACKAGES)
    first, second = [[0, 0, 0.7], [3, 5, 0.2], [16, 16, 1.0]], [[1, 2, 0.5], [4, 5, -1.0]]
    array = ours.sparse_to_array(first)
    np.testing.assert_array_equal(array, theirs.sparse_to_array(first))
    value = ours.sum_sparse_elementwise_product([[3, 5, 2.0], [0, 0, 1.0]], array)
    np.testing.assert_allclose(value, 1.1, rtol=1e-14)
    for kernel in (None, fits.gaussian(5)):
        if kernel is None:  # lenstronomy takes the shape of the PSF for another kernel, too
            expected = theirs.sparse_convolve_and_dot_product(first, second)
            close(ours.sparse_convolve_and_dot_product(first, second), expected, 1e-12)
        dense = np.sum(ours.sparse_convolution(first, kernel) * ours.sparse_to_array(second))
        close(ours.sparse_convolve_and_dot_product(first, second, kernel), dense, 1e-12)
    close(ours.sparse_convolution(first), theirs.sparse_convolution(first), 1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_gradient(method):
    """By the Einstein radius, against central differences."""
    model = reconstruction("jaxtronomy", method, nx=4, ny=3)
    rng = np.random.default_rng(5)
    of_M, of_b = rng.normal(size=(12, 12)), rng.normal(size=12)

    def value(theta_E):
        M, b = model.generate_M_b([fits.LENS | {"theta_E": theta_E}], show_progress=False)
        return (of_M * M).sum() + (of_b * b).sum()

    step = 1e-6
    central = (value(0.8 + step) - value(0.8 - step)) / (2 * step)
    np.testing.assert_allclose(jax.jit(jax.grad(value))(0.8), central, rtol=1e-5)


@pytest.mark.parametrize("kind", ["zeroth_order", "gradient", "curvature"])
def test_regularisation(kind):
    """The matrices, of any size."""
    ours, theirs = (
        importlib.import_module(f"{package}.ImSim.SourceReconstruction.regularization_matrix_pixel")
        for package in PACKAGES
    )
    for shape in ((1, 1), (2, 5), (6, 3)):
        expected = theirs.pixelated_regularization_matrix(*shape, kind)
        np.testing.assert_array_equal(ours.pixelated_regularization_matrix(*shape, kind), expected)


def test_strength():
    """The slope of the evidence, and where it vanishes."""
    ours, theirs = (
        importlib.import_module(f"{package}.ImSim.SourceReconstruction.solve_regularization_strength")
        for package in PACKAGES
    )
    matrix = importlib.import_module("jaxtronomy.ImSim.SourceReconstruction.regularization_matrix_pixel")
    M, b = reconstruction("jaxtronomy").generate_M_b(LENS, show_progress=False)
    U = matrix.pixelated_regularization_matrix(9, 7, "gradient")
    for strength in (1e-2, 1.0, 1e3):
        expected = theirs.d_log_evi_d_lambda(strength, U, M, b)
        np.testing.assert_allclose(ours.d_log_evi_d_lambda(strength, U, M, b), expected, rtol=1e-7)
    best = ours.solve_optimal_lambda(ours.d_log_evi_d_lambda, U, M, b, 1e-4, 1e4, max_iterations=60)
    expected = theirs.solve_optimal_lambda(theirs.d_log_evi_d_lambda, U, M, b, 1e-4, 1e4, max_iterations=60)
    np.testing.assert_allclose(best, expected, rtol=1e-5)
    assert abs(ours.d_log_evi_d_lambda(best, U, M, b)) < 1e-4 * 63 / best
    for bounds, message in (
        ((2.0, 1.0), "strictly less"),
        ((1e3, 1e4), "expected > 0"),
        ((1e-6, 1e-5), "expected < 0"),
    ):
        with pytest.raises(ValueError, match=message):
            ours.solve_optimal_lambda(ours.d_log_evi_d_lambda, U, M, b, *bounds)
