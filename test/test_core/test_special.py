"""Special functions against mpmath, in value and derivative; identities of the radial integrals."""

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest

from jaxtronomy.core import special
from jaxtronomy.core.special.arc import arc

rng = np.random.default_rng(7)
SIZE = 60


def log_uniform(low, high, size=SIZE):
    return np.exp(rng.uniform(np.log(low), np.log(high), size))


def exact(reference, *arguments, digits=40):
    """``reference`` at high precision, as doubles."""
    with mp.workdps(digits):
        return np.array([float(reference(*(mp.mpf(float(a)) for a in point))) for point in zip(*arguments)])


def lower_regularised(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def upper_regularised(a, x):
    return mp.gammainc(a, x, mp.inf, regularized=True)


def entire_integral(x):
    return mp.e1(x) + mp.log(x) + mp.euler


def sersic_2f2(a, x):
    return mp.hyp2f2(a, a, a + 1, a + 1, -x)


def next_2f1(a, b, z):
    return mp.hyp2f1(a, b, b + 1, z)


def ones_3f2(a, x):
    return mp.hyp3f2(1, 1, a, 2, 2, -x)


def incomplete_beta(a, b, x):
    return mp.betainc(a, b, 0, x)


orders, moderate = rng.uniform(0.3, 25, SIZE), rng.uniform(0.3, 3, SIZE)
slopes = rng.uniform(0.05, 3, SIZE)
below_one = np.concatenate([1 - log_uniform(1e-7, 1, SIZE // 2), rng.uniform(0, 0.6, SIZE // 2)])
negative = -log_uniform(1e-5, 1e4)

VALUES = {
    "gammainc": (
        special.gammainc,
        lower_regularised,
        [(orders, orders * log_uniform(1e-3, 4)), (moderate, log_uniform(1e-5, 50))],
    ),
    "gammaincc": (
        special.gammaincc,
        upper_regularised,
        [(orders, orders * log_uniform(1e-3, 4)), (moderate, log_uniform(1e-5, 50))],
    ),
    "upper_gamma": (special.upper_gamma, mp.gammainc, [(orders, orders * log_uniform(1e-3, 4))]),
    "beta": (special.beta, mp.beta, [(moderate, slopes), (np.array([-0.5, -0.3]), np.array([0.5, 1.7]))]),
    "ein": (special.ein, entire_integral, [(log_uniform(1e-8, 300),), (np.array([4.0]),)]),
    "exp1": (special.exp1, mp.e1, [(log_uniform(1e-8, 300),), (np.array([2.5]),)]),
    "hyp2f2_sersic": (special.hyp2f2_sersic, sersic_2f2, [(rng.uniform(1, 16, 30), log_uniform(1e-6, 60, 30))]),
    "hyp2f1_next": (
        special.hyp2f1_next,
        next_2f1,
        [
            (slopes + rng.uniform(-1.4, 4, SIZE), slopes, negative),
            (rng.uniform(-2, 3, SIZE), slopes, below_one),
            (slopes, slopes, negative),
            (slopes + 1e-9, slopes, negative),
            (slopes - 1, slopes, negative),
            (slopes - 2, slopes, negative),
            (np.array([1.0, 2.0, 3.0, 0.5]), np.array([3.2, 4.1, 0.5, 0.5]), np.array([0.9, 0.7, 0.6, -1.0])),
        ],
    ),
    "betainc": (special.betainc, incomplete_beta, [(moderate, moderate[::-1], below_one)]),
    "hyp2f1": (
        special.hyp2f1,
        mp.hyp2f1,
        [
            (rng.uniform(-2, 3, 30), moderate[:30], moderate[:30] + rng.uniform(0.4, 3, 30), negative[:30]),
            (rng.uniform(-2, 3, SIZE), moderate, moderate + rng.uniform(0.4, 3, SIZE), below_one),
            (np.array([0.4]), np.array([-0.7]), np.array([1.3]), np.array([0.6])),
        ],
    ),
    "hyp3f2_ones": (
        special.hyp3f2_ones,
        ones_3f2,
        [(rng.uniform(1.2, 10, 20), log_uniform(1e-4, 1e4, 20)), (np.ones(3), np.array([1e-3, 1.0, 30.0]))],
    ),
    "erfcx": (special.erfcx, lambda x: mp.exp(x * x) * mp.erfc(x), [(rng.uniform(-3, 20, SIZE),)]),
    "erfi": (special.erfi, mp.erfi, [(rng.uniform(-6, 6, SIZE),)]),
    "dawson": (
        special.dawson,
        lambda x: mp.exp(-x * x) * mp.erfi(x) * mp.sqrt(mp.pi) / 2,
        [(rng.uniform(-9, 9, SIZE),)],
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_values(name):
    function, reference, samples = VALUES[name]
    for arguments in samples:
        np.testing.assert_allclose(jax.jit(function)(*arguments), exact(reference, *arguments), rtol=1e-13, atol=0)


DERIVATIVES = {
    "gammainc": (lower_regularised, [(2.5, 1.3), (2.5, 9.0), (16.0, 12.0), (0.7, 0.01), (7.0, 8.0)]),
    "gammaincc": (upper_regularised, [(2.5, 1.3), (2.5, 9.0), (0.7, 5.0)]),
    "ein": (entire_integral, [(1e-3,), (0.3,), (3.0,), (30.0,)]),
    "exp1": (mp.e1, [(0.3,), (3.0,), (30.0,)]),
    "hyp2f2_sersic": (sersic_2f2, [(2.0, 0.01), (8.0, 3.0), (1.3, 12.0)]),
    "hyp2f1_next": (
        next_2f1,
        [(1.3, 1.3, -0.4), (1.3, 1.3, -5.0), (2.2, 1.2, -40.0), (0.4, 2.0, 0.3), (1.0, 2.0, 0.9), (1.5, 0.5, -1.0)],
    ),
    "hyp2f1": (mp.hyp2f1, [(0.8, 1.1, 2.5, -3.0), (0.8, 1.1, 2.5, 0.97), (-0.5, 0.7, 1.4, 0.2)]),
    "hyp3f2_ones": (ones_3f2, [(2.5, 0.3), (1.0, 4.0), (7.5, 40.0)]),
}


def partial_derivatives(reference, point):
    """By mpmath, in each argument."""
    with mp.workdps(40):
        return [
            float(mp.diff(lambda t, i=i: reference(*point[:i], t, *point[i + 1 :]), mp.mpf(point[i])))
            for i in range(len(point))
        ]


@pytest.mark.parametrize("name", DERIVATIVES)
def test_derivatives_in_every_argument(name):
    reference, points = DERIVATIVES[name]
    function = getattr(special, name)
    gradient = jax.jit(jax.grad(function, tuple(range(len(points[0])))))
    forward = jax.jit(jax.jacfwd(function, tuple(range(len(points[0])))))
    for point in points:
        expected = partial_derivatives(reference, point)
        point = tuple(jnp.asarray(p) for p in point)
        np.testing.assert_allclose(gradient(*point), expected, rtol=2e-12, atol=1e-16)
        np.testing.assert_allclose(forward(*point), expected, rtol=2e-12, atol=1e-16)


@pytest.mark.parametrize(
    "function, point, expected",
    [
        # gamma(3) P'' = (2 - x) x exp(-x)
        (lambda x: special.gammainc(3.0, x), 1.3, 0.7 * 1.3 * np.exp(-1.3) / 2),
        (special.ein, 0.0, -0.5),
        (special.ein, 2.0, np.exp(-2.0) / 2 - (1 - np.exp(-2.0)) / 4),
        # 2F1(2, 1; 2; z) = 1/(1 - z)
        (lambda z: special.hyp2f1_next(2.0, 1.0, z), -3.0, 2 / 4.0**3),
        (lambda z: special.hyp2f1_next(2.0, 1.0, z), 0.0, 2.0),
        (lambda z: special.hyp2f1(0.5, 1.0, 1.0 + 1e-9 + 1, z), 0.3, None),
    ],
)
def test_second_derivatives(function, point, expected):
    point = jnp.asarray(point)
    slope = jax.jit(jax.grad(function))
    if expected is None:  # against a central difference of the first
        expected = (slope(point + 1e-5) - slope(point - 1e-5)) / 2e-5
        np.testing.assert_allclose(jax.jit(jax.grad(slope))(point), expected, rtol=1e-8)
    else:
        np.testing.assert_allclose(jax.jit(jax.grad(slope))(point), expected, rtol=1e-12)


def test_values_at_the_ends():
    assert special.gammainc(2.0, 0.0) == 0 and special.gammaincc(2.0, 0.0) == 1
    assert special.gammainc(2.0, np.inf) == 1 and special.gammaincc(2.0, np.inf) == 0
    assert special.ein(0.0) == 0
    np.testing.assert_array_equal([special.hyp2f1_next(1.3, 0.4, 0.0), special.hyp2f2_sersic(3.0, 0.0)], 1)
    np.testing.assert_allclose(special.hyp2f1(1.3, 0.4, 2.0, 0.0), 1, rtol=1e-15)
    np.testing.assert_allclose(special.hyp3f2_ones(2.3, 0.0), 1, rtol=1e-14)
    # c > b > 0 fails for both orders of the parameters
    assert np.isnan(special.hyp2f1(2.0, 3.0, 1.0, 0.5))


def test_parameters_of_the_shape_of_the_argument():
    a, z = np.linspace(0.5, 2, 12).reshape(3, 4), -np.linspace(0.1, 8, 12).reshape(3, 4)
    expected = [float(mp.hyp2f1(p, p, p + 1, q)) for p, q in zip(a.ravel(), z.ravel())]
    function = jax.jit(special.hyp2f1_next)
    np.testing.assert_allclose(function(a, a, z).ravel(), expected, rtol=1e-13)
    np.testing.assert_allclose(jax.vmap(function)(a.ravel(), a.ravel(), z.ravel()), expected, rtol=1e-13)
    expected = exact(lower_regularised, a.ravel(), -z.ravel()).reshape(3, 4)
    np.testing.assert_allclose(jax.jit(special.gammainc)(a, -z), expected, rtol=1e-13)


def faddeeva_reference(x, y):
    with mp.workdps(200):
        z = mp.mpc(float(x), float(y))
        return complex(mp.exp(-z * z) * mp.erfc(-1j * z))


FADDEEVA_POINTS = {
    "box": (rng.uniform(-9, 9, 150), rng.uniform(0, 9, 150)),
    "real axis": (rng.uniform(-9, 9, 60), np.zeros(60)),
    "imaginary axis": (np.zeros(30), rng.uniform(0, 12, 30)),
    "small": (log_uniform(1e-9, 1) * rng.choice([-1, 1], SIZE), log_uniform(1e-9, 1)),
    "lower half": (rng.uniform(-4, 4, 60), -rng.uniform(0, 4, 60)),
}


@pytest.mark.parametrize("name", FADDEEVA_POINTS)
def test_faddeeva(name):
    x, y = FADDEEVA_POINTS[name]
    expected = np.array([faddeeva_reference(*p) for p in zip(x, y)])
    real, imag = jax.jit(special.faddeeva)(x, y)
    np.testing.assert_allclose(real + 1j * imag, expected, rtol=2e-14, atol=0)
    np.testing.assert_allclose(special.wofz(x + 1j * y), expected, rtol=2e-14, atol=0)


@pytest.mark.parametrize("size", [5.0, 9.9, 10.1, 1e3, 1e6])
def test_faddeeva_derivatives(size):
    angle = rng.uniform(0, np.pi, 20)
    x, y = size * np.cos(angle), size * np.sin(angle)
    if size < 100:
        w = np.array([faddeeva_reference(*p) for p in zip(x, y)])
        with mp.workdps(200):
            slope = [
                complex(-2 * mp.mpc(*p) * mp.exp(-(mp.mpc(*p) ** 2)) * mp.erfc(-1j * mp.mpc(*p)) + 2j / mp.sqrt(mp.pi))
                for p in zip(map(float, x), map(float, y))
            ]
    else:
        z = x + 1j * y
        w = 1j / np.sqrt(np.pi) / z * (1 + 0.5 / z**2 + 0.75 / z**4)
        slope = -1j / np.sqrt(np.pi) / z**2 * (1 + 1.5 / z**2 + 3.75 / z**4)
    np.testing.assert_allclose(special.wofz(x + 1j * y), w, rtol=2e-14)
    one = jnp.ones(20)
    _, along_x = jax.jvp(special.faddeeva, (x, y), (one, 0 * one))
    _, along_y = jax.jvp(special.faddeeva, (x, y), (0 * one, one))
    np.testing.assert_allclose(along_x[0] + 1j * along_x[1], slope, rtol=1e-13)
    np.testing.assert_allclose(along_y[0] + 1j * along_y[1], 1j * np.array(slope), rtol=1e-13)


def test_rules():
    for n in (5, 20):
        rule = special.gauss_legendre(n, -1.0, 2.0)
        np.testing.assert_allclose(special.integrate(lambda t: t**8, rule), (2**9 + 1) / 9, rtol=1e-13)
    rule = special.double_exponential(60)
    scale = jnp.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(special.integrate(lambda t: scale * t**-0.4, rule), scale / 0.6, rtol=1e-9)
    both = special.integrate(lambda t: {"a": t, "b": scale * t * t}, special.gauss_legendre(7))
    np.testing.assert_allclose(both["a"], 0.5, rtol=1e-15)
    np.testing.assert_allclose(both["b"], scale / 3, rtol=1e-15)


def plummer(r):
    return (1 + r * r) ** -2.5


def kappa(s):
    return (1 + s * s) ** -2.0


def hernquist(r):
    return 1 / (r * (1 + r) ** 3)


@pytest.mark.parametrize("R", [1e-4, 0.3, 7.0, 1e4])
def test_radial_integrals_of_closed_forms(R):
    np.testing.assert_allclose(special.projected_density(plummer, R), 4 / 3 * (1 + R * R) ** -2, rtol=1e-12)
    np.testing.assert_allclose(special.mass_3d(plummer, R), 4 / 3 * np.pi * (R**-2 + 1) ** -1.5, rtol=1e-12)
    np.testing.assert_allclose(special.mass_3d(hernquist, R), 2 * np.pi * (R / (1 + R)) ** 2, rtol=1e-12)
    mass = np.pi * R * R / (1 + R * R)
    np.testing.assert_allclose(special.mass_2d(kappa, R), mass, rtol=1e-12)
    np.testing.assert_allclose(special.deflection_from_convergence(kappa, R), mass / np.pi / R, rtol=1e-12)
    np.testing.assert_allclose(special.potential_from_convergence(kappa, R), np.log1p(R * R) / 2, rtol=1e-12)
    slope = jax.grad(lambda R: special.deflection_from_convergence(kappa, R))(R)
    np.testing.assert_allclose(slope, (1 - R * R) / (1 + R * R) ** 2, rtol=1e-11)


def test_radial_integrals_of_steep_cusps():
    R = np.array([1e-3, 1.0, 50.0])
    np.testing.assert_allclose(special.mass_3d(lambda r: r**-2.5, R), 8 * np.pi * R**0.5, rtol=1e-12)
    np.testing.assert_allclose(special.mass_2d(lambda s: s**-1.5, R), 4 * np.pi * R**0.5, rtol=1e-12)
    np.testing.assert_allclose(special.projected_density(lambda r: r**-2.0, R), np.pi / R, rtol=1e-12)


def test_convergences_near_the_scale_radius():
    """Of the profiles of Navarro, Frenk & White and of Hernquist; the closed forms are 0/0 there."""
    away = 10.0 ** -np.arange(1, 13)
    x = np.concatenate([1 - away, 1 + away, [0.2, 4.0]])

    def project(x):
        return mp.acosh(1 / x) / mp.sqrt(1 - x * x) if x < 1 else mp.acos(1 / x) / mp.sqrt(x * x - 1)

    cusp = exact(lambda x: (project(x) - 1) / (1 - x * x), x, digits=60)
    steep = exact(lambda x: ((2 + x * x) * project(x) - 3) / (1 - x * x) ** 2, x, digits=60)
    first, second = jax.jit(arc, static_argnums=0)(1, x), jax.jit(arc, static_argnums=0)(2, x)
    np.testing.assert_allclose(first, cusp, rtol=2e-15, atol=0)
    np.testing.assert_allclose(3 * second - first, steep, rtol=2e-14, atol=0)


FLOAT32 = {
    "gammainc": (2.5, 1.3),
    "ein": (1.3,),
    "exp1": (0.7,),
    "hyp2f2_sersic": (4.0, 3.0),
    "hyp2f1_next": (1.2, 0.9, -4.0),
    "hyp2f1": (0.8, 1.1, 2.5, 0.9),
    "hyp3f2_ones": (2.5, 3.0),
    "erfcx": (0.4,),
    "faddeeva": (0.4, 0.7),
}


@pytest.mark.parametrize("name", FLOAT32)
def test_float32_stays_float32(name):
    function = getattr(special, name)
    low = jax.tree.leaves(function(*(jnp.float32(a) for a in FLOAT32[name])))
    high = jax.tree.leaves(function(*FLOAT32[name]))
    for a, b in zip(low, high):
        assert a.dtype == jnp.float32
        np.testing.assert_allclose(a, b, rtol=1e-5)
