"""The small parts of a program in few steps.

XLA runs a program on a CPU step by step, each a kernel of its own. What is computed from a few numbers, as the
parameters of profiles, the check of the positions of images, or the equations of the amplitudes, is a hundred of them,
and each takes longer to get its code into the cache than to run. Here the equations of a trace, derivatives and all,
are sorted into levels: those small ones that need nothing of a large one, then the large ones that need no more than
these, then the small ones that need those, and so on. The small ones of a level are a region: a call that XLA compiles
as one kernel.
"""

import math
from collections import defaultdict
from collections.abc import Callable
from functools import partial, wraps

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend.core import ClosedJaxpr, JaxprEqn

from .jit import as_one_step
from .numerics import LOOP
from .settings import ONE_STEP
from .threads import on_cpu
from .traces import CALLS, Flat, Step, merged, run_all, traces_of

__all__ = ["in_regions"]

FEWEST = 48  # equations of a region where there are large ones, with which XLA joins the few that they need
MOST = 2000  # of a region at most: the time to compile one grows faster than they do
# equations that have regions inside, and the traces they hold; not those of blocks of an array, step by step
HOLDERS = {"while": ["cond_jaxpr", "body_jaxpr"], "cond": ["branches"]}
ROWS = 12  # of a matrix whose factors a region computes, at most
# what XLA can do within a kernel; not so gather, scatter, sorting, products of matrices, and all that calls a library
NATIVE = frozenset(
    """
    abs add add_any and atan2 bitcast_convert_type broadcast_in_dim cbrt ceil clamp complex concatenate cond
    convert_element_type copy copy_p cos cosh cumsum div dynamic_slice dynamic_update_slice eq exp exp2 expand_dims
    expm1 floor ge gt imag integer_pow iota is_finite le log log1p logistic lt max min mul ne neg not or pad pow real
    reduce_and reduce_max reduce_min reduce_or reduce_prod reduce_sum rem reshape rev round rsqrt scan select_n
    shift_left shift_right_arithmetic shift_right_logical sign sin sinh slice split sqrt square squeeze stack
    stop_gradient sub tan tanh transpose unstack while xor
    """.split()
)


def in_regions(function: Callable) -> Callable:
    """A pure function of trees of arrays with the small parts of its trace as regions, on a CPU.

    What is in a region cannot be differentiated, or batched: this comes last, after all transformations.
    """

    @wraps(function)
    def run(*args):
        if not (ONE_STEP and on_cpu()):
            return function(*args)
        closed, shapes = jax.make_jaxpr(function, return_shape=True)(*args)
        return jax.tree.unflatten(jax.tree.structure(shapes), _results(closed, jax.tree.leaves(args)))

    return run


def _results(closed, args, inside=False):
    """What a trace gives, of a whole program or of what is inside one."""
    flat = Flat(closed, lambda eqn: True)
    values, parts = flat.known | dict(zip(flat.inputs, args)), _parts(flat)
    large = any(placed.inputs for small, equations in parts if not small for placed in equations)
    fewest = FEWEST if large or inside else 2
    for n, (small, equations) in enumerate(parts):
        if small and len(equations) >= fewest:
            later = {i for _, others in parts[n + 1 :] for placed in others for i in placed.inputs}
            run_all(_region(equations, flat.known, later.union(flat.outputs)), values)
        else:
            run_all(map(_inside, equations), values)
    return [values[o] for o in flat.outputs]


def _parts(flat):
    """The equations in an order in which the small ones of a level are together; of each part, whether they are."""
    level = dict.fromkeys([*flat.inputs, *flat.known], 0)
    near, parts = set(level), defaultdict(list)  # what small equations of the same level may take
    for placed in flat.equations:
        small = _is_small(placed.equation)
        first = 0 if small or placed.inputs else -1  # a large one that needs nothing comes before all others
        number = max([first, *(level[i] + (small and i not in near) for i in placed.inputs)])
        level.update(dict.fromkeys(placed.outputs, number))
        if small or number < 0:
            near.update(placed.outputs)
        parts[number, not small].append(placed)
    return [(not large, some) for number, large in sorted(parts) for some in _runs(parts[number, large], large)]


def _runs(equations, large):
    """The equations in equal parts of not too many, where these are small."""
    size = len(equations) if large else -(-len(equations) // -(-len(equations) // MOST))
    return [equations[n : n + size] for n in range(0, len(equations), size)]


def _inside(placed):
    """The equation, with regions in the passes of a loop, or in branches."""
    if placed.equation.primitive.name not in HOLDERS:
        return placed
    params = placed.equation.params
    traces = {name: params[name] for name in HOLDERS[placed.equation.primitive.name]}

    def divided(closed):
        return jax.make_jaxpr(lambda *args: _results(closed, args, inside=True))(*closed.in_avals)

    traces = jax.tree.map(divided, traces, is_leaf=lambda t: isinstance(t, ClosedJaxpr))
    return placed._replace(equation=placed.equation.replace(params=params | traces))


def _region(equations, known, needed):
    """Equations as one step, as far as it is needed; none, if nothing of it is."""
    numbers = {i: v for i, v in known.items() if type(v) is np.ndarray and v.shape == ()}
    step = merged([*map(_within, equations)], numbers, needed, "region")
    return [step._replace(run=as_one_step(step.run))] if step.outputs else []


def _within(placed):
    """The equation, by what XLA can do within a kernel."""
    substitute = _SUBSTITUTES.get(placed.equation.primitive.name)
    if substitute is None:
        return placed
    return Step(partial(substitute, eqn=placed.equation), placed.inputs, placed.outputs)


def _is_small(eqn: JaxprEqn) -> bool:
    """Whether an equation may be part of a region."""
    if eqn.primitive.name not in _SUBSTITUTES:
        return _is_native(eqn)
    first, result = eqn.invars[0].aval, eqn.outvars[0].aval
    if not jnp.issubdtype(first.dtype, jnp.floating) or result.dtype != first.dtype:
        return False
    if eqn.primitive.name == "dot_general":
        return result.size * math.prod(first.shape[axis] for axis in eqn.params["dimension_numbers"][0][0]) < LOOP
    return _has_few(eqn.invars) and first.shape[-1] <= ROWS


def _is_native(eqn):
    """Whether an equation takes and makes few numbers, by what XLA can do within a kernel."""
    name = eqn.primitive.name
    arrays = eqn.invars[1:] if name in ("slice", "dynamic_slice") else eqn.invars
    if eqn.effects or not (name in NATIVE or name in CALLS) or not _has_few((*arrays, *eqn.outvars)):
        return False
    return all(_is_native(e) for trace in traces_of(eqn) for e in trace.eqns)


def _has_few(arrays):
    """Whether all of the arrays have numbers, but none so many that it has a loop of its own."""
    return all(0 < v.aval.size < LOOP for v in arrays)


def _cholesky(matrix, eqn):
    """Factor of a lower triangle, column by column; NaN if there is none."""
    number = matrix.shape[-1]
    place = lax.broadcasted_iota(int, matrix.shape[:-1], matrix.ndim - 2)

    def step(j, state):
        matrix, factor, positive = state
        column = lax.dynamic_index_in_dim(matrix, j, -1, keepdims=False)
        pivot = lax.dynamic_slice_in_dim(column, j, 1, -1)
        column = jnp.where(place >= j, column / jnp.sqrt(pivot), 0.0)
        factor = lax.dynamic_update_index_in_dim(factor, column, j, -1)
        return matrix - column[..., :, None] * column[..., None, :], factor, positive & (pivot > 0)

    start = matrix, jnp.zeros_like(matrix), jnp.ones((*matrix.shape[:-2], 1), bool)
    _, factor, positive = lax.fori_loop(0, number, step, start)
    return [jnp.where(positive[..., None], factor, jnp.nan)]


def _triangular_solve(matrix, sides, eqn):
    """Solutions of triangular equations, row by row."""
    lower, across = eqn.params["lower"], not eqn.params["left_side"]
    if eqn.params["transpose_a"]:
        matrix, lower = matrix.mT, not lower
    if across:  # x A = b as A^T x^T = b^T
        matrix, sides, lower = matrix.mT, sides.mT, not lower
    number = matrix.shape[-1]
    place = lax.broadcasted_iota(int, sides.shape, sides.ndim - 2)

    def step(n, sides):
        j = n if lower else number - 1 - n
        column = lax.dynamic_slice_in_dim(matrix, j, 1, -1)
        row = lax.dynamic_slice_in_dim(sides, j, 1, -2)
        if not eqn.params["unit_diagonal"]:
            row = row / lax.dynamic_slice_in_dim(column, j, 1, -2)
        later = place > j if lower else place < j
        return jnp.where(place == j, row, jnp.where(later, sides - column * row, sides))

    solution = lax.fori_loop(0, number, step, sides)
    return [solution.mT if across else solution]


def _dot_general(left, right, eqn):
    """Sums of products, each written out."""
    summed, together = eqn.params["dimension_numbers"]
    free = [[k for k in range(v.ndim) if k not in (*s, *t)] for v, s, t in zip((left, right), summed, together)]
    left = left.transpose(*together[0], *free[0], *summed[0])
    right = right.transpose(*together[1], *free[1], *summed[1])
    first = len(together[0])
    right = jnp.expand_dims(right, [*range(first, first + len(free[0]))])
    left = jnp.expand_dims(left, [*range(first + len(free[0]), first + len(free[0]) + len(free[1]))])
    return [jnp.sum(left * right, axis=tuple(range(left.ndim - len(summed[0]), left.ndim)))]


_SUBSTITUTES = {"cholesky": _cholesky, "dot_general": _dot_general, "triangular_solve": _triangular_solve}
