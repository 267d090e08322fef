"""Parameters of lens models and point sources as vectors."""

import jax
import numpy as np
import pytest
from lenses import draw
from lenstronomy.LensModel.lens_param import LensParam as ReferenceLensParam
from lenstronomy.PointSource.point_source_param import PointSourceParam as Reference
from numpy.testing import assert_allclose

from jaxtronomy.LensModel.lens_param import LensParam
from jaxtronomy.PointSource.point_source_param import PointSourceParam

TYPES = ["LENSED_POSITION", "SOURCE_POSITION", "UNLENSED"]
KWARGS = [
    {"ra_image": [1.0, 2], "dec_image": [3.0, 4], "source_amp": 2.0},
    {"ra_source": 0.1, "dec_source": 0.2, "point_amp": [5.0, 6, 7]},
    {"ra_image": [1.0], "dec_image": [2.0], "point_amp": [8.0]},
]


@pytest.mark.parametrize("linear", (True, False))
def test_point_sources(linear):
    options = {
        "num_point_source_list": [2, 3, 1],
        "fixed_magnification_list": [True, False, False],
        "linear_solver": linear,
    }
    ours, theirs = (cls(TYPES, [{}, {"dec_source": 0.2}, {}], **options) for cls in (PointSourceParam, Reference))
    assert ours.num_param() == theirs.num_param()
    assert ours.num_param_linear() == theirs.num_param_linear()
    assert ours.set_params(KWARGS) == theirs.set_params(KWARGS)
    assert ours.lower_limit == theirs.lower_limit and ours.upper_limit == theirs.upper_limit
    vector = np.array(ours.set_params(KWARGS))
    kwargs, end = ours.get_params(vector, 0)
    assert end == len(vector)
    for a, b in zip(kwargs, theirs.get_params(vector, 0)[0]):
        assert a.keys() == b.keys()
        for name in a:
            assert_allclose(a[name], b[name])


def test_unknown_type():
    with pytest.raises(ValueError, match="BAD"):
        PointSourceParam(["BAD"], [{}])


def test_lenses():
    names = ["EPL", "SHEAR", "SIS"]
    kwargs = draw(names)
    options = {
        "kwargs_fixed": [{"gamma": 2.0}, {"ra_0": 0, "dec_0": 0}, {}],
        "kwargs_logsampling": [["theta_E"], [], []],
    }
    ours, theirs = LensParam(names, **options), ReferenceLensParam(names, **options)
    assert ours.num_param() == theirs.num_param()
    vector = ours.set_params(kwargs)
    assert_allclose(vector, theirs.set_params(kwargs))
    assert ours.lower_limit == theirs.lower_limit and ours.upper_limit == theirs.upper_limit
    for a, b in zip(ours.get_params(vector, 0)[0], theirs.get_params(vector, 0)[0]):
        assert a == pytest.approx(b)
    # inside a program nothing is turned into NumPy
    traced = jax.jit(lambda v: ours.get_params(v, 0)[0][0]["theta_E"])(np.array(vector))
    assert_allclose(traced, kwargs[0]["theta_E"])
