"""Amplitudes of images that the lens equation gives: as many as there are, in programs of fixed size."""

import copy
import importlib

import fits
import numpy as np
import pytest

from jaxtronomy.core.jit import trace_count

MODEL = {
    "lens_model_list": ["SIE"],
    "source_light_model_list": ["SERSIC"],
    "point_source_model_list": ["SOURCE_POSITION"],
    "fixed_magnification_list": [False],
}


def solution(package, source, shift=0.0):
    """Amplitudes, covariance, marginal log likelihoods with and without a prior, parameters of the point source."""
    data, psf, numerics = fits.band(num_pix=30)
    data["ra_at_xy_0"] += shift
    module = importlib.import_module(f"{package}.ImSim.MultiBand.single_band_multi_model")
    model = module.SingleBandMultiModel([[data, psf, numerics]], MODEL)
    params = {
        "kwargs_lens": [{**fits.LENS, "center_x": shift}],
        "kwargs_source": [{**fits.SOURCE, "center_x": fits.SOURCE["center_x"] + shift}],
        "kwargs_ps": [{"ra_source": source[0] + shift, "dec_source": source[1]}],
    }
    values = [
        model.likelihood_data_given_model(source_marg=True, linear_prior=prior, **copy.deepcopy(params))[0]
        for prior in (None, 0.5)
    ]
    _, _, covariance, amplitudes = model.image_linear_solve(inv_bool=True, **params)
    return amplitudes, covariance, values, params["kwargs_ps"][0]["point_amp"]


@pytest.mark.parametrize("source, number", [((0.02, 0.03), 4), ((0.3, 0.1), 2)])
def test_as_many_amplitudes_as_images(source, number):
    """Amplitudes, covariance and marginal likelihood are lenstronomy's, for quads and doubles."""
    ours, theirs = (solution(package, source) for package in ("jaxtronomy", "lenstronomy"))
    assert len(theirs[3]) == number
    order, order_theirs = (np.concatenate([[0], 1 + np.argsort(s[3])]) for s in (ours, theirs))
    np.testing.assert_allclose(ours[0][order], theirs[0][order_theirs], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        ours[1][np.ix_(order, order)], theirs[1][np.ix_(order_theirs, order_theirs)], rtol=1e-5, atol=1e-9
    )
    np.testing.assert_allclose(ours[2], theirs[2], rtol=1e-8)


def test_the_window_is_data():
    """Images elsewhere on the sky are found by the same program."""
    here = solution("jaxtronomy", (0.02, 0.03))
    before = trace_count()
    there = solution("jaxtronomy", (0.02, 0.03), shift=0.4)
    assert trace_count() == before
    np.testing.assert_allclose(there[0], here[0], rtol=1e-6, atol=1e-7)
