"""Images, their noise and coordinates against lenstronomy; errors; copies."""

import copy
import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from lenstronomy.Data.coord_transforms import Coordinates1D as Reference1D
from lenstronomy.Data.image_noise import covariance_matrix as reference_covariance
from lenstronomy.Data.imaging_data import ImageData as Reference
from lenstronomy.Data.kinematic_bin_2D import KinBin as ReferenceKinBin
from numpy.testing import assert_allclose

from jaxtronomy.Data.coord_transforms import Coordinates, Coordinates1D
from jaxtronomy.Data.image_noise import ImageNoise, covariance_matrix
from jaxtronomy.Data.imaging_data import ImageData
from jaxtronomy.Data.kinematic_bin_2D import KinBin
from jaxtronomy.Data.pixel_grid import PixelGrid

RNG = np.random.default_rng(6)
IMAGE, MODEL, MASK = RNG.normal(1, 1, size=(8, 11)), RNG.normal(1, 1, size=(8, 11)), RNG.integers(0, 2, size=(8, 11))
COORDINATES = {
    "ra_at_xy_0": 0.3,
    "dec_at_xy_0": -0.2,
    "transform_pix2angle": np.array([[-0.05, 0.01], [0.02, 0.06]]),
    "ra_shift": 0.01,
    "dec_shift": 0.02,
    "phi_rot": 0.3,
}
NOISES = [
    {"exposure_time": 100.0, "background_rms": 0.2},
    {"exposure_time": np.abs(MODEL) * 90, "background_rms": 0.2, "gradient_boost_factor": 0.3},
    {"noise_map": np.abs(MODEL) + 0.1},
]


@pytest.mark.parametrize("noise", NOISES)
def test_parity(noise):
    ours, theirs = (Class(IMAGE, **COORDINATES, **copy.deepcopy(noise)) for Class in (ImageData, Reference))
    x, y = RNG.normal(size=(2, 5))
    for name in (
        "transform_angle2pix",
        "transform_pix2angle",
        "xy_at_radec_0",
        "radec_at_xy_0",
        "pixel_area",
        "center",
    ):
        assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-12)
    for name in ("pixel_width", "num_pixel", "num_pixel_axes", "width", "pixel_coordinates", "data", "C_D"):
        assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-12)
    assert_allclose(ours.map_coord2pix(x, y), theirs.map_coord2pix(x, y), rtol=1e-11, atol=1e-12)
    assert_allclose(ours.map_pix2coord(x, y), theirs.map_pix2coord(x, y), rtol=1e-12)
    assert_allclose(ours.background_rms, theirs.background_rms)
    assert_allclose(ours.C_D_model(MODEL), theirs.C_D_model(MODEL), rtol=1e-12)
    log_likelihood = theirs.log_likelihood(MODEL, MASK, 0.02)
    assert_allclose(ours.log_likelihood(MODEL, MASK, 0.02), log_likelihood, rtol=1e-12)
    assert_allclose(jax.jit(ours.log_likelihood)(jnp.asarray(MODEL), MASK, 0.02), log_likelihood, rtol=1e-12)
    for unit in (False, True):
        ours.shift_coordinate_system(0.3, -0.1, pixel_unit=unit)
        theirs.shift_coordinate_system(0.3, -0.1, pixel_unit=unit)
        assert_allclose(ours.pixel_coordinates, theirs.pixel_coordinates, rtol=1e-12)
        assert_allclose(ours.xy_at_radec_0, theirs.xy_at_radec_0, rtol=1e-11)


def test_interferometric_likelihood():
    given = {"background_rms": 0.3, "log_likelihood_constant": 2.0, "likelihood_method": "interferometry_natwt"}
    ours, theirs = (
        Class(IMAGE, antenna_primary_beam=np.ones(IMAGE.shape), **given) for Class in (ImageData, ReferenceSquare)
    )
    assert ours.likelihood_method() == "interferometry_natwt"
    pair = [MODEL, MODEL / 2]
    assert_allclose(ours.log_likelihood(pair, MASK), theirs.log_likelihood(pair, MASK), rtol=1e-12)
    assert_allclose(ours.primary_beam, 1)


def ReferenceSquare(image, antenna_primary_beam, **kwargs):
    """lenstronomy asks for a primary beam of the transposed shape."""
    return Reference(image, antenna_primary_beam=antenna_primary_beam.T, **kwargs)


def test_variance_of_the_model_has_a_gradient():
    data = ImageData(IMAGE, exposure_time=100.0, background_rms=0.2)
    slope = jax.grad(lambda m: data.C_D_model(m).sum())(jnp.asarray(MODEL))
    assert_allclose(slope, np.where(MODEL > 0, 1 / 100.0, 0), rtol=1e-12)
    assert_allclose(covariance_matrix(IMAGE, 0.2, 50.0, 0.1), reference_covariance(IMAGE, 0.2, 50.0, 0.1), rtol=1e-12)


def test_update_of_the_data():
    data = ImageData(IMAGE, exposure_time=100.0, background_rms=0.2)
    before = data.C_D
    data.update_data(IMAGE + 10)
    assert_allclose(data.data, IMAGE + 10)
    assert np.all(data.C_D > before)
    data = ImageData(IMAGE, noise_map=np.ones_like(IMAGE))
    before = data.C_D
    data.update_data(IMAGE + 10)
    assert data.C_D is before


def test_exposure_is_made_positive_in_a_copy():
    exposure = np.ones_like(IMAGE)
    exposure[2, 3] = 0
    data = ImageData(IMAGE, exposure_time=exposure, background_rms=0.2)
    assert data.exposure_map[2, 3] == 1e-10 and exposure[2, 3] == 0
    assert ImageNoise(IMAGE, exposure_time=0, background_rms=1).exposure_map > 0
    assert_allclose(ImageNoise(IMAGE, exposure_time=np.inf, background_rms=0.3).C_D, 0.3**2)


def test_fits_byte_order_is_made_native():
    data = ImageData(IMAGE.astype(">f4"), noise_map=np.ones(IMAGE.shape, dtype=">f4"))
    data.update_data(IMAGE.astype(">f4"))
    assert data.data.dtype == data.C_D.dtype == np.dtype("float64")
    assert data.data.dtype.isnative
    assert_allclose(data.data, IMAGE, rtol=1e-6)


def test_faint_background_is_reported(capsys):
    ImageNoise(IMAGE, exposure_time=2.0, background_rms=0.1)
    assert "0.2" in capsys.readouterr().out
    ImageNoise(IMAGE, exposure_time=2.0, background_rms=0.1, verbose=False)
    ImageNoise(IMAGE, exposure_time=20.0, background_rms=0.1)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("used", [False, True])
def test_copies(used):
    data = ImageData(IMAGE, **COORDINATES, **NOISES[1])
    if used:
        assert data.C_D.shape == IMAGE.shape
    for twin in (pickle.loads(pickle.dumps(data)), copy.deepcopy(data)):
        assert_allclose(twin.C_D, data.C_D)
        assert_allclose(twin.pixel_coordinates, data.pixel_coordinates)
        twin.shift_coordinate_system(1, 1)
        assert twin.radec_at_xy_0 != data.radec_at_xy_0


def pixel(value, at=(2, 3), base=IMAGE):
    image = np.array(base)
    image[at] = value
    return image


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: ImageData(np.ones(5)), r"image_data has shape \(5,\)"),
        (lambda: ImageData(pixel(np.nan)), r"image_data is nan at pixel \(2, 3\)"),
        (lambda: ImageData(pixel(np.inf)), r"image_data is inf at pixel \(2, 3\)"),
        (
            lambda: ImageData(IMAGE, noise_map=np.ones((11, 8))),
            r"noise_map has shape \(11, 8\), and image_data \(8, 11\)",
        ),
        (lambda: ImageData(IMAGE, noise_map=pixel(0, base=np.ones((8, 11)))), r"noise_map is 0.0 at pixel \(2, 3\)"),
        (lambda: ImageData(IMAGE, noise_map=pixel(-1, base=np.ones((8, 11)))), "noise_map is -1"),
        (lambda: ImageData(IMAGE, noise_map=pixel(np.nan, base=np.ones((8, 11)))), "noise_map is nan"),
        (lambda: ImageData(IMAGE, background_rms=-0.1), "background_rms is -0.1; 0 or more"),
        (lambda: ImageData(IMAGE, background_rms=np.nan), "background_rms is nan"),
        (lambda: ImageData(IMAGE, exposure_time=np.ones((2, 2))), r"exposure_time has shape \(2, 2\)"),
        (lambda: ImageData(IMAGE, exposure_time=-3), "exposure_time is -3"),
        (lambda: ImageData(-np.abs(IMAGE), exposure_time=10.0, background_rms=0.0).C_D, "the variance is 0.0"),
        (lambda: ImageData(IMAGE, exposure_time=10.0).C_D, "background_rms or noise_map"),
        (lambda: ImageData(IMAGE, background_rms=10.0).C_D, "exposure_time or noise_map"),
        (lambda: ImageData(IMAGE, likelihood_method="WRONG"), "'WRONG'; allowed are diagonal"),
        (lambda: ImageData(IMAGE).update_data(IMAGE[:, 1:]), r"\(8, 10\), and the old one \(8, 11\)"),
        (lambda: ImageData(IMAGE).update_data(pixel(np.nan)), "image_data is nan"),
        (lambda: ImageData(IMAGE, antenna_primary_beam=np.ones((11, 8))), r"antenna_primary_beam has shape \(11, 8\)"),
        (lambda: Coordinates(np.ones((2, 2)), 0, 0), "cannot be inverted"),
        (lambda: Coordinates(np.ones(2), 0, 0), r"shape \(2,\)"),
    ],
)
def test_errors_name_what_was_given(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_grids():
    matrix = COORDINATES["transform_pix2angle"]
    flat, theirs = (Class(matrix, 0.1, 0.2).coordinate_grid(4, 3) for Class in (Coordinates1D, Reference1D))
    assert_allclose(flat, theirs, rtol=1e-12)
    grid = PixelGrid(4, 3, matrix, 0.1, 0.2)
    assert grid.pixel_coordinates[0].shape == (3, 4)
    assert_allclose(np.reshape(grid.pixel_coordinates, (2, -1)), flat)


def test_kinematic_bins():
    bins = RNG.integers(0, 3, size=(6, 6)).astype(float)
    given = (np.array([10.0, 20.0, 30.0]), np.eye(3), bins, 0.1, 0.2, COORDINATES["transform_pix2angle"], None, 0.3)
    ours, theirs = KinBin(*given), ReferenceKinBin(*given)
    for key, value in theirs.kin_bin2kwargs().items():
        assert_allclose(ours.kin_bin2kwargs()[key], value, rtol=1e-12)
    assert_allclose(ours.kin_grid(), theirs.kin_grid(), rtol=1e-12)
    assert KinBin(given[0], given[1], bins[:4], *given[3:]).kin_grid()[0].shape == (4, 6)
