"""Grids, convolutions and point sources on the pixels against lenstronomy."""

import importlib

import jax
import jax.numpy as jnp
import numpy as np
import pytest

SHAPE = (30, 30)
RNG = np.random.default_rng(1)
MASK, FINE = RNG.uniform(size=SHAPE) > 0.3, RNG.uniform(size=SHAPE) > 0.7
PART = np.zeros(SHAPE, dtype=bool)
PART[5:20, 5:20] = MASK[5:20, 5:20]

OPTIONS = {
    "plain": {},
    "fine light": {"supersampling_factor": 3},
    "fine core of the kernel": {"supersampling_factor": 3, "supersampling_convolution": True},
    "fine kernel": {
        "supersampling_factor": 2,
        "supersampling_convolution": True,
        "supersampling_kernel_size": None,
    },
    "gaussian": {"psf": "GAUSSIAN"},
    "gaussian, fine": {"psf": "GAUSSIAN", "supersampling_factor": 2, "supersampling_convolution": True},
    "no psf": {"psf": "NONE", "supersampling_factor": 2},
    "some pixels": {"flux_evaluate_indexes": PART},
    "adaptive": {"compute_mode": "adaptive", "supersampling_factor": 3, "supersampled_indexes": FINE},
    "adaptive convolution": {
        "compute_mode": "adaptive",
        "supersampling_factor": 3,
        "supersampled_indexes": FINE,
        "supersampling_convolution": True,
        "compute_indexes": MASK,
    },
    "cut kernel": {"convolution_kernel_size": 5},
    "fine point sources": {"point_source_supersampling_factor": 3},
}


def numerics(package, psf="PIXEL", shape=SHAPE, **options):
    """The numerics of one image, in either package."""

    def module(path):
        return importlib.import_module(f"{package}.{path}")

    axis = np.arange(11) - 5
    kernel = np.exp(-(axis[:, None] ** 2 + (axis[None, :] - 0.2) ** 2) / 4)
    psf = module("Data.psf").PSF(
        **{
            "PIXEL": {"psf_type": "PIXEL", "kernel_point_source": kernel},
            "GAUSSIAN": {"psf_type": "GAUSSIAN", "fwhm": 0.2, "pixel_size": 0.1},
            "NONE": {"psf_type": "NONE"},
        }[psf]
    )
    grid = module("Data.pixel_grid").PixelGrid(
        nx=shape[1],
        ny=shape[0],
        transform_pix2angle=np.array([[-0.1, 0.01], [0.01, 0.1]]),
        ra_at_xy_0=1.5,
        dec_at_xy_0=-1.5,
    )
    return module("ImSim.Numerics.numerics_subframe").NumericsSubFrame(grid, psf, **options)


@pytest.mark.parametrize("name", OPTIONS)
def test_parity(name):
    theirs, ours = numerics("lenstronomy", **OPTIONS[name]), numerics("jaxtronomy", **OPTIONS[name])
    coordinates = np.array(theirs.coordinates_evaluate)
    np.testing.assert_allclose(np.array(ours.coordinates_evaluate), coordinates, atol=1e-13)
    rng = np.random.default_rng(2)
    flux = rng.normal(size=coordinates.shape[1])
    for unconvolved in (False, True):
        expected = theirs.re_size_convolve(flux, unconvolved=unconvolved)
        np.testing.assert_allclose(ours.re_size_convolve(flux, unconvolved=unconvolved), expected, atol=1e-15)
        ra, dec, amp = rng.uniform(-2, 2, 5), rng.uniform(-2, 2, 5), rng.uniform(1, 2, 5)
        expected = theirs.point_source_rendering(ra, dec, amp, unconvolved=unconvolved)
        np.testing.assert_allclose(
            ours.point_source_rendering(ra, dec, amp, unconvolved=unconvolved), expected, atol=1e-13
        )


@pytest.mark.parametrize("factor", [1, 2, 3])
def test_windows_of_point_sources(factor):
    """Large images: inside, across edges and corners, beyond them, and as many as are made at once."""
    options = {"shape": (70, 70), "point_source_supersampling_factor": factor}
    theirs, ours = (numerics(package, **options) for package in ("lenstronomy", "jaxtronomy"))
    renderer = ours.renderer()
    assert renderer.window == (12, 12)
    rng = np.random.default_rng(factor)
    for number in (1, 8, 20):
        ra, dec, amp = rng.uniform(-7, 3, number), rng.uniform(-3, 7, number), rng.uniform(1, 2, number)
        expected = theirs.point_source_rendering(ra, dec, amp)
        np.testing.assert_allclose(ours.point_source_rendering(ra, dec, amp), expected, atol=1e-13)
    places = jnp.asarray(rng.uniform(0, 69, (2, 5)))

    def whole(places):
        return jnp.sum(jnp.sin(jnp.tensordot(jnp.arange(5.0), renderer.each(*places), 1)))

    def windows(places):
        return jnp.sum(jnp.sin(renderer.total(*places, jnp.arange(5.0))))

    patches = renderer.separate(*places, jnp.arange(5.0))
    assert patches.values.shape == (5, 12, 12)
    np.testing.assert_array_equal(patches.images(), jnp.arange(5.0)[:, None, None] * renderer.each(*places))
    slopes = (jax.jit(jax.grad(total))(places) for total in (windows, whole))
    np.testing.assert_allclose(*slopes, atol=1e-11)
    np.testing.assert_allclose(jax.jit(jax.vmap(windows))(places[None]), [jax.jit(whole)(places)], rtol=1e-12)


@pytest.mark.parametrize("options", [{}, {"flux_evaluate_indexes": PART}, {"supersampled_indexes": np.ones(SHAPE)}])
def test_planes_are_shifted_centres(options):
    """The same numbers to the last bit, and the same image of a light that varies within pixels, with weights too."""
    mode = {"compute_mode": "adaptive"} if "supersampled_indexes" in options else {}
    grid = numerics("jaxtronomy", supersampling_factor=3, **options, **mode).grid_class
    for given, centres, shifts in zip((grid.x, grid.y), grid.centres, grid.shifts):
        np.testing.assert_array_equal(given.reshape(9, -1), centres + shifts[:, None])
    weight = np.random.default_rng(0).uniform(size=grid.x.size)

    def light(x, y):
        return [jnp.stack([jnp.sin(9 * x) * y, x + 2 * y])]

    for factor in (None, weight):
        (expected,) = (grid.images(v if factor is None else v * factor[None])[0] for v in light(grid.x, grid.y))
        np.testing.assert_allclose(grid.rendered(light, factor)[0], expected, rtol=1e-13, atol=1e-15)


def test_image_that_is_not_square():
    """lenstronomy's grids are square: the mean over the points of a pixel is its surface brightness here."""
    ours = numerics("jaxtronomy", shape=(20, 31), psf="NONE", supersampling_factor=2)
    x, y = ours.coordinates_evaluate
    image = ours.re_size_convolve(1 + 2 * x - 3 * y)
    ra, dec = ours._pixel_grid.pixel_coordinates
    np.testing.assert_allclose(image, (1 + 2 * ra - 3 * dec) * ours._pixel_grid.pixel_width**2, atol=1e-13)


@pytest.mark.parametrize("factor", [1, 3])
def test_part_of_an_image(factor):
    """lenstronomy swaps axes of the rectangle and of its fine pixels: here any part is that of the whole."""
    part = np.zeros(SHAPE, dtype=bool)
    part[3:12, 10:28] = MASK[3:12, 10:28]
    options = {"psf": "NONE", "supersampling_factor": factor}
    whole, some = numerics("jaxtronomy", **options), numerics("jaxtronomy", flux_evaluate_indexes=part, **options)
    images = [n.re_size_convolve(np.sin(n.coordinates_evaluate[0]) + n.coordinates_evaluate[1]) for n in (whole, some)]
    np.testing.assert_allclose(images[1], images[0] * part, atol=1e-15)


def test_large_kernel_on_a_small_image():
    """A kernel larger than the image, against the direct sum."""
    from scipy.signal import convolve2d

    from jaxtronomy.ImSim.Numerics.convolution import PixelKernelConvolution

    rng = np.random.default_rng(3)
    for shape, size in (((8, 9), 21), ((16, 7), 15), ((10, 10), 9)):
        image, kernel = rng.normal(size=shape), rng.normal(size=(size, size))
        full = convolve2d(image, kernel)
        edge = (size - 1) // 2
        expected = full[edge : edge + shape[0], edge : edge + shape[1]]
        np.testing.assert_allclose(PixelKernelConvolution(kernel).convolution2d(image), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"compute_mode": "fast"}, ValueError, "compute_mode 'fast'"),
        ({"supersampling_factor": 1.5}, TypeError, "supersampling_factor"),
        ({"compute_mode": "adaptive", "psf": "GAUSSIAN"}, ValueError, "adaptive"),
        ({"convolution_type": "magic"}, ValueError, "convolution_type 'magic'"),
        ({"flux_evaluate_indexes": np.zeros(SHAPE, dtype=bool)}, ValueError, "selects no pixel"),
    ],
)
def test_errors(options, error, words):
    with pytest.raises(error, match=words):
        numerics("jaxtronomy", **options)
