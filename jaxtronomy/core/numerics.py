r"""Elementwise primitives with finite values and right derivatives everywhere.

The transcendental functions are here because XLA's own float64 ones do not vectorise on a CPU: a
range reduction and one polynomial are three to twenty times faster at the same one or two units in
the last place.  On any other backend, and for any other type, the built-in function is used.  As
everywhere in XLA on a CPU, subnormal numbers count as zero.

Polynomials are Chebyshev fits of the remainder of a function after its first term, in the square of
the reduced argument; the reductions are those of the FreeBSD and Cephes mathematical libraries.
"""

import math
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jax.custom_batching import custom_vmap
from jax.custom_derivatives import SymbolicZero
from jax.extend.core import Primitive
from jax.extend.mlir.dialects import stablehlo
from jax.interpreters import mlir
from jax.typing import ArrayLike

from .settings import COMPLEX_IN_VECTORS, wide_vectors
from .threads import on_cpu

__all__ = [
    "along",
    "apart",
    "arccos",
    "arccosh",
    "arcsin",
    "arctan",
    "arctan2",
    "arctan2_right",
    "arctanh",
    "arctanh2",
    "cbrt",
    "combined",
    "exp",
    "expm1",
    "gathered",
    "inverse_root",
    "kept",
    "kept_pair",
    "linear",
    "log",
    "log1p",
    "paired",
    "polynomial",
    "power",
    "power_and_log",
    "rarely",
    "rsqrt",
    "safe_divide",
    "safe_hypot",
    "safe_sqrt",
    "same_for_all",
    "sincos",
    "spread",
    "tiny",
    "unforeseen",
    "unpaired",
    "unstacked",
    "varying",
]

_LN2_HI, _LN2_LO = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_MANTISSA, _SQRT_HALF, _TWO_52 = 0x000FFFFFFFFFFFFF, 0x3FE6A09E667F3BCD, 0x4330000000000000
# pi/2 in pieces of 27 bits: integer multiples up to 2**26 of the first three are exact
_HALF_PI = (1.570796325802803, 9.920935739593517e-10, 5.721188709663575e-18, 1.6446256936324258e-26)
_PI_LO = 1.2246467991473532e-16  # pi - math.pi
_TAN_PI_8 = 0.41421356237309503
PREFIX = "numerics."  # of the names that these functions have in a trace
_NO_CHANGE = 0.0  # a tangent that is zero for certain: this Python number, unlike an array that happens to be zero
LOOP = 1024  # elements from which on a function gets a loop of its own

# 2 artanh(s)/s = 2 + z P(z), z = s**2, s < 0.2018
_ARTANH = (
    0.6666666666666666,
    0.4000000000000887,
    0.28571428566862855,
    0.2222222311658977,
    0.1818173231338898,
    0.15389078356395502,
    0.13205599931189893,
    0.13640333114220324,
)
# arctan(t)/t = 1 + z P(z), t < tan(pi/8)
_ARCTAN = (
    -0.3333333333333333,
    0.19999999999995513,
    -0.1428571428466482,
    0.11111111015117626,
    -0.09090904572487347,
    0.07692183059894114,
    -0.06664509603255386,
    0.05858132894427922,
    -0.05085365922344248,
    0.03922923713835943,
    -0.01917392228554793,
)
# arcsin(t)/t = 1 + z P(z), t < 1/2
_ARCSIN = (
    0.16666666666666669,
    0.07499999999998425,
    0.04464285714637338,
    0.030381944137085216,
    0.022372173002005596,
    0.017352391265909227,
    0.013971235301124539,
    0.011478952690257387,
    0.010324318288744113,
    0.00545087818772055,
    0.017419357964884856,
    -0.014881409392818066,
    0.02877844261259304,
)
# exp(r) = 1 + r + r**2 P(r), |r| < ln(2)/2
_EXP = (
    0.5,
    0.1666666666666667,
    0.04166666666666667,
    0.008333333333326136,
    0.0013888888888883748,
    0.00019841269874820627,
    2.4801587325547743e-05,
    2.7557255400206422e-06,
    2.75572736431103e-07,
    2.5105217004720745e-08,
    2.0914686968086876e-09,
)
# sin(r)/r = 1 + z P(z) and cos(r) = 1 - z/2 + z**2 Q(z), r < pi/4
_SIN = (
    -0.16666666666666666,
    0.008333333333330946,
    -0.0001984126983675497,
    2.755731610068303e-06,
    -2.5051131455427946e-08,
    1.591810123027412e-10,
)
_COS = (
    0.041666666666666664,
    -0.0013888888888887395,
    2.4801587298763433e-05,
    -2.7557317270560326e-07,
    2.0876146024689747e-09,
    -1.1382614868556325e-11,
)


def tiny(x: ArrayLike) -> float:
    """Square root of the machine epsilon of ``x``'s dtype (1.5e-8 in float64)."""
    return float(jnp.finfo(jnp.result_type(x, float)).eps) ** 0.5


def safe_sqrt(x: ArrayLike) -> jax.Array:
    """``sqrt(x)`` for ``x >= 0``, with zero (not infinite) slope at zero, and zero below."""
    positive = x > 0
    return jnp.where(positive, jnp.sqrt(jnp.where(positive, x, 1.0)), 0.0)


def safe_hypot(x: ArrayLike, y: ArrayLike) -> jax.Array:
    """``sqrt(x**2 + y**2)``, with zero slope at the origin."""
    return safe_sqrt(x * x + y * y)


def safe_divide(a: ArrayLike, b: ArrayLike, fill: float = 0.0) -> jax.Array:
    """``a / b``, and the constant ``fill`` where ``b`` is zero."""
    regular = b != 0
    return jnp.where(regular, a / jnp.where(regular, b, 1.0), fill)


@jax.custom_jvp
def gathered(x: jax.Array) -> jax.Array:
    """The array itself: what derivatives have come to up to here is :func:`kept`, for all that follows.

    Its negative is: positions are what is left when deflections are subtracted.
    """
    return x


@partial(gathered.defjvp, symbolic_zeros=True)
def _gathered_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    return x, dx if isinstance(dx, SymbolicZero) else -kept(-dx)


def spread(x: ArrayLike, *numbers: ArrayLike) -> tuple[jax.Array, ...]:
    """The numbers as arrays of the shape of ``x``: the derivative by each is one sum, not one for each use."""
    return _spread(
        x, *(n if jnp.issubdtype(jnp.result_type(n), jnp.inexact) else jnp.asarray(n, float) for n in numbers)
    )


@jax.custom_jvp
def _spread(x, *numbers):
    return tuple(jnp.broadcast_arrays(x, *numbers)[1:])


@_spread.defjvp
def _spread_jvp(primals, tangents):
    """What is summed is kept: on a CPU, XLA takes the arithmetic before a sum into it, step by step."""
    return _spread(*primals), tuple(map(kept, jnp.broadcast_arrays(primals[0], *tangents[1:])[1:]))


def varying(tangents: Sequence) -> list:
    """The tangents of a rule with symbolic zeros, with the number ``0.0`` for each that is zero for certain."""
    return [_NO_CHANGE if isinstance(t, SymbolicZero) else t for t in tangents]


def along(function: Callable, primals: tuple, tangents: tuple) -> tuple:
    """``jax.jvp(function, primals, tangents)`` in a rule with symbolic zeros, by what varies only.

    :param function: function of trees of arrays
    :param primals: the trees
    :param tangents: trees of the same form
    """
    leaves, tree = jax.tree.flatten(primals)
    slopes = jax.tree.leaves(tangents, is_leaf=lambda t: isinstance(t, SymbolicZero))
    moving = [i for i, t in enumerate(slopes) if not isinstance(t, SymbolicZero)]

    def moved(*values):
        filled = dict(enumerate(leaves)) | dict(zip(moving, values))
        return function(*jax.tree.unflatten(tree, filled.values()))

    return jax.jvp(moved, [leaves[i] for i in moving], [slopes[i] for i in moving])


def linear(*terms: tuple[ArrayLike, ArrayLike]) -> ArrayLike:
    """Sum of coefficients times tangents, without those tangents that are the number ``0.0``; ``0.0`` if all are.

    :param terms: pairs of a coefficient and a tangent
    """
    products = [c * t for c, t in terms if not _is_no_change(t)]
    return sum(products[1:], products[0]) if products else _NO_CHANGE


def combined(fields: Sequence[jax.Array], *rows: Sequence[ArrayLike]) -> tuple[ArrayLike, ...]:
    """For each row of numbers, the sum of ``fields`` times its numbers; a field that has ``0.0`` in all is left out.

    On a CPU it is a product with a matrix, and so are the derivatives by all numbers: three times as fast as sums.

    :param fields: arrays of one shape
    :param rows: numbers, or arrays like the fields, one for each field
    """
    used = [i for i, column in enumerate(zip(*rows, strict=True)) if not all(map(_is_no_change, column))]
    if not used:
        return (_NO_CHANGE,) * len(rows)
    if any(jnp.ndim(n) for row in rows for n in row) or fields[0].size < LOOP or _use_builtin(fields[0]):
        return tuple(linear(*((fields[i], row[i]) for i in used)) for row in rows)
    whole = jnp.stack([fields[i] for i in used])
    return tuple(jnp.tensordot(jnp.stack([row[i] for i in used]), whole, 1) for row in rows)


def _is_no_change(tangent):
    return type(tangent) is float and tangent == _NO_CHANGE


def rarely(condition: jax.Array, rare: Callable, usual: Callable, *arrays: jax.Array) -> Any:
    """``rare(*arrays)`` where the condition holds, ``usual(*arrays)`` elsewhere: trees of arrays like these.

    On a CPU, if the condition is a number, the rare one is computed only if it holds (in a batch, for any).
    """

    def both(*arrays):
        return jax.tree.map(partial(jnp.where, condition), rare(*arrays), usual(*arrays))

    if jnp.ndim(condition) or _shares_loops(arrays[0], arrays[0].size):
        return both(*arrays)
    return lax.cond(same_for_all(condition), both, usual, *arrays)


def _floating(*arguments):
    """The arguments as arrays of one inexact type; Python numbers stay weakly typed."""
    dtype = jnp.result_type(*arguments)
    if not jnp.issubdtype(dtype, jnp.inexact):
        dtype = jnp.result_type(float)
    arrays = (jnp.asarray(a) for a in arguments)
    return tuple(a if a.dtype == dtype else a.astype(dtype) for a in arrays)


def _use_builtin(x):
    """Whether XLA's own function is the better one here: anything but float64 on a CPU.

    Weakly typed numbers too, so that a constant in a float32 formula does not turn it to float64.
    """
    return x.dtype != jnp.float64 or x.aval.weak_type or not on_cpu()


def unstacked(array: ArrayLike) -> list:
    """The entries along the first axis.

    Those of an array of JAX have derivatives that are put together once; the derivative of an entry taken by its index
    is as large as the array, and there is one for each.
    """
    if not isinstance(array, jax.Array) or not len(array):
        return list(array)
    return [part.reshape(array.shape[1:]) for part in lax.split(array, (1,) * len(array))]


def unforeseen() -> jax.Array:
    """False, in a way that XLA cannot know: whether this is the last of all replicas of a program that there can be.

    It is a number that the program is given when it runs, and needs no array to be computed from.
    """
    replica = _replica.bind()
    return replica == jnp.full_like(replica, jnp.iinfo(jnp.uint32).max)


_replica = Primitive("replica")
_replica.def_impl(lambda: jnp.uint32(0))
_replica.def_abstract_eval(lambda: jax.core.ShapedArray((), jnp.uint32.dtype))
mlir.register_lowering(_replica, lambda context: [stablehlo.replica_id()])


@custom_vmap
def same_for_all(x: jax.Array) -> jax.Array:
    """A number, or whether something holds; the largest one for all of a batch, whose loops and branches stay plain."""
    return x


@same_for_all.def_vmap
def _same_for_all_batched(size, batched, x):
    return jnp.max(x), False


def apart(kernel: Callable) -> Callable:
    """A function of arrays whose loop over large arrays XLA, on a CPU, does not join with others.

    A CPU overlaps iterations only as far as its window of instructions reaches: several short loops, over arrays that
    stay in the cache, take half the time of one long loop. XLA joins whatever is elementwise, but not the branches of
    a condition that it cannot foresee. It also computes a cheap step anew in each loop that needs it; not what is
    apart. Within such a function nothing else is.

    :param kernel: pure, elementwise function of float arrays, with one array
    """

    def branch(*x):
        token = _within.set(True)
        try:
            return kernel(*x)
        finally:
            _within.reset(token)

    def run(*x):
        shape = jnp.broadcast_shapes(*map(jnp.shape, x))
        if _shares_loops(x[0], math.prod(shape)):
            return kernel(*x)
        return lax.cond(unforeseen(), lambda *x: jnp.zeros(shape), branch, *x)

    return run


def kept(array: jax.Array) -> jax.Array:
    """An array that is computed once and as it is, on a CPU: not in each loop, or sum, that needs it; linear."""
    return array if _shares_loops(array, jnp.size(array)) else _opaque(array)


def kept_pair(a: jax.Array, b: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Two arrays like :func:`kept`, computed in one loop."""
    if _shares_loops(a, jnp.size(a)):
        return a, b
    return unpaired(_opaque(paired(a, b)))


def _opaque(values):
    """The same arrays, as what a condition gives that XLA cannot foresee."""
    return lax.cond(unforeseen(), partial(jax.tree.map, jnp.negative), lambda v: v, values)


def _shares_loops(x, size):
    """Whether so many numbers of the kind of ``x`` have no loop of their own: few, on no CPU, or within one."""
    return size < LOOP or _use_builtin(x) or _within.get()


def paired(*arrays: jax.Array) -> jax.Array | tuple[jax.Array, ...]:
    """Two arrays of one shape as the real and the imaginary part of one, in float64 on a CPU; elsewhere, as a single
    array everywhere, a tuple.

    XLA has a loop for each array that is needed as a whole, with all that it takes: both take one loop instead of two.
    """
    together = len(arrays) == 2 and COMPLEX_IN_VECTORS and not any(map(_use_builtin, arrays))
    return lax.complex(*arrays) if together else arrays


def unpaired(arrays: jax.Array | tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
    """The arrays that were :func:`paired`."""
    return arrays if isinstance(arrays, tuple) else (arrays.real, arrays.imag)


_within: ContextVar[bool] = ContextVar("within a function that is apart", default=False)


def _known_as(name: str) -> Callable:
    """``jax.custom_jvp`` of a function that can be told in a trace by its name."""

    def decorate(function):
        function.__name__ = PREFIX + name
        return jax.custom_jvp(function)

    return decorate


def _primitive(builtin: Callable, jvp: Callable, alone: bool = True) -> Callable:
    """Make a float64 CPU kernel a function with derivative ``jvp(primals, tangents, value)``.

    :param alone: False for a kernel that calls others, or is but a step
    """

    def decorate(kernel):
        on_cpu = apart(kernel) if alone else kernel

        @_known_as(kernel.__name__)
        def function(*x):
            return builtin(*x) if _use_builtin(x[0]) else on_cpu(*x)

        @function.defjvp
        def derivative(primals, tangents):
            value = function(*primals)
            return value, jvp(primals, tangents, value)

        @wraps(kernel)
        def public(*x):
            return function(*_floating(*x))

        return public

    return decorate


def _slope(slope: Callable) -> Callable:
    """The ``jvp`` of a function of one argument from ``slope(x, value)``."""
    return lambda primals, tangents, value: slope(primals[0], value) * tangents[0]


def _horner(z, coefficients):
    """Horner's scheme, lowest coefficient first."""
    total = coefficients[-1]
    for c in coefficients[-2::-1]:
        total = total * z + c
    return total


def polynomial(z: ArrayLike, coefficients: Sequence[float]) -> jax.Array:
    """The polynomial in ``z`` with these coefficients, lowest first.

    Even and odd powers are summed apart: two short chains of dependent operations are faster than a long one.
    """
    square = z * z
    return _horner(square, coefficients[::2]) + z * _horner(square, coefficients[1::2])


def _bits(x):
    return lax.bitcast_convert_type(x, jnp.int64)


def _double(bits):
    return lax.bitcast_convert_type(bits, jnp.float64)


def _biased_to_double(biased):
    """A non-negative integer below 2**52 as float64 (int64 conversion is slow before AVX-512)."""
    return _double(biased | _TWO_52) - 2.0**52


def _split(x):
    """``k, m`` with ``x = 2**k m`` and ``m`` between sqrt(1/2) and sqrt(2), for normal positive ``x``.

    ``k`` comes as the bit pattern ``k + 1023``, ready to make powers of two.
    """
    shifted = _bits(x) + (0x3FF0000000000000 - _SQRT_HALF)
    return lax.shift_right_logical(shifted, jnp.int64(52)), _double((shifted & _MANTISSA) + _SQRT_HALF)


def _log_sum(biased, f):
    """``k ln 2 + log(1 + f)``, with the half square kept apart as in FreeBSD's e_log.c."""
    k = _biased_to_double(biased) - 1023.0
    s = f / (2.0 + f)
    z = s * s
    half_square = 0.5 * f * f
    tail = s * (half_square + z * polynomial(z, _ARTANH)) + k * _LN2_LO
    return k * _LN2_HI - ((half_square - tail) - f)


def _nearest(x):
    """Nearest integer, as float64 and as a bit pattern with the integer, plus a constant, in its low bits."""
    n = lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN)
    return n, _bits(n + 1.5 * 2.0**52)


def inverse_root(x: ArrayLike) -> jax.Array:
    """``1 / sqrt(x)`` for ``x > 0``; zero, with zero slope, elsewhere."""
    positive = x > 0
    return jnp.where(positive, rsqrt(jnp.where(positive, x, 1.0)), 0.0)


@_primitive(lax.rsqrt, _slope(lambda x, value: -0.5 * value / x), alone=False)
def rsqrt(x: ArrayLike) -> jax.Array:
    """``1 / sqrt(x)`` for ``x > 0``.

    XLA's own, which it also makes of one over a root, has the cost of a division with AVX-512; without, in float64, it
    is not computed in vectors.
    """
    return lax.rsqrt(x) if wide_vectors() else jnp.sqrt(x) / x


@_primitive(jnp.exp, lambda p, t, value: value * t[0])
def exp(x: ArrayLike) -> jax.Array:
    """Exponential function."""
    n, bits = _nearest(x * (1 / math.log(2)))
    r = (x - n * _LN2_HI) - n * _LN2_LO
    value = _double(_bits(1.0 + (r + r * r * polynomial(r, _EXP))) + (bits << 52))
    return jnp.where(x < -708.39, 0.0, jnp.where(x > 709.78, jnp.inf, value))


@_primitive(jnp.expm1, _slope(lambda _, value: 1 + value))
def expm1(x: ArrayLike) -> jax.Array:
    """``exp(x) - 1`` without loss at small ``x``."""
    n, bits = _nearest(x * (1 / math.log(2)))
    r = (x - n * _LN2_HI) - n * _LN2_LO
    two_n = _double((bits << 52) + 0x3FF0000000000000)
    value = two_n * (r + r * r * polynomial(r, _EXP)) + (two_n - 1.0)
    return jnp.where(x < -40.0, -1.0, jnp.where(x > 709.0, jnp.exp(x), value))


@_primitive(jnp.log, _slope(lambda x, _: 1 / x))
def log(x: ArrayLike) -> jax.Array:
    """Natural logarithm; -inf at zero and NaN below."""
    biased, m = _split(x)
    value = jnp.where(x < jnp.inf, _log_sum(biased, m - 1.0), x)
    return jnp.where(x > 0, value, jnp.where(x == 0, -jnp.inf, jnp.nan))


@_primitive(jnp.log1p, _slope(lambda x, _: 1 / (1 + x)))
def log1p(x: ArrayLike) -> jax.Array:
    """``log(1 + x)`` without loss at small ``x``."""
    u = 1.0 + x
    biased, m = _split(u)
    # what rounding took from u, where it matters: relative to 2**k, and not at all for large u
    scale = _double((2046 - biased) << 52)
    lost = jnp.where(u < 2.0**53, x * scale - (m - scale), 0.0)
    value = jnp.where(u < jnp.inf, _log_sum(biased, (m - 1.0) + lost), u)
    return jnp.where(u > 0, value, jnp.where(u == 0, -jnp.inf, jnp.nan))


def _arctan_of_ratio(a, b):
    """Arctangent of ``a / b`` for non-negative ``a`` and ``b``, of which not both are zero or infinite."""
    middle = a > _TAN_PI_8 * b
    steep = b < _TAN_PI_8 * a
    # halves: the sum must not overflow
    numerator = jnp.where(steep, -b, jnp.where(middle, 0.5 * a - 0.5 * b, a))
    denominator = jnp.where(steep, a, jnp.where(middle, 0.5 * a + 0.5 * b, b))
    t = numerator / denominator
    z = t * t
    offset = jnp.where(steep, math.pi / 2, jnp.where(middle, math.pi / 4, 0.0))
    return offset + (t + (t * (z * polynomial(z, _ARCTAN)) + offset * (_PI_LO / math.pi)))


@_primitive(jnp.arctan, _slope(lambda x, _: 1 / (1 + x * x)))
def arctan(x: ArrayLike) -> jax.Array:
    """Inverse tangent, between -pi/2 and pi/2."""
    return jnp.copysign(_arctan_of_ratio(jnp.abs(x), jnp.ones_like(x)), x)


def _arctan2_jvp(primals, tangents, _):
    (y, x), (dy, dx) = primals, tangents
    square = x * x + y * y
    scale = jnp.where(square > 0, 1 / jnp.where(square > 0, square, 1.0), 0.0)
    return (x * scale) * dy - (y * scale) * dx


@_primitive(jnp.arctan2, _arctan2_jvp)
def arctan2(y: ArrayLike, x: ArrayLike) -> jax.Array:
    """Angle of the point ``(x, y)`` from the x-axis, with the signs of ``y``; zero slope at the origin."""
    a, b = jnp.abs(y), jnp.abs(x)
    equal = a == b
    angle = _arctan_of_ratio(a, jnp.where(equal, 1.0, b))
    angle = jnp.where(equal, jnp.where(a > 0, math.pi / 4, 0.0), angle)
    angle = jnp.where(jnp.signbit(x), math.pi - (angle - _PI_LO), angle)
    return jnp.copysign(angle, y)


@_primitive(jnp.arctan2, _arctan2_jvp)
def arctan2_right(y: ArrayLike, x: ArrayLike) -> jax.Array:
    """:func:`arctan2` of finite points with ``x >= 0``, at two thirds of its cost."""
    a = jnp.abs(y)
    return jnp.copysign(_arctan_of_ratio(a, jnp.where(x + a > 0, x, 1.0)), y)


def _arctanh_of_ratio(a, b):
    """Inverse hyperbolic tangent of ``a / b`` for ``0 <= a < b``; anything elsewhere."""
    u, v = b + a, b - a
    # u/v = 2**k (1 + s)/(1 - s), with k the rounded difference of the binary logarithms
    biased = lax.shift_right_logical(_bits(u) - _bits(v) + 0x3FF8000000000000, jnp.int64(52))
    unit, twice, scaled = biased == 1023, biased == 1024, v * _double(biased << 52)
    # u -+ 2**k v, from a and b themselves where rounding u and v would show
    numerator = jnp.where(unit, a, jnp.where(twice, 3.0 * a - b, u - scaled))
    s = numerator / jnp.where(unit, b, u + scaled)
    z = s * s
    k = _biased_to_double(biased) - 1023.0
    return (0.5 * _LN2_HI) * k + (s + (s * (0.5 * z * polynomial(z, _ARTANH)) + (0.5 * _LN2_LO) * k))


@_primitive(jnp.arctanh, _slope(lambda x, _: 1 / ((1 - x) * (1 + x))))
def arctanh(x: ArrayLike) -> jax.Array:
    """Inverse hyperbolic tangent; infinite at -1 and 1 and NaN beyond."""
    a = jnp.abs(x)
    value = _arctanh_of_ratio(a, jnp.ones_like(a))
    value = jnp.where(a < 1, value, jnp.where(a == 1, jnp.inf, jnp.nan))
    return jnp.copysign(value, x)


def _arctanh2_jvp(primals, tangents, _):
    (y, x), (dy, dx) = primals, tangents
    square = (x - y) * (x + y)
    return (x * dy - y * dx) / jnp.where(square > 0, square, 1.0)


@_primitive(lambda y, x: jnp.arctanh(y / jnp.where(x == 0, 1.0, x)), _arctanh2_jvp)
def arctanh2(y: ArrayLike, x: ArrayLike) -> jax.Array:
    """Inverse hyperbolic tangent of ``y / x`` for ``|y| < x``, without that division; 0 at the origin."""
    value = _arctanh_of_ratio(jnp.abs(y), jnp.where(x == 0, 1.0, x))
    return jnp.copysign(value, y)


@_primitive(jnp.arccosh, _slope(lambda x, _: 1 / (jnp.sqrt(x - 1) * jnp.sqrt(x + 1))))
def arccosh(x: ArrayLike) -> jax.Array:
    """Inverse hyperbolic cosine; NaN below 1."""
    t = x - 1.0
    large = x > 1e9
    return log1p(jnp.where(large, t, t + jnp.sqrt(t) * jnp.sqrt(x + 1.0))) + jnp.where(large, math.log(2.0), 0.0)


def _arcsin_parts(x):
    """``p`` and whether ``|x| < 1/2``: arcsin|x| is ``p`` there and ``pi/2 - 2 p`` elsewhere."""
    a = jnp.abs(x)
    inner = a < 0.5
    z = jnp.where(inner, a * a, 0.5 * (1.0 - a))
    t = jnp.where(inner, a, jnp.sqrt(z))
    return t + t * (z * polynomial(z, _ARCSIN)), inner


@_primitive(jnp.arcsin, _slope(lambda x, _: 1 / jnp.sqrt((1 - x) * (1 + x))))
def arcsin(x: ArrayLike) -> jax.Array:
    """Inverse sine, between -pi/2 and pi/2; NaN outside -1 to 1."""
    p, inner = _arcsin_parts(x)
    return jnp.copysign(jnp.where(inner, p, math.pi / 2 - (2.0 * p - 0.5 * _PI_LO)), x)


@_primitive(jnp.arccos, _slope(lambda x, _: -1 / jnp.sqrt((1 - x) * (1 + x))))
def arccos(x: ArrayLike) -> jax.Array:
    """Inverse cosine, between 0 and pi; NaN outside -1 to 1."""
    p, inner = _arcsin_parts(x)
    outer = jnp.where(x < 0, math.pi - (2.0 * p - _PI_LO), 2.0 * p)
    return jnp.where(inner, math.pi / 2 - (jnp.copysign(p, x) - 0.5 * _PI_LO), outer)


def _cbrt_slope(x, value):
    return jnp.where(x == 0, 0.0, value / jnp.where(x == 0, 1.0, 3.0 * x))


@_primitive(jnp.cbrt, _slope(_cbrt_slope), alone=False)
def cbrt(x: ArrayLike) -> jax.Array:
    """Real cube root, with the sign of ``x``; the infinite slope at zero is given as zero."""
    a = jnp.abs(x)
    regular = (a > 0) & (a < jnp.inf)
    a = jnp.where(regular, a, 1.0)
    guess = exp(log(a) * (1 / 3))
    root = guess - (guess - a / (guess * guess)) * (1 / 3)
    return jnp.where(regular, jnp.copysign(root, x), x)


@jax.custom_jvp
def _power_below(x, a, value):
    """``x**(a - 1)`` from ``value = x**a``, without a logarithm and an exponential of its own; 0 where it diverges."""
    zero = x == 0
    return jnp.where(zero, jnp.where(a == 1, 1.0, 0.0), value / jnp.where(zero, 1.0, x))


@_power_below.defjvp
def _power_below_jvp(primals, tangents):
    """That of the power itself: the quotient has none at zero."""
    (x, a, _), (dx, da, _) = primals, tangents
    return _power_below(*primals), jax.jvp(lambda x, a: power(x, a - 1), (x, a), (dx, da))[1]


@jax.custom_jvp
def _finite_log(x, value):
    """``log(x)`` from its value; 0, as its slope, where that is infinite."""
    return jnp.where(x == 0, 0.0, value)


@_finite_log.defjvp
def _finite_log_jvp(primals, tangents):
    (x, _), (dx, _) = primals, tangents
    zero = x == 0
    return _finite_log(*primals), jnp.where(zero, 0.0, dx / jnp.where(zero, 1.0, x))


@jax.custom_jvp
def _power_from_log(x, a, logarithm):
    """``x**a`` from ``log(x)``, which its derivatives use as well."""
    return jnp.where(a == 0, 1.0, exp(a * logarithm))


@_power_from_log.defjvp
def _power_from_log_jvp(primals, tangents):
    (x, a, logarithm), (dx, da, _) = primals, tangents
    value = _power_from_log(*primals)
    slope = a * _power_below(x, a, value)
    return value, slope * dx + jnp.where(x == 0, 0.0, value * _finite_log(x, logarithm)) * da


@_known_as("power")
def _power(x, a):
    return _power_from_log(x, a, log(x))


@_power.defjvp
def _power_jvp(primals, tangents):
    logarithm = log(primals[0])
    return jax.jvp(lambda x, a: _power_from_log(x, a, logarithm), primals, tangents)


def power(x: ArrayLike, a: ArrayLike) -> jax.Array:
    """``x**a = exp(a log x)`` for ``x >= 0``, to about ``|a log x|`` units in the last place.

    ``0**a`` is 0 for positive, 1 for zero and infinite for negative ``a``; a slope at ``x = 0`` that is
    infinite (``a < 1``) is given as zero.
    """
    return _power(*_floating(x, a))


def power_and_log(x: ArrayLike, a: ArrayLike) -> tuple[jax.Array, jax.Array]:
    """:func:`power`, and the logarithm of ``x``, 0 where that is infinite."""
    x, a = _floating(x, a)
    logarithm = log(x)
    return _power_from_log(x, a, logarithm), _finite_log(x, logarithm)


@_known_as("sincos")
def _sincos(x):
    if _use_builtin(x):
        return jnp.sin(x), jnp.cos(x)
    n, quadrant = _nearest(x * (2 / math.pi))
    r = x
    for piece in _HALF_PI:
        r = r - n * piece
    z = r * r
    sine = r + r * (z * polynomial(z, _SIN))
    cosine = (1.0 - 0.5 * z) + z * z * polynomial(z, _COS)
    odd = (quadrant & 1) == 1
    flip_sine = (quadrant & 2) << 62
    flip_cosine = ((quadrant + 1) & 2) << 62
    return (
        _double(_bits(jnp.where(odd, cosine, sine)) ^ flip_sine),
        _double(_bits(jnp.where(odd, sine, cosine)) ^ flip_cosine),
    )


@_sincos.defjvp
def _sincos_jvp(primals, tangents):
    sine, cosine = _sincos(*primals)
    return (sine, cosine), (cosine * tangents[0], -sine * tangents[0])


def sincos(x: ArrayLike) -> tuple[jax.Array, jax.Array]:
    """Sine and cosine, from one range reduction that is exact for ``|x|`` up to 1e8."""
    return _sincos(*_floating(x))
