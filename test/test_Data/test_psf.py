"""Point spread functions against lenstronomy; errors; copies."""

import copy
import pickle

import jax.numpy as jnp
import numpy as np
import pytest
from lenstronomy.Data.psf import PSF as Reference
from numpy.testing import assert_allclose

from jaxtronomy.Data.psf import PSF
from jaxtronomy.Util.kernel_util import kernel_gaussian

KERNEL = kernel_gaussian(13, 1.0, 3.1) * 0.7
PIXEL = {"psf_type": "PIXEL", "kernel_point_source": KERNEL, "pixel_size": 0.1}
GAUSSIAN = {"psf_type": "GAUSSIAN", "fwhm": 0.31, "pixel_size": 0.1}
SUPERSAMPLED = PIXEL | {
    "kernel_point_source": kernel_gaussian(27, 1.0, 7.1) * 0.7,
    "point_source_supersampling_factor": 3,
}
CASES = [
    {"psf_type": "NONE"},
    GAUSSIAN,
    GAUSSIAN | {"truncation": 2.0},
    PIXEL,
    PIXEL | {"psf_variance_map": KERNEL[1:-1, 1:-1] ** 2},
    PIXEL | {"psf_variance_map": np.pad(KERNEL, 2)},
    PIXEL | {"kernel_point_source_normalisation": False},
    SUPERSAMPLED,
    SUPERSAMPLED | {"point_source_supersampling_factor": 4, "kernel_point_source_normalisation": False},
]


@pytest.mark.parametrize("given", CASES)
@pytest.mark.filterwarnings("ignore:Super-sampled point source kernel over-written")
def test_parity(given):
    for name in (
        "kernel_point_source",
        "kernel_pixel",
        "psf_variance_map",
        "fwhm",
        "point_source_supersampling_factor",
    ):
        if name == "fwhm" and given["psf_type"] == "NONE":
            continue
        ours, theirs = getattr(PSF(**given), name), getattr(Reference(**copy.deepcopy(given)), name)
        assert_allclose(ours, theirs, rtol=1e-10, atol=1e-14)
    for factor in (1, 2, 3, 4):
        ours, theirs = (
            Class(**copy.deepcopy(given)).kernel_point_source_supersampled(factor) for Class in (PSF, Reference)
        )
        assert ours.shape == theirs.shape
        assert_allclose(ours, theirs, rtol=1e-10, atol=1e-14)
    assert PSF(**given).psf_variance_map_bool == Reference(**copy.deepcopy(given)).psf_variance_map_bool


def test_the_kernel_given_is_not_changed_and_not_shared():
    kernel = KERNEL.copy()
    psf = PSF(psf_type="PIXEL", kernel_point_source=kernel)
    psf.kernel_point_source_supersampled(3)
    assert_allclose(kernel, KERNEL)
    assert_allclose(psf.kernel_point_source, KERNEL / KERNEL.sum())
    kernel[:] = 1
    assert_allclose(psf.kernel_point_source, KERNEL / KERNEL.sum())


def test_supersampled_kernels_do_not_replace_each_other():
    psf = PSF(**SUPERSAMPLED)
    given = psf.kernel_point_source_supersampled(3)
    assert psf.kernel_point_source_supersampled(2).shape == (17, 17)
    assert psf.kernel_point_source_supersampled(3) is given
    assert_allclose(given.sum(), 1)
    assert psf.kernel_point_source_supersampled(5, updata_cache=False) is not psf.kernel_point_source_supersampled(5)


def test_pixel_size_of_a_gaussian():
    psf = PSF("GAUSSIAN", fwhm=0.31)
    psf.set_pixel_size(0.2)
    first = psf.kernel_point_source, psf.kernel_point_source_supersampled(3)
    psf.set_pixel_size(0.1)
    for factor, kernel in zip((1, 3), first):
        again = psf.kernel_point_source_supersampled(factor)
        assert_allclose(again, PSF(**GAUSSIAN).kernel_point_source_supersampled(factor))
        assert again.shape != kernel.shape


def test_even_kernels_that_are_not_normalised_are_interpolated():
    with pytest.warns(UserWarning, match=r"\(4, 4\) is interpolated"):
        psf = PSF("PIXEL", kernel_point_source=np.ones((4, 4)), kernel_point_source_normalisation=False)
    assert psf.kernel_point_source.shape == (5, 5)


def test_doubtful_kernels_are_reported():
    with pytest.warns(UserWarning, match="negative"):
        PSF("PIXEL", kernel_point_source=np.pad([[1.0]], 1, constant_values=-0.01))
    with pytest.warns(UserWarning, match="psf_variance_map"):
        PSF(**SUPERSAMPLED, psf_variance_map=np.ones((27, 27)))


def test_jax_kernels():
    psf = PSF("PIXEL", kernel_point_source=jnp.asarray(KERNEL), psf_variance_map=jnp.asarray(KERNEL))
    assert type(psf.kernel_point_source) is np.ndarray
    assert_allclose(psf.psf_variance_map, KERNEL / KERNEL.sum() ** 2)


@pytest.mark.parametrize("given", [GAUSSIAN, SUPERSAMPLED])
def test_copies(given):
    psf = PSF(**given)
    for factor in (2, 3):
        for twin in (pickle.loads(pickle.dumps(psf)), copy.deepcopy(psf)):
            ours = psf.kernel_point_source_supersampled(factor)
            assert_allclose(twin.kernel_point_source_supersampled(factor), ours)
            twin.kernel_point_source[:] = 0
            assert psf.kernel_point_source.sum() > 0.9


@pytest.mark.parametrize(
    "given, words",
    [
        ({"psf_type": "WRONG"}, "'WRONG'; allowed are NONE, GAUSSIAN, PIXEL"),
        ({"psf_type": "GAUSSIAN"}, "fwhm of the GAUSSIAN PSF is None"),
        ({"psf_type": "GAUSSIAN", "fwhm": -1}, "fwhm of the GAUSSIAN PSF is -1"),
        ({"psf_type": "GAUSSIAN", "fwhm": 1}, "pixel_size of the GAUSSIAN PSF is None"),
        ({"psf_type": "GAUSSIAN", "fwhm": 1, "pixel_size": 1e-4}, r"10000 are allowed"),
        ({"psf_type": "PIXEL"}, "kernel_point_source is missing"),
        (PIXEL | {"kernel_point_source": np.ones((4, 4))}, r"shape \(4, 4\); an odd number"),
        (PIXEL | {"kernel_point_source": np.ones((3, 5))}, r"shape \(3, 5\); a square"),
        (PIXEL | {"kernel_point_source": np.full((3, 3), np.nan)}, "9 pixels that are not finite"),
        (PIXEL | {"kernel_point_source": np.zeros((3, 3))}, "sum 0"),
        (PIXEL | {"point_source_supersampling_factor": 0}, "point_source_supersampling_factor is 0"),
    ],
)
def test_errors_name_what_was_given(given, words):
    with pytest.raises(ValueError, match=words):
        PSF(**given).kernel_point_source_supersampled(3)


def test_width_needs_a_pixel_size():
    with pytest.raises(ValueError, match="pixel_size"):
        _ = PSF("PIXEL", kernel_point_source=KERNEL).fwhm
