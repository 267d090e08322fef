"""Regions: what is computed from few numbers is one kernel of a program, and has the same values."""

import inspect
import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from jaxtronomy.core import regions
from jaxtronomy.core.regions import NATIVE, ROWS, in_regions
from jaxtronomy.core.settings import ONE_STEP
from jaxtronomy.core.traces import traces_of

if not ONE_STEP:
    pytest.skip("this version of XLA is not known to make a call one step", allow_module_level=True)

ARRAY = jnp.asarray(np.random.default_rng(3).uniform(0.1, 0.9, (3, 4)))
# one for each step that a region may have
STEPS = {
    "abs": lambda x: jnp.abs(x - 0.5),
    "add": lambda x: x + x[:1],
    "add_any": jax.grad(lambda x: jnp.sum(jnp.sin(x) * jnp.cos(x))),
    "and": lambda x: (x > 0.3) & (x < 0.6),
    "atan2": lambda x: lax.atan2(x, x - 0.5),
    "bitcast_convert_type": lambda x: lax.bitcast_convert_type(x, jnp.int64),
    "broadcast_in_dim": lambda x: jnp.broadcast_to(x, (2, 3, 4)),
    "cbrt": lax.cbrt,
    "ceil": lambda x: jnp.ceil(3 * x),
    "clamp": lambda x: lax.clamp(0.3, x, 0.6),
    "complex": lambda x: lax.complex(x, x[::-1]),
    "concatenate": lambda x: jnp.concatenate([x, 2 * x]),
    "cond": lambda x: lax.cond(x[0, 0] > 0.5, jnp.sin, jnp.cos, x),
    "convert_element_type": lambda x: (5 * x).astype(int),
    "copy": lambda x: lax.copy_p.bind(x),
    "copy_p": lambda x: jnp.array(x, copy=True),
    "cos": jnp.cos,
    "cosh": jnp.cosh,
    "cumsum": lambda x: jnp.cumsum(x, axis=1),
    "div": lambda x: 1 / x,
    "dynamic_slice": lambda x: lax.dynamic_slice(x, ((4 * x[0, 0]).astype(int), 1), (2, 2)),
    "dynamic_update_slice": lambda x: lax.dynamic_update_slice(x, x[:2], ((4 * x[0, 0]).astype(int), 0)),
    "eq": lambda x: x == x[:1],
    "exp": lax.exp,
    "exp2": lax.exp2,
    "expand_dims": lambda x: x[None],
    "expm1": lax.expm1,
    "floor": lambda x: jnp.floor(3 * x),
    "ge": lambda x: x >= x[:1],
    "gt": lambda x: x > 0.5,
    "imag": lambda x: jnp.imag(lax.complex(x, 2 * x)),
    "integer_pow": lambda x: x**3,
    "iota": lambda x: x + jnp.arange(4)[None],
    "is_finite": lambda x: jnp.isfinite(jnp.where(x > 0.5, jnp.inf, x)),
    "le": lambda x: x <= x[:1],
    "log": lax.log,
    "log1p": lax.log1p,
    "logistic": lax.logistic,
    "lt": lambda x: x < 0.5,
    "max": lambda x: jnp.maximum(x, 0.4),
    "min": lambda x: jnp.minimum(x, 0.4),
    "mul": lambda x: x * x[1:2],
    "ne": lambda x: x != x[:1],
    "neg": lambda x: -x,
    "not": lambda x: ~(x > 0.5),
    "or": lambda x: (x < 0.3) | (x > 0.6),
    "pad": lambda x: jnp.pad(x, ((1, 2), (0, 1))),
    "pow": lambda x: x ** x[:1],
    "real": lambda x: jnp.real(lax.complex(x, 2 * x)),
    "reduce_and": lambda x: jnp.all(x > 0.3, axis=0),
    "reduce_max": lambda x: jnp.max(x, axis=1),
    "reduce_min": lambda x: jnp.min(x, axis=1),
    "reduce_or": lambda x: jnp.any(x > 0.8, axis=0),
    "reduce_prod": lambda x: jnp.prod(x, axis=1),
    "reduce_sum": lambda x: jnp.sum(x, axis=1),
    "rem": lambda x: lax.rem(x, 0.3 * jnp.ones_like(x)),
    "reshape": lambda x: x.reshape(2, 6),
    "rev": lambda x: lax.rev(x, (0,)),
    "round": lambda x: lax.round(3 * x),
    "rsqrt": lax.rsqrt,
    "scan": lambda x: lax.scan(lambda s, row: (s + row, s * row), x[0], x),
    "select_n": lambda x: jnp.where(x > 0.5, x, 0.0),
    "shift_left": lambda x: lax.shift_left((9 * x).astype(int), 2),
    "shift_right_arithmetic": lambda x: lax.shift_right_arithmetic((99 * x).astype(int), 2),
    "shift_right_logical": lambda x: lax.shift_right_logical((99 * x).astype(int), 2),
    "sign": lambda x: jnp.sign(x - 0.5),
    "sin": jnp.sin,
    "sinh": jnp.sinh,
    "slice": lambda x: x[1:, :2],
    "split": lambda x: lax.split(x, (1, 2)),
    "sqrt": jnp.sqrt,
    "square": jnp.square,
    "squeeze": lambda x: lax.squeeze(x[:1], (0,)),
    "stack": lambda x: jnp.stack([x, 2 * x]),
    "stop_gradient": lax.stop_gradient,
    "sub": lambda x: x - x[1:2],
    "tan": jnp.tan,
    "tanh": jnp.tanh,
    "transpose": lambda x: x.T,
    "unstack": lambda x: jnp.unstack(x),
    "while": lambda x: lax.while_loop(lambda s: jnp.sum(s) < 30, lambda s: s + x, x),
    "xor": lambda x: (x > 0.3) ^ (x > 0.6),
}


@pytest.fixture
def few(monkeypatch):
    """A few equations are enough for a region beside large ones."""
    monkeypatch.setattr(regions, "FEWEST", 4)


def regions_of(compiled):
    """How many regions a program has."""
    call = r' call\(.*frontend_attributes=\{inlineable="false",xla_cpu_small_call="true"\}'
    return len(re.findall(call, compiled.as_text()))


def kernels(function, *args):
    """How many regions the program of a function has."""
    return regions_of(jax.jit(function).lower(*args).compile())


def more(x):
    """A few steps, so that there are enough of them for a region."""
    return x * (1 + 1e-3 * jnp.sum(x) + 1e-3 * jnp.max(x) ** 2)


def names(jaxpr):
    """The steps of a trace, and of those that it calls."""
    return {e.primitive.name for e in jaxpr.eqns}.union(*(names(t) for e in jaxpr.eqns for t in traces_of(e)))


def test_every_step_is_tried():
    assert set(STEPS) == NATIVE
    traced = set().union(*(names(jax.make_jaxpr(f)(ARRAY).jaxpr) for f in STEPS.values()))
    assert NATIVE - traced <= {"copy", "copy_p", "expand_dims", "stack", "unstack"}  # not in every version of JAX


@pytest.mark.parametrize("name", sorted(STEPS))
def test_steps(name):
    """XLA can do each of them within a kernel, with the steps of its derivatives.

    Some of those of branches stay outside, with JAX 0.12 of tanh too.
    """

    def function(x):
        return STEPS[name](more(x))

    def slope(x):
        floats = [v for v in jax.tree.leaves(function(x)) if jnp.issubdtype(v.dtype, jnp.floating)]
        return sum(jnp.sum(v**2) for v in floats) + jnp.sum(x)

    def both(x):
        return function(x), slope(x) if name in ("cond", "tanh", "while") else jax.grad(slope)(x)

    compiled = jax.jit(in_regions(both)).lower(ARRAY).compile()
    assert regions_of(compiled) == 1
    for ours, wanted in zip(jax.tree.leaves(compiled(ARRAY)), jax.tree.leaves(jax.jit(both)(ARRAY)), strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("shape", [(1, 1), (5, 5), (3, 4, 4)])
def test_factors(shape):
    root = jnp.asarray(np.random.default_rng(1).normal(size=shape))
    matrix = root @ root.mT + jnp.broadcast_to(jnp.eye(shape[-1]), shape)

    def factor(matrix):
        return jnp.linalg.cholesky(more(matrix))

    assert kernels(in_regions(factor), matrix) == 1
    np.testing.assert_allclose(jax.jit(in_regions(factor))(matrix), factor(matrix), rtol=1e-13, atol=1e-14)
    for wrong in (-matrix, 0 * matrix, jnp.nan * matrix):
        found = jax.jit(in_regions(factor))(wrong)
        np.testing.assert_array_equal(found, factor(wrong))
        assert np.isnan(found).any()


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("transposed", [True, False])
@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("unit", [True, False])
def test_triangular_equations(lower, transposed, left, unit):
    rng = np.random.default_rng(2)
    matrix, sides = jnp.asarray(rng.uniform(0.5, 1.5, (2, 4, 4))), jnp.asarray(rng.normal(size=(2, 4, 3)))

    def solution(matrix, sides):
        options = {"left_side": left, "lower": lower, "transpose_a": transposed, "unit_diagonal": unit}
        return lax.linalg.triangular_solve(more(matrix), sides if left else sides.mT, **options)

    assert kernels(in_regions(solution), matrix, sides) == 1
    ours, wanted = jax.jit(in_regions(solution))(matrix, sides), solution(matrix, sides)
    np.testing.assert_allclose(ours, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "product", ["ij,jk->ik", "bij,bkj->bik", "ij,i->j", "i,j->ij", "bij,bij->b", "ijk,kji->", "bij,kb->kbij"]
)
def test_products(product):
    sizes, rng = {"b": 2, "i": 3, "j": 4, "k": 5}, np.random.default_rng(4)
    given = [jnp.asarray(rng.normal(size=[sizes[c] for c in side])) for side in product.split("->")[0].split(",")]

    def function(left, right):
        return jnp.einsum(product, more(left), right)

    assert kernels(in_regions(function), *given) == 1
    np.testing.assert_allclose(jax.jit(in_regions(function))(*given), function(*given), rtol=1e-13, atol=1e-14)


def test_levels(few):
    """Small parts before and after large ones are a region each; what is independent of them is in the first."""
    image = jnp.linspace(0.0, 1.0, 5000)

    def function(x, image):
        first = more(jnp.sin(x))
        total = jnp.sum(first[0] * image)
        second = more(jnp.cos(x * total))
        return second, more(jnp.tanh(x)), image * second[0], x

    x = ARRAY[0]
    assert kernels(in_regions(function), x, image) == 2
    for ours, wanted in zip(jax.jit(in_regions(function))(x, image), function(x, image), strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=1e-14)


def test_loops_and_branches(few):
    """Regions are in the steps of loops, also of those within others, and in branches."""
    image = jnp.linspace(0.0, 1.0, 3000)

    def scan(x, y):
        return lax.scan(lambda s, v: (more(more(s) * v), jnp.sum(s[0] * y)), x, np.linspace(0.0, 1.0, 5))

    def loop(x, y):
        return lax.while_loop(lambda s: s[1][0] < 5, lambda s: (more(s[0]) + 0.1, s[1] + 1), (x, y))

    def branches(x, y):
        return lax.cond(x[0] > 0, lambda x, y: (more(x), 2 * y), lambda x, y: (x, y), x, y)

    def outer(x, y):
        return lax.fori_loop(0, jnp.sum(x > 0) - 1, lambda i, s: (more(scan(*s)[0]) * i + 1, s[1] + s[0][0]), (x, y))

    x = ARRAY[0]
    for f, number in ((scan, 0), (loop, 1), (branches, 1), (outer, 1)):
        assert kernels(in_regions(f), x, image) >= number
        for ours, wanted in zip(jax.jit(in_regions(f))(x, image), jax.jit(f)(x, image), strict=True):
            np.testing.assert_allclose(ours, wanted, rtol=1e-13)


@pytest.mark.parametrize(
    "other",
    [
        lambda x: jnp.sort(x),
        lambda x: x[jnp.array([0, 0, 2])],
        lambda x: x.at[jnp.array([0, 0, 2])].add(1.0),
        lambda x: jnp.abs(jnp.fft.fft(x)),
        lambda x: jnp.linalg.svd(jnp.outer(x, x) + jnp.eye(4), compute_uv=False),
        lambda x: jax.pure_callback(lambda v: np.asarray(v) * 2, jax.ShapeDtypeStruct((4,), float), x),
        lambda x: lax.while_loop(lambda s: s[0] < 3, lambda s: jnp.sort(s + x), x),
        lambda x: jnp.linalg.cholesky(jnp.eye(ROWS + 1) * more(x)[0])[0],
    ],
)
def test_other_steps_stay_outside(few, other):
    """Before them and after them there is a region."""

    def function(x):
        return more(other(more(x)))

    assert kernels(in_regions(function), ARRAY[0]) == 2
    np.testing.assert_allclose(jax.jit(in_regions(function))(ARRAY[0]), jax.jit(function)(ARRAY[0]), rtol=1e-12)


def test_many_steps_are_several_regions(monkeypatch):
    """Of equal size, one after the other."""
    monkeypatch.setattr(regions, "MOST", 10)

    def function(x):
        for n in range(4):
            x = jnp.sin(more(x + n))
        return x

    steps = sum(e.primitive.name not in ("jit", "pjit") for e in jax.make_jaxpr(function)(ARRAY).jaxpr.eqns)
    assert 20 < steps <= 40 and kernels(in_regions(function), ARRAY) == -(-steps // 10)
    np.testing.assert_allclose(jax.jit(in_regions(function))(ARRAY), function(ARRAY), rtol=1e-14)


@pytest.mark.parametrize(
    "source", [lambda x: x, jnp.sort, lambda x: lax.fori_loop(0, 3, lambda i, v: jnp.sort(v + i), x)]
)
def test_arguments_that_are_not_needed(few, source):
    """XLA would end the process."""

    def function(x, y):
        a, b = source(x), source(y)
        both = jnp.stack([jnp.sum(more(a)), jnp.sum(more(b))])
        return both[0] * more(a), (both[1] * 5).astype(int) > 3, jnp.zeros((0, 2)) * both[0], 1.5

    x, y = ARRAY[0], ARRAY[:, 0]
    for f in (function, lambda x, y: function(x, y)[0], lambda x, y: function(x, y)[1], lambda x, y: (x, y, more(x))):
        ours, wanted = jax.jit(in_regions(f))(x, y), jax.jit(f)(x, y)
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-13), ours, wanted)


def test_results_that_are_not_needed():
    """Nor are regions of nothing, and of numbers that the program is not given."""
    assert kernels(in_regions(lambda x: (more(x), x)[1]), ARRAY) == 0
    assert kernels(in_regions(lambda x: (x, jnp.cumsum(jnp.arange(5.0)) + 1)), ARRAY) == 1
    ours = jax.jit(in_regions(lambda x: (x, jnp.cumsum(jnp.arange(5.0)) + 1)))(ARRAY)
    np.testing.assert_array_equal(ours[1], [1, 2, 4, 7, 11])


def test_few_or_large_steps_are_no_region():
    """Few are one if there are no others."""
    assert kernels(in_regions(jnp.sin), ARRAY) == 0
    assert kernels(in_regions(more), ARRAY) == 1
    assert kernels(in_regions(lambda x, y: y * more(x)[0, 0]), ARRAY, jnp.ones(2000)) == 0
    assert kernels(in_regions(lambda x: jnp.exp(jnp.sin(x) ** 2 + jnp.cos(x)) * jnp.tan(x)), jnp.ones(2000)) == 0


def test_other_backends(monkeypatch):
    """The function is as it was where XLA does not make a call one step."""
    monkeypatch.setattr(regions, "on_cpu", lambda: False)
    assert kernels(in_regions(more), ARRAY) == 0
    assert inspect.unwrap(in_regions(more)) is more
