"""Convolutions of few and of many images."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.signal import fftconvolve

from jaxtronomy.core import fft


@pytest.mark.parametrize("many", [1, 1 << 30])
@pytest.mark.parametrize("shape, width", [((20, 31), (5, 7)), ((12, 12), (15, 13))])
def test_images_one_by_one(monkeypatch, many, shape, width):
    """However many are transformed at once, alone, stacked, or in a list; derivatives with a fixed kernel."""
    monkeypatch.setattr(fft, "MANY", many)
    rng = np.random.default_rng(0)
    images, kernel = rng.normal(size=(4, *shape)), rng.normal(size=width)
    blur = fft.FFTKernel(kernel, shape)
    expected = np.array([fftconvolve(image, kernel, mode="full") for image in images])
    top, left = (width[0] - 1) // 2, (width[1] - 1) // 2
    expected = expected[:, top : top + shape[0], left : left + shape[1]]
    np.testing.assert_allclose(blur.apply(images), expected, atol=1e-13)
    np.testing.assert_allclose(blur.apply([images[:1], images[1:]]), expected, atol=1e-13)
    np.testing.assert_allclose(blur.apply(images[0]), expected[0], atol=1e-13)
    np.testing.assert_allclose(jax.vmap(blur.apply)(images[None])[0], expected, atol=1e-13)
    weights = rng.normal(size=images.shape)
    slope = jax.grad(lambda x: jnp.sum(blur.apply(x) * weights))(jnp.asarray(images))
    turned = np.array([fftconvolve(w, kernel[::-1, ::-1], mode="full") for w in weights])
    top, left = width[0] - 1 - top, width[1] - 1 - left
    np.testing.assert_allclose(slope, turned[:, top : top + shape[0], left : left + shape[1]], atol=1e-13)
