"""Grids, coordinate maps and selections against lenstronomy."""

import jax
import jax.numpy as jnp
import lenstronomy.Util.util as reference
import numpy as np
import pytest
from numpy.testing import assert_allclose

from jaxtronomy.Util import util

RNG = np.random.default_rng(3)
X, Y, X2, Y2 = RNG.normal(size=(4, 7))
MATRIX = RNG.normal(size=(2, 2))
SQUARE = RNG.normal(size=144)
CONTOUR = np.vstack([RNG.normal(size=(6, 2))] * 2)[:7]

CALLS = [
    ("approx_theta_E", (X[:4], Y[:4]), {}),
    ("sort_image_index", (X[:4], Y[:4], X2[:4], Y2[:4]), {}),
    ("rotate", (X, Y, 0.7), {}),
    ("rotate", (1.5, -0.3, -2.0), {}),
    ("map_coord2pix", (X, Y, 0.3, -1, MATRIX), {}),
    ("map_coord2pix", ([1, 2], [3, 4], 0.3, -1, MATRIX), {}),
    ("array2image", (SQUARE,), {}),
    ("array2image", (SQUARE, 18, 8), {}),
    ("image2array", (SQUARE.reshape(18, 8),), {}),
    ("array2cube", (SQUARE, 9, 16), {}),
    ("cube2array", (SQUARE.reshape(9, 4, 4),), {}),
    ("make_grid", (7, 0.1), {}),
    ("make_grid", ((5, 8), 0.2), {"subgrid_res": 3}),
    ("make_grid", (4, 0.2), {"subgrid_res": 2, "left_lower": True}),
    ("make_grid_transformed", (6, MATRIX), {}),
    ("make_grid_with_coordtransform", (6, 0.1), {"subgrid_res": 2, "center_ra": 1.0, "center_dec": -2.0}),
    ("make_grid_with_coordtransform", (7, 0.1), {"left_lower": True, "inverse": False}),
    ("grid_from_coordinate_transform", (4, 6, MATRIX, 0.3, -0.4), {}),
    ("get_axes", reference.make_grid(5, 0.3), {}),
    ("averaging", (SQUARE.reshape(12, 12), 12, 4), {}),
    ("displaceAbs", (X, Y, 0.2, -0.3), {}),
    ("get_distance", (X, Y, X2, Y2), {}),
    ("get_distance", (X, Y, X2[1:], Y2[1:]), {}),
    ("get_distance", ([0.0, 1.0], [0.0, 2.0], [1.0, 5.0], [0.0, 0.0]), {}),
    ("compare_distance", (X, Y), {}),
    ("min_square_dist", (X, Y, X2[:3], Y2[:3]), {}),
    ("selectBest", (X, Y, 3), {}),
    ("selectBest", (X, Y, 3), {"highest": False}),
    ("select_best", (X, Y, 3), {}),
    ("select_best", (X, Y, 3), {"highest": False}),
    ("select_best", (X, Y, 9), {}),
    ("points_on_circle", (1.3, 9), {}),
    ("points_on_circle", (1.3, 9), {"connect_ends": False}),
    ("local_minima_2d", (SQUARE, *reference.make_grid(12, 1.0)), {}),
    ("neighbor_select", (SQUARE, *reference.make_grid(12, 1.0)), {}),
    ("fwhm2sigma", (X,), {}),
    ("sigma2fwhm", (0.4,), {}),
    ("hyper2F2_array", (0.5, 1.0, 1.5, 2.0, X), {}),
    ("make_subgrid", util.make_grid_transformed(5, MATRIX), {"subgrid_res": 3}),
    ("area", (CONTOUR,), {}),
    ("convert_bool_list", (3, [0, 2]), {}),
    ("convert_bool_list", (3, 1), {}),
    ("convert_bool_list", (3, None), {}),
    ("convert_bool_list", (3, []), {}),
    ("convert_bool_list", (3, [True, False, True]), {}),
]


@pytest.mark.parametrize("name, args, kwargs", CALLS)
def test_parity(name, args, kwargs):
    theirs = getattr(reference, name)(*args, **kwargs)
    ours = getattr(util, name)(*args, **kwargs)
    theirs, ours = (x if isinstance(x, tuple) else (x,) for x in (theirs, ours))
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs):
        assert not isinstance(mine, jax.Array)
        assert np.shape(mine) == np.shape(other)
        assert_allclose(mine, np.asarray(other, dtype=float), rtol=1e-12, atol=1e-13)


def test_some_minima_are_found():
    x, _, values = util.local_minima_2d(SQUARE, *util.make_grid(12, 1.0))
    fewer, _, _ = util.neighbor_select(SQUARE, *util.make_grid(12, 1.0))
    assert len(x) > len(fewer) > 0
    assert SQUARE.reshape(12, 12)[1:-1, 1:-1].min() in values


def test_jax_arrays_give_jax_arrays():
    x, y = jnp.asarray(X), jnp.asarray(Y)
    for name, args in [
        ("rotate", (0.7,)),
        ("map_coord2pix", (0.3, -1, MATRIX)),
        ("displaceAbs", (0.2, -0.3)),
    ]:
        ours = jax.jit(lambda x, y, f=getattr(util, name), a=args: f(x, y, *a))(x, y)
        assert all(isinstance(v, jax.Array) for v in jax.tree.leaves(ours))
        assert_allclose(ours, getattr(reference, name)(X, Y, *args), rtol=1e-12, atol=1e-13)
    image = jax.jit(util.array2image)(jnp.asarray(SQUARE))
    assert_allclose(jax.jit(util.image2array)(image), SQUARE)


def test_slope_of_a_distance_vanishes_at_its_origin():
    slope = jax.grad(lambda x: util.displaceAbs(x, 0.5, 0.3, 0.5))
    assert slope(0.3) == 0
    assert_allclose(slope(0.4), 1.0, rtol=1e-12)


def test_merge_dicts_prefers_later_ones():
    first = {"a": 1, "b": 2}
    assert util.merge_dicts(first, {"b": 3}) == {"a": 1, "b": 3}
    assert first["b"] == 2


def test_centered_coordinate_system():
    ours = util.centered_coordinate_system(9, MATRIX)
    theirs = reference.centered_coordinate_system(9, MATRIX)
    for key, value in theirs.items():
        assert_allclose(ours[key], value, rtol=1e-12)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: util.array2image(np.zeros(10)), "10 elements"),
        (lambda: util.array2cube(np.zeros(10), 1, 10), "square"),
        (lambda: util.get_axes(np.zeros(5), np.zeros(5)), "5 elements"),
        (lambda: util.make_grid(4.5, 1.0), "4.5"),
        (lambda: util.make_grid((4, 4.5), 1.0), "4.5"),
        (lambda: util.selectBest(X, Y[1:], 2), "7 elements and criteria 6"),
        (lambda: util.convert_bool_list(2, [0, 3]), "index 3, and there are 2"),
        (lambda: util.convert_bool_list(2, 2), "index 2"),
        (lambda: util.convert_bool_list(2, [True]), "1 entries"),
        (lambda: util.convert_bool_list(2, ["a"]), "not None, an integer"),
    ],
)
def test_errors_name_what_was_given(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_selection_is_a_new_list():
    chosen = [True, False]
    assert util.convert_bool_list(2, chosen) is not chosen
