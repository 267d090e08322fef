"""Elementwise primitives: values against mpmath, edge cases against NumPy, derivatives against closed forms."""

from functools import partial

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest

from jaxtronomy.core import numerics, settings

rng = np.random.default_rng(42)
SIZE = 400


def wide():
    """Positive numbers of every order of magnitude."""
    return np.exp(rng.uniform(-700, 700, SIZE))


def signs():
    return rng.choice([-1.0, 1.0], SIZE)


def near_one(sign):
    return 1 + sign * np.exp(rng.uniform(-36, -0.01, SIZE))


def small():
    return signs() * np.exp(rng.uniform(-80, -0.01, SIZE))


def cube_root(x):
    return mp.sign(x) * mp.cbrt(abs(x))


def ulps(function, reference, *arguments):
    """Largest error in units in the last place of the exact value."""
    values = np.asarray(jax.jit(function)(*arguments))
    with mp.workprec(160):
        exact = [reference(*(mp.mpf(float(a)) for a in point)) for point in zip(*arguments)]
        return max(
            float(abs(mp.mpf(float(v)) - e) / mp.mpf(float(np.spacing(abs(float(e)))))) for v, e in zip(values, exact)
        )


CASES = {
    "exp": (numerics.exp, mp.exp, 3, [(rng.uniform(-700, 700, SIZE),), (small(),)]),
    "expm1": (numerics.expm1, mp.expm1, 2, [(rng.uniform(-50, 700, SIZE),), (small(),), (rng.uniform(-2, 2, SIZE),)]),
    "log": (numerics.log, mp.log, 1, [(wide(),), (near_one(1),), (near_one(-1),)]),
    "log1p": (numerics.log1p, mp.log1p, 2, [(wide(),), (small(),), (-near_one(-1),), (rng.uniform(-0.7, 2, SIZE),)]),
    "cbrt": (numerics.cbrt, cube_root, 2, [(wide() * signs(),)]),
    "arctan": (numerics.arctan, mp.atan, 2, [(wide() * signs(),), (rng.uniform(-3, 3, SIZE),)]),
    "arctan2": (
        numerics.arctan2,
        mp.atan2,
        2,
        [(rng.normal(size=SIZE), rng.normal(size=SIZE)), (np.exp(rng.uniform(-300, 300, SIZE)), signs())],
    ),
    "arctan2_right": (
        numerics.arctan2_right,
        mp.atan2,
        2,
        [
            (rng.normal(size=SIZE), rng.uniform(0, 1, SIZE)),
            (np.exp(rng.uniform(-300, 300, SIZE)) * signs(), np.exp(rng.uniform(-30, 30, SIZE))),
        ],
    ),
    "arctanh": (numerics.arctanh, mp.atanh, 2, [(rng.uniform(-1, 1, SIZE),), (near_one(-1),), (small(),)]),
    "arctanh2": (
        numerics.arctanh2,
        lambda y, x: mp.atanh(y / x),
        2,
        [(rng.uniform(-1, 1, SIZE), rng.uniform(1, 2, SIZE)), (small(), np.exp(rng.uniform(0, 300, SIZE)))],
    ),
    "arccosh": (numerics.arccosh, mp.acosh, 4, [(near_one(1),), (1 + wide(),)]),
    "arccos": (numerics.arccos, mp.acos, 2, [(rng.uniform(-1, 1, SIZE),), (near_one(-1),), (small(),)]),
    "arcsin": (numerics.arcsin, mp.asin, 3, [(rng.uniform(-1, 1, SIZE),), (near_one(-1),), (small(),)]),
    "sine": (
        lambda x: numerics.sincos(x)[0],
        mp.sin,
        2,
        [(rng.uniform(-9, 9, SIZE),), (rng.uniform(-1e8, 1e8, SIZE),)],
    ),
    "cosine": (lambda x: numerics.sincos(x)[1], mp.cos, 3, [(rng.uniform(-9, 9, SIZE),), (signs() * 1e8,)]),
    "sine at multiples of pi/2": (
        lambda x: numerics.sincos(x)[0],
        mp.sin,
        2,
        [(np.round(rng.uniform(1, 6e7, SIZE)) * np.pi / 2,)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_values_to_the_last_places(name):
    function, reference, tolerance, samples = CASES[name]
    for arguments in samples:
        assert ulps(function, reference, *arguments) <= tolerance


@pytest.mark.parametrize("name", CASES)
def test_large_arrays_alone_and_in_batches_are_as_small_ones(name):
    function, _, _, samples = CASES[name]
    few = [np.asarray(a) for a in samples[0]]
    many = [np.tile(a, numerics.LOOP // SIZE + 1) for a in few]
    assert many[0].size > numerics.LOOP
    expected = np.tile(jax.jit(function)(*few), numerics.LOOP // SIZE + 1)
    batch = jax.jit(jax.vmap(function))(*(np.stack([a, a]) for a in many))
    slopes = jax.jit(jax.grad(lambda *a: jnp.sum(function(*a))))
    np.testing.assert_allclose(jax.jit(function)(*many), expected, rtol=1e-15)
    np.testing.assert_allclose(batch, [expected, expected], rtol=1e-15)
    np.testing.assert_allclose(slopes(*many)[:SIZE], slopes(*few), rtol=1e-14)


def test_arctan2_right_on_the_edge():
    y, x = np.array([0.0, -0.0, 2.0, -2.0, 1.0, -1.0]), np.array([0.0, 0.0, 0.0, 0.0, 1.0, 1.0])
    values = np.asarray(numerics.arctan2_right(jnp.asarray(y), jnp.asarray(x)))
    np.testing.assert_array_equal(values, np.arctan2(y, x))
    np.testing.assert_array_equal(np.signbit(values), np.signbit(y))
    assert jax.grad(numerics.arctan2_right, (0, 1))(0.0, 0.0) == (0, 0)


def test_arctanh2_at_the_origin():
    assert numerics.arctanh2(0.0, 0.0) == 0
    assert jax.grad(numerics.arctanh2, (0, 1))(0.0, 0.0) == (0, 0)
    np.testing.assert_allclose(jax.grad(numerics.arctanh2, (0, 1))(0.3, 0.8), (0.8 / 0.55, -0.3 / 0.55), rtol=1e-14)


def test_power_loses_no_more_than_its_exponent():
    x, a = np.exp(rng.uniform(-5, 5, SIZE)), rng.uniform(-4, 4, SIZE)
    values = np.asarray(jax.jit(numerics.power)(x, a))
    np.testing.assert_array_less(np.abs(values / np.power(x, a) - 1), 2.3e-16 * (3 + np.abs(a * np.log(x))))


SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, np.inf, -np.inf, np.nan, 1e300, -1e300])


@pytest.mark.parametrize(
    "name", ["exp", "expm1", "log", "log1p", "cbrt", "arctan", "arctanh", "arccosh", "arccos", "arcsin"]
)
def test_special_values_follow_numpy(name):
    with np.errstate(all="ignore"):
        expected = getattr(np, name)(SPECIAL)
    np.testing.assert_allclose(getattr(numerics, name)(jnp.asarray(SPECIAL)), expected, rtol=1e-15, atol=0)


def test_arctan2_in_all_corners_follows_numpy():
    y, x = (g.ravel() for g in np.meshgrid(SPECIAL, SPECIAL))
    ours, theirs = np.asarray(numerics.arctan2(jnp.asarray(y), jnp.asarray(x))), np.arctan2(y, x)
    np.testing.assert_allclose(ours, theirs, rtol=1e-15, atol=0)
    number = ~np.isnan(theirs)
    np.testing.assert_array_equal(np.signbit(ours[number]), np.signbit(theirs[number]))


def test_power_at_the_edges():
    x = jnp.array([0.0, 0.0, 0.0, jnp.inf, 2.0])
    a = jnp.array([0.5, 0.0, -1.0, 2.0, 0.0])
    np.testing.assert_array_equal(numerics.power(x, a), [0.0, 1.0, jnp.inf, jnp.inf, 1.0])


SLOPES = {
    "exp": (np.exp, np.exp, np.exp, [-2.0, 0.0, 3.0]),
    "expm1": (np.expm1, np.exp, np.exp, [-2.0, 0.0, 3.0]),
    "log": (np.log, lambda x: 1 / x, lambda x: -1 / x**2, [0.3, 1.0, 7.0]),
    "log1p": (np.log1p, lambda x: 1 / (1 + x), lambda x: -1 / (1 + x) ** 2, [-0.6, 0.0, 7.0]),
    "cbrt": (np.cbrt, lambda x: np.cbrt(x) / (3 * x), lambda x: -2 * np.cbrt(x) / (9 * x**2), [-2.0, 0.1, 7.0]),
    "arctan": (np.arctan, lambda x: 1 / (1 + x**2), lambda x: -2 * x / (1 + x**2) ** 2, [-3.0, 0.0, 1.0, 1e9]),
    "arctanh": (np.arctanh, lambda x: 1 / (1 - x**2), lambda x: 2 * x / (1 - x**2) ** 2, [-0.9, 0.0, 0.2]),
    "arccosh": (np.arccosh, lambda x: (x**2 - 1) ** -0.5, lambda x: -x * (x**2 - 1) ** -1.5, [1.2, 7.0]),
    "arccos": (np.arccos, lambda x: -((1 - x**2) ** -0.5), lambda x: -x * (1 - x**2) ** -1.5, [-0.7, 0.0, 0.5]),
    "arcsin": (np.arcsin, lambda x: (1 - x**2) ** -0.5, lambda x: x * (1 - x**2) ** -1.5, [-0.7, 0.0, 0.5]),
}


@pytest.mark.parametrize("name", SLOPES)
def test_first_and_second_derivatives(name):
    value, first, second, points = SLOPES[name]
    f, x = getattr(numerics, name), np.array(points)
    np.testing.assert_allclose(jax.jit(jax.vmap(f))(x), value(x), rtol=1e-15, atol=0)
    np.testing.assert_allclose(jax.vmap(jax.grad(f))(x), first(x), rtol=1e-14, atol=0)
    np.testing.assert_allclose(jax.vmap(jax.jacfwd(jax.grad(f)))(x), second(x), rtol=1e-13, atol=0)


def test_sincos_derivatives():
    x = jnp.linspace(-7, 7, 15)
    sine, cosine = (
        jax.vmap(jax.grad(lambda x: numerics.sincos(x)[0])),
        jax.vmap(jax.grad(lambda x: numerics.sincos(x)[1])),
    )
    np.testing.assert_allclose(sine(x), np.cos(x), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(cosine(x), -np.sin(x), rtol=1e-14, atol=1e-15)


def test_arctan2_derivatives_and_the_origin():
    y, x = np.array([1.0, -2.0, 0.3]), np.array([0.5, -1.0, -4.0])
    dy, dx = jax.vmap(jax.grad(numerics.arctan2, (0, 1)))(y, x)
    np.testing.assert_allclose(dy, x / (x**2 + y**2), rtol=1e-15, atol=0)
    np.testing.assert_allclose(dx, -y / (x**2 + y**2), rtol=1e-15, atol=0)
    origin = jax.hessian(numerics.arctan2, (0, 1))(jnp.zeros(()), jnp.zeros(()))
    np.testing.assert_array_equal(np.array(origin), np.zeros((2, 2)))


def test_power_derivatives():
    x, a = np.array([0.2, 3.0, 40.0]), np.array([1.7, -0.8, 0.3])
    dx, da = jax.vmap(jax.grad(numerics.power, (0, 1)))(x, a)
    np.testing.assert_allclose(dx, a * x ** (a - 1), rtol=1e-14, atol=0)
    np.testing.assert_allclose(da, x**a * np.log(x), rtol=1e-14, atol=0)
    mixed = jax.vmap(jax.grad(jax.grad(numerics.power, 1), 0))(x, a)
    np.testing.assert_allclose(mixed, x ** (a - 1) * (1 + a * np.log(x)), rtol=1e-13, atol=0)


@pytest.mark.parametrize("a, first, second", [(0.0, 0, 0), (0.5, 0, 0), (1.0, 1, 0), (2.0, 0, 2), (3.5, 0, 0)])
def test_power_derivatives_at_zero(a, first, second):
    zero, a = jnp.zeros(()), jnp.asarray(a)
    assert jax.grad(numerics.power)(zero, a) == first
    assert jax.grad(jax.grad(numerics.power))(zero, a) == second
    assert jax.grad(numerics.power, 1)(zero, a) == 0


def test_derivative_by_a_number_is_one_sum():
    x = jnp.linspace(0.0, 1.0, 7)

    def total(a, spread):
        (a,) = numerics.spread(x, a) if spread else (a,)
        return jnp.sum(a * x + jnp.sin(a * x) * (a - x))

    sums = [str(jax.make_jaxpr(jax.grad(partial(total, spread=s)))(0.7)).count("reduce_sum") for s in (True, False)]
    assert sums == [2, 4]  # with the total itself
    np.testing.assert_allclose(jax.grad(total)(0.7, True), jax.grad(total)(0.7, False), rtol=1e-14)
    np.testing.assert_array_equal(numerics.spread(jnp.zeros((2, 3)), 1.5, jnp.arange(3.0))[1], [[0, 1, 2]] * 2)


def test_polynomial():
    z = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(
        numerics.polynomial(z, (1.0, 2.0, -3.0, 4.0)), 1 + 2 * z - 3 * z**2 + 4 * z**3, rtol=1e-14
    )


def test_safe_functions():
    zero = jnp.zeros(())
    assert numerics.safe_sqrt(zero) == 0 and jax.grad(numerics.safe_sqrt)(zero) == 0
    np.testing.assert_allclose(jax.grad(numerics.safe_sqrt)(4.0), 0.25, rtol=1e-15)
    np.testing.assert_array_equal(jax.grad(numerics.safe_hypot, (0, 1))(zero, zero), (0, 0))
    np.testing.assert_allclose(jax.grad(numerics.safe_hypot, (0, 1))(3.0, -4.0), (0.6, -0.8), rtol=1e-15)
    assert numerics.safe_divide(3.0, zero, fill=7.0) == 7
    np.testing.assert_array_equal(jax.grad(numerics.safe_divide, (0, 1))(jnp.ones(()), zero), (0, 0))
    np.testing.assert_allclose(jax.grad(numerics.safe_divide, (0, 1))(3.0, 2.0), (0.5, -0.75), rtol=1e-15)
    assert numerics.tiny(jnp.float64(0)) == pytest.approx(1.49e-8, rel=1e-2)
    assert numerics.tiny(jnp.float32(0)) == pytest.approx(3.45e-4, rel=1e-2)


@pytest.mark.parametrize("wide_vectors", [True, False])
def test_inverse_root(monkeypatch, wide_vectors):
    """With the reciprocal root of XLA, and without."""
    monkeypatch.setattr(numerics, "wide_vectors", lambda: wide_vectors)
    function = lambda x: numerics.inverse_root(x)  # noqa: E731 (JAX keeps what it traced of a function)
    assert ("stablehlo.rsqrt" in jax.jit(function).lower(np.ones(2)).as_text()) == wide_vectors
    assert ulps(function, lambda x: 1 / mp.sqrt(x), wide()) <= 2
    np.testing.assert_array_equal(function(jnp.array([0.0, -1.0])), [0, 0])
    np.testing.assert_array_equal(jax.vmap(jax.grad(function))(jnp.array([0.0, -1.0])), [0, 0])
    np.testing.assert_allclose(jax.grad(function)(4.0), -1 / 16, rtol=1e-15)
    np.testing.assert_allclose(jax.grad(jax.grad(function))(4.0), 3 / 128, rtol=1e-15)


@pytest.mark.parametrize(
    "name",
    sorted(
        set(numerics.__all__)
        - {"arctan2", "arctan2_right", "arctanh2", "polynomial", "power", "power_and_log"}
        - {
            "along",
            "apart",
            "combined",
            "kept_pair",
            "linear",
            "paired",
            "rarely",
            "safe_divide",
            "same_for_all",
            "spread",
            "tiny",
            "unforeseen",
            "unpaired",
        },
    ),
)
def test_float32_stays_float32(name):
    function = getattr(numerics, name)
    x = jnp.full(3, 1.5 if name == "arccosh" else 0.4, jnp.float32)
    arguments = (x, x) if name == "safe_hypot" else (x,)
    outputs = jax.tree.leaves(function(*arguments))
    expected = jax.tree.leaves(function(*(a.astype(jnp.float64) for a in arguments)))
    for output, e in zip(outputs, expected):
        assert output.dtype == jnp.float32
        np.testing.assert_allclose(output, e, rtol=5e-7)


def test_python_numbers_do_not_promote_float32():
    x = jnp.full(3, 0.4, jnp.float32)
    assert (x * numerics.log(2.0)).dtype == jnp.float32
    assert numerics.power(x, 2.5).dtype == jnp.float32
    assert numerics.log(2).dtype == jnp.float64


def test_apart_changes_no_value_and_nests_once():
    function = numerics.apart(lambda x, y: numerics.exp(-x * x) * y)
    x, y = np.random.default_rng(3).normal(size=(2, 2 * numerics.LOOP))
    np.testing.assert_allclose(jax.jit(function)(x, y), np.exp(-x * x) * y, rtol=1e-14)
    small = slice(numerics.LOOP - 1)
    assert "cond" not in str(jax.make_jaxpr(function)(x[small], y[small]))
    assert str(jax.make_jaxpr(function)(x, y)).count("cond[") == 1
    slope = jax.grad(lambda x: function(x, y).sum())(x)
    np.testing.assert_allclose(slope, -2 * x * np.exp(-x * x) * y, rtol=1e-13)


def test_power_and_its_logarithm():
    x = jnp.array([0.0, 0.3, 1.0, 7.0])
    for a in (0.7, 1.0, 2.3):
        power, log = numerics.power_and_log(x, a)
        np.testing.assert_array_equal(power, numerics.power(x, a))
        np.testing.assert_allclose(log[1:], np.log(x[1:]), rtol=1e-15, atol=0)
        assert log[0] == 0
        for derivative in (jax.jacfwd, jax.jacrev):
            np.testing.assert_array_equal(
                derivative(lambda a: numerics.power_and_log(x, a)[0])(a), derivative(lambda a: numerics.power(x, a))(a)
            )
    slope = jax.grad(lambda x: numerics.power_and_log(x, 0.5)[1].sum())(x)
    np.testing.assert_allclose(slope, [0, 1 / 0.3, 1, 1 / 7], rtol=1e-15)


@pytest.mark.parametrize("n", [5, 2 * numerics.LOOP])
def test_numbers_spread_over_positions(n):
    """Values and derivatives are those of plain numbers; each number has one sum for its derivative, kept apart."""
    x = jnp.asarray(np.random.default_rng(n).normal(size=n))

    def plain(x, a, b):
        return jnp.sum(jnp.sin(a * x + b) * a - b * x)

    def spread(x, a, b):
        a, b = numerics.spread(x, a, b)
        return jnp.sum(jnp.sin(numerics.gathered(a * x + b)) * a - b * x)

    a, b = jnp.float64(0.7), jnp.float64(0.2)
    for derivative in (jax.grad, jax.jacfwd, jax.jacrev, jax.hessian):
        ours, wanted = (jax.jit(derivative(f, (1, 2)))(x, a, b) for f in (spread, plain))
        np.testing.assert_allclose(ours, wanted, rtol=1e-11)

    def conditions(function):  # XLA knows those of constants
        return jax.jit(function).lower(x, a, b).compile().as_text().count(" conditional(")

    assert conditions(jax.grad(spread, (1, 2))) == (3 if n > numerics.LOOP else 0)  # two numbers and one array
    assert conditions(spread) == 0
    in_batch = jax.vmap(jax.grad(spread, 1), (None, 0, 0))(x, jnp.array([0.7, 0.8]), jnp.array([0.2, 0.3]))
    np.testing.assert_allclose(in_batch, [jax.grad(plain, 1)(x, *p) for p in ((0.7, 0.2), (0.8, 0.3))], rtol=1e-11)


@pytest.mark.parametrize("n", [5, 2 * numerics.LOOP])
def test_combined_fields(n):
    """Values and derivatives are those of the sum, alone and in batches, of numbers and of arrays."""
    fields = jnp.asarray(np.random.default_rng(n).normal(size=(3, n)))

    def ours(numbers, fields):
        return jnp.sum(jnp.sin(numerics.combined(list(fields), (*numbers, 0.5))[0]))

    def plain(numbers, fields):
        return jnp.sum(jnp.sin(numbers[0] * fields[0] + numbers[1] * fields[1] + 0.5 * fields[2]))

    numbers = jnp.array([0.7, -0.3])
    arrays = jnp.outer(numbers, jnp.linspace(1, 2, n))
    for derivative, values in ((jax.grad, numbers), (jax.jacfwd, numbers), (jax.hessian, numbers), (jax.grad, arrays)):
        value, wanted = (jax.jit(derivative(f))(values, fields) for f in (ours, plain))
        np.testing.assert_allclose(value, wanted, rtol=1e-11, atol=1e-12)
    rows = jnp.array([[0.7, -0.3], [0.1, 0.2]])
    value, wanted = (jax.vmap(jax.grad(f, (0, 1)), (0, None))(rows, fields) for f in (ours, plain))
    for a, b in zip(value, wanted):
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("n", [3, 2 * numerics.LOOP])
def test_known_zeros_are_left_out(n):
    """What has no tangent takes no part, and a rule may hand that on."""

    @jax.custom_jvp
    def function(a, b, x):
        return a * jnp.sin(x) + b * x

    @partial(function.defjvp, symbolic_zeros=True)
    def _(primals, tangents):
        (a, b, x), (da, db, dx) = primals, numerics.varying(tangents)
        (change,) = numerics.combined((jnp.sin(x), x), (numerics.linear((1.0, da)), db))
        return function(a, b, x), numerics.linear((1.0, change), (a * jnp.cos(x) + b, dx))

    x = jnp.linspace(0.1, 2, n)
    for k in range(3):
        ours, formula = (jax.jit(jax.grad(lambda *p, f=f: jnp.sum(f(*p) ** 2), k)) for f in (function, function.fun))
        np.testing.assert_allclose(ours(0.3, 0.7, x), formula(0.3, 0.7, x), rtol=1e-12)
        assert (" cosine(" in ours.lower(0.3, 0.7, x).compile().as_text()) == (k == 2)


@pytest.mark.parametrize("n", [3, 2 * numerics.LOOP])
def test_rarely(n):
    """One or the other for a number and for arrays, alone and in batches; a large array has only what it needs."""
    x = jnp.linspace(0.1, 2, n)

    def function(a, x):
        return numerics.rarely(a < 0.5, lambda x: (jnp.sin(a * x),), lambda x: (a * x,), x)[0]

    for a in (0.3, 0.7):
        np.testing.assert_array_equal(jax.jit(function)(a, x), jnp.sin(a * x) if a < 0.5 else a * x)
        slope = jax.grad(lambda a: jnp.sum(function(a, x)))(a)
        np.testing.assert_allclose(slope, jnp.sum(x * jnp.cos(a * x) if a < 0.5 else x), rtol=1e-12)
    mixed = jnp.array([0.3, 0.7, 0.2])
    np.testing.assert_allclose(jax.vmap(function, (0, None))(mixed, x), [function(a, x) for a in mixed], rtol=1e-15)
    np.testing.assert_array_equal(function(x, x), jnp.where(x < 0.5, jnp.sin(x * x), x * x))
    conditions = jax.jit(function).lower(0.3, x).compile().as_text().count(" conditional(")
    assert conditions == (n >= numerics.LOOP)


@pytest.fixture(params=["double", "single"])
def precision(request):
    jax.config.update("jax_enable_x64", request.param == "double")
    yield request.param
    jax.config.update("jax_enable_x64", True)


def test_unforeseen(precision):
    """False, also outside of programs and in batches; XLA does not know it when it compiles."""
    assert not numerics.unforeseen()
    assert not jnp.any(jax.vmap(lambda x: x * numerics.unforeseen())(jnp.ones(3)))
    program = jax.jit(lambda x: jax.lax.cond(numerics.unforeseen(), jnp.negative, jnp.sin, x))
    assert " conditional(" in program.lower(2.0).compile().as_text()
    assert program(2.0) == jnp.sin(2.0)


def test_batches_keep_their_branches():
    """What is apart for one stays so for many: a condition that is the same for all is no selection."""
    x = jnp.asarray(np.random.default_rng(3).uniform(0.1, 2, (4, 2 * numerics.LOOP)))

    def function(x):
        return numerics.kept(numerics.exp(x) * numerics.log(x))

    text = jax.jit(jax.vmap(jax.grad(lambda x: jnp.sum(function(x))))).lower(x).compile().as_text()
    assert text.count(" conditional(") >= 3
    np.testing.assert_array_equal(jax.vmap(function)(x), [function(row) for row in x])


@pytest.mark.parametrize("n", [3, 2 * numerics.LOOP])
@pytest.mark.parametrize("dtype", [jnp.float64, jnp.float32])
def test_two_arrays_kept_together(n, dtype):
    """They and their derivatives are the same; where they are large, there is one complex array of both."""
    x = jnp.asarray(np.random.default_rng(3).uniform(0.1, 2, n), dtype)

    def pair(x):
        return jnp.sin(x) * x, x**3

    def total(x, of=pair):
        a, b = of(x)
        return jnp.sum(a * jnp.cos(b))

    def together(x):
        return numerics.kept_pair(*pair(x))

    for a, b in zip(jax.jit(together)(x), pair(x)):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-14 if dtype == jnp.float64 else 1e-6)
    slope, expected = (jax.jit(jax.grad(partial(total, of=f)))(x) for f in (together, pair))
    np.testing.assert_allclose(slope, expected, rtol=1e-12 if dtype == jnp.float64 else 1e-4, atol=1e-5)
    one = n > numerics.LOOP and dtype == jnp.float64 and settings.COMPLEX_IN_VECTORS
    assert ("complex" in str(jax.make_jaxpr(together)(x))) == one


def test_whole_numbers_spread():
    x = jnp.linspace(0.0, 1.0, 4)
    slope = jax.grad(lambda x: jnp.sum(numerics.spread(x, 2)[0] * x))(x)
    np.testing.assert_array_equal(slope, np.full(4, 2.0))


def test_entries_along_the_first_axis():
    x = jnp.arange(12.0).reshape(3, 4)
    for entries in (numerics.unstacked(x), jax.jit(numerics.unstacked)(x), numerics.unstacked(np.asarray(x))):
        np.testing.assert_array_equal(np.stack(entries), x)
    assert numerics.unstacked(x[:0]) == []

    def total(x):
        return sum(jnp.sum(jnp.sin((i + 1) * row)) for i, row in enumerate(numerics.unstacked(x)))

    factors = np.arange(1.0, 4.0)[:, None]
    np.testing.assert_allclose(jax.grad(total)(x), factors * np.cos(factors * x), rtol=1e-14)
    equations = str(jax.make_jaxpr(jax.grad(total))(x))
    assert "concatenate" in equations and "pad" not in equations  # one array of derivatives, not one for each entry
