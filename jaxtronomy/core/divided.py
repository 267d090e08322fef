"""Programs divided among the cores of a CPU.

XLA runs a program there by the thread that calls it. A :class:`Divided` one is cut around its long loops over blocks
of positions (:func:`~jaxtronomy.core.blocks.in_blocks`, and the loops of their derivatives), whose steps need nothing
of each other but a sum: what lies between the loops is a program each, and every thread runs a part of a loop, by one
program for all parts. Programs with large Fourier transforms have these divided by XLA.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend.core import ClosedJaxpr, JaxprEqn, Literal, jaxpr_as_fun

from .jit import jit
from .regions import in_regions
from .settings import with_threads
from .threads import cores, in_threads
from .traces import CALLS, Flat, Placed, Step, is_traced, merged, traces_of

__all__ = ["Divided"]

LONG = 1 << 26  # elementary operations from which on a loop is divided: about a millisecond
WIDE = 1 << 17  # numbers from which on a Fourier transform takes less time by several threads


class Divided:
    """A compiled function of trees of arrays, of which all cores of a CPU share the long loops."""

    def __init__(self, function: Callable):
        """
        :param function: pure function
        """
        self._whole = jit(function)  # for what is traced, and may be differentiated
        self._undivided = jit(in_regions(self._whole))
        self._divisions, self._short = {}, None

    def __call__(self, first: Any, *args: Any) -> Any:
        """The function's value.

        :param first: the tree that is the same object in many calls
        """
        # known to gain nothing from threads; with others of the further arguments it might, and would do without
        short = first is self._short
        flat, tree = jax.tree.flatten(args if short else (first, *args))
        if is_traced(flat):
            return self._whole(first, *args)
        if short or (workers := cores()) == 1:
            return self._undivided(first, *args)
        key = workers, tree, *((np.shape(v), getattr(v, "dtype", type(v))) for v in flat)
        if key not in self._divisions:
            traced = self._whole.trace(first, *args)
            out = jax.tree.structure(traced.out_info)
            gains = _has_long_loop(traced.jaxpr.jaxpr) or _has_wide_transform(traced.jaxpr.eqns)
            self._divisions[key] = gains and (_Division(traced.jaxpr, workers), out)
        if not self._divisions[key]:
            self._short = first
            return self._undivided(first, *args)
        division, out = self._divisions[key]
        return jax.tree.unflatten(out, division(*flat))


class _LongLoop(NamedTuple):
    """A loop in parts: a :class:`~jaxtronomy.core.traces.Step` each, of the same inputs with one of the outputs.

    ``bounds`` are the first two arguments for each part.
    """

    run: Callable
    inputs: Sequence
    outputs: Sequence
    bounds: Sequence[tuple[int, int]]


class _Division:
    """A program in steps: what lies between its long loops, and these loops.

    :param closed: the trace of the program
    :param workers: threads that share a loop
    """

    def __init__(self, closed: ClosedJaxpr, workers: int):
        self._workers = workers
        flat = Flat(closed, lambda eqn: any(map(_has_long_loop, traces_of(eqn))))
        self._known, self._inputs, self._outputs = flat.known, flat.inputs, flat.outputs
        steps = [step for placed in flat.equations for step in self._steps_of(placed)]
        self._steps, start = [], 0
        for n, step in enumerate(steps):
            if isinstance(step, _LongLoop):
                self._steps += [self._between(steps[start:n], steps[n:]), step._replace(run=jit(step.run))]
                start = n + 1
        self._steps.append(self._between(steps[start:], []))

    def _steps_of(self, placed):
        """The steps of an equation."""
        if not _is_long_loop(placed.equation):
            return [placed]
        loop = _Loop(placed.equation, self._workers)
        parts = [(n, *placed.outputs) for n in range(len(loop.bounds))]
        return [
            _LongLoop(loop.part, placed.inputs, parts, loop.bounds),
            Step(loop.whole, [*placed.inputs, *parts], placed.outputs),
        ]

    def _between(self, steps, later):
        """The steps between long loops as one program, with what later ones take, or the caller."""
        needed = {i for step in later for i in step.inputs}.union(self._outputs)
        wide = _has_wide_transform([step.equation for step in steps if isinstance(step, Placed)])
        step = merged(steps, self._known, needed, "between_loops")
        return step._replace(run=jit(in_regions(step.run), compiler_options=with_threads() if wide else None))

    def __call__(self, *args: jax.Array) -> list:
        """The results of the program."""
        values = self._known | dict(zip(self._inputs, args))
        for step in self._steps:
            given = [values[i] for i in step.inputs]
            if isinstance(step, _LongLoop):
                out = in_threads(lambda b, s=step, g=given: s.run(*b, *g), step.bounds, self._workers, step.run)
            else:
                out = step.run(*given)
            values.update(zip(step.outputs, out))
        return [values[o] for o in self._outputs]


class _Loop:
    """A loop (``lax.scan``) in parts of equal length; where they overlap, a part begins later.

    ``bounds`` are, for each part, its first step and how many of its steps the part before makes.
    """

    def __init__(self, eqn: JaxprEqn, workers: int):
        self.body, length = eqn.params["jaxpr"], eqn.params["length"]
        self.constants, self.sums = _kinds(eqn)
        self.size = -(-length // workers)
        firsts = range(0, length, self.size)
        self.bounds = [(min(f, length - self.size), max(0, f + self.size - length)) for f in firsts]

    def part(self, start, skip, *given):
        """Sums and results of the steps from ``start + skip`` to ``start + size``."""
        constants, arrays = given[: self.constants], given[self.constants + self.sums :]
        results = self.body.out_avals
        run = jaxpr_as_fun(self.body)

        def step(i, state):
            sums, kept = state
            out = run(*constants, *sums, *(lax.dynamic_index_in_dim(a, start + i, keepdims=False) for a in arrays))
            kept = [lax.dynamic_update_index_in_dim(k, v, i, 0) for k, v in zip(kept, out[self.sums :])]
            return out[: self.sums], kept

        sums = [jnp.zeros(r.shape, r.dtype) for r in results[: self.sums]]
        kept = [jnp.zeros((self.size, *r.shape), r.dtype) for r in results[self.sums :]]
        return lax.fori_loop(skip, self.size, step, (sums, kept))

    def whole(self, *given):
        """What the loop gives, from what it was given and its parts."""
        parts = given[-len(self.bounds) :]
        initial = given[self.constants : self.constants + self.sums]
        sums = [sum(s, start) for start, *s in zip(initial, *(p[0] for p in parts))]
        rows = [[k[skip:] for k in p[1]] for p, (_, skip) in zip(parts, self.bounds)]
        return sums + [jnp.concatenate(r) for r in zip(*rows)]


def _has_long_loop(jaxpr):
    """Whether some loop of a trace is worth to be divided."""
    return any(
        any(map(_has_long_loop, traces_of(eqn))) if eqn.primitive.name in CALLS else _is_long_loop(eqn)
        for eqn in jaxpr.eqns
    )


def _has_wide_transform(equations):
    """Whether there is a large Fourier transform in some equations, or in what they call or repeat."""
    return any(
        any(_has_wide_transform(trace.eqns) for trace in traces_of(eqn))
        or (eqn.primitive.name == "fft" and eqn.invars[0].aval.size >= WIDE)
        for eqn in equations
    )


def _is_long_loop(eqn):
    """Whether an equation is a long loop whose steps need nothing of each other but sums."""
    if eqn.primitive.name != "scan" or eqn.params["length"] < 2 or _operations(eqn) < LONG:
        return False
    body, (constants, number) = eqn.params["jaxpr"].jaxpr, _kinds(eqn)
    read = [*(v for e in body.eqns for v in e.invars), *body.outvars]
    used = Counter(v for v in read if not isinstance(v, Literal))
    added = {e.outvars[0]: e.invars for e in body.eqns if e.primitive.name in ("add", "add_any")}

    def is_sum(before, after):
        terms = () if isinstance(after, Literal) else added.get(after, ())
        return any(t is before for t in terms) and used[before] == used[after] == 1

    return all(map(is_sum, body.invars[constants : constants + number], body.outvars))


def _kinds(eqn):
    """Of the operands of a loop, how many are the same for all steps, and how many go from step to step.

    The others have one axis more than in the body of the loop, as the results that do not go from step to step.
    """
    body = eqn.params["jaxpr"].jaxpr
    constant_or_carried = sum(v.aval.shape == w.aval.shape for v, w in zip(eqn.invars, body.invars))
    carried = sum(v.aval.shape == w.aval.shape for v, w in zip(eqn.outvars, body.outvars))
    return constant_or_carried - carried, carried


def _operations(eqn):
    """Numbers that an equation computes, roughly."""
    inner = traces_of(eqn)
    if inner:
        return eqn.params.get("length", 1) * sum(_operations(e) for j in inner for e in j.eqns)
    return sum(v.aval.size for v in eqn.outvars if hasattr(v.aval, "size"))
