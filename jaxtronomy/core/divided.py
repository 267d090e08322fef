"""Programs divided among the cores of a CPU.

XLA runs a program there by the thread that calls it. A :class:`Divided` one is cut around its long loops over blocks
of positions (:func:`~jaxtronomy.core.blocks.in_blocks`, and the loops of their derivatives), whose steps need nothing
of each other but a sum: what lies between the loops is a program each, and every thread runs a part of a loop, by one
program for all parts.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var, jaxpr_as_fun

from .compile import jit
from .threads import cores, in_threads
from .traces import function_of, traces_of

__all__ = ["Divided"]

LONG = 1 << 26  # elementary operations from which on a loop is divided: about a millisecond
CALLS = {"jit": "jaxpr", "pjit": "jaxpr", "custom_jvp_call": "call_jaxpr"}  # equations that hold a trace, and where


class Divided:
    """A compiled function of trees of arrays, of which all cores of a CPU share the long loops."""

    def __init__(self, function: Callable):
        """
        :param function: pure function
        """
        self._whole, self._divisions, self._short = jit(function), {}, None

    def __call__(self, first: Any, *args: Any) -> Any:
        """The function's value.

        :param first: the tree that is the same object in many calls
        """
        # known to have no long loop; with others of the further arguments it might have one, and would do without
        if first is self._short:
            return self._whole(first, *args)
        workers = cores()
        if workers == 1:
            return self._whole(first, *args)
        flat, tree = jax.tree.flatten((first, *args))
        if any(isinstance(v, jax.core.Tracer) for v in flat):
            return self._whole(first, *args)
        key = workers, tree, *((np.shape(v), getattr(v, "dtype", type(v))) for v in flat)
        if key not in self._divisions:
            traced = self._whole.trace(first, *args)
            out = jax.tree.structure(traced.out_info)
            self._divisions[key] = _has_long_loop(traced.jaxpr.jaxpr) and (_Division(traced.jaxpr, workers), out)
        if not self._divisions[key]:
            self._short = first
            return self._whole(first, *args)
        division, out = self._divisions[key]
        return jax.tree.unflatten(out, division(*flat))


class _Step(NamedTuple):
    """Equations of a trace, as a function of the values at some places with a list of values at others.

    Of a loop in parts, ``bounds`` are the first two arguments for each part, which has one of the outputs.
    """

    run: Callable
    inputs: Sequence[int]
    outputs: Sequence[int]
    bounds: Sequence[tuple[int, int]] = ()


class _Division:
    """A program in steps: what lies between its long loops, and these loops.

    :param closed: the trace of the program
    :param workers: threads that share a loop
    """

    def __init__(self, closed: ClosedJaxpr, workers: int):
        self._workers, self._known, self._places = workers, {}, count()
        self._inputs = [next(self._places) for _ in closed.jaxpr.invars]
        steps, self._outputs = self._steps_of(closed, self._inputs)
        self._steps, start = [], 0
        for n, step in enumerate(steps):
            if step.bounds:
                self._steps += [_joined(steps[start:n], self._needed(steps[n:])), step._replace(run=jit(step.run))]
                start = n + 1
        self._steps.append(_joined(steps[start:], self._needed([])))

    def _needed(self, later):
        """Places of the values that later steps take, or the caller."""
        return {i for step in later for i in step.inputs} | set(self._outputs)

    def _new(self, value):
        """A place for a constant."""
        place = next(self._places)
        self._known[place] = value
        return place

    def _steps_of(self, closed, inputs):
        """The equations in order, with those of the calls that have a long loop among them; places of the results."""
        trace = closed.jaxpr
        places = dict(zip(trace.invars, inputs)) | dict(zip(trace.constvars, map(self._new, closed.consts)))

        def at(atoms):
            return [self._new(a.val) if isinstance(a, Literal) else places[a] for a in atoms]

        steps = []
        for eqn in trace.eqns:
            called = _called(eqn)
            if called is not None and _has_long_loop(called.jaxpr):
                inner, outputs = self._steps_of(called, at(eqn.invars))
                steps += inner
                places.update(zip(eqn.outvars, outputs))
                continue
            places.update((v, next(self._places)) for v in eqn.outvars)
            if _is_long_loop(eqn):
                loop, given = _Loop(eqn, self._workers), at(eqn.invars)
                parts = [next(self._places) for _ in loop.bounds]
                steps.append(_Step(loop.part, given, parts, loop.bounds))
                steps.append(_Step(loop.whole, given + parts, at(eqn.outvars)))
            else:
                steps.append(_step(eqn, places, trace))
        return steps, at(trace.outvars)

    def __call__(self, *args: jax.Array) -> list:
        """The results of the program."""
        values = self._known | dict(zip(self._inputs, args))
        for step in self._steps:
            given = [values[i] for i in step.inputs]
            if step.bounds:
                out = in_threads(lambda b, s=step, g=given: s.run(*b, *g), step.bounds, self._workers, step.run)
            else:
                out = step.run(*given)
            values.update(zip(step.outputs, out))
        return [values[o] for o in self._outputs]


def _step(eqn: JaxprEqn, places: dict, trace: Jaxpr) -> _Step:
    """The step of one equation of a trace."""
    given = list(dict.fromkeys(v for v in eqn.invars if not isinstance(v, Literal)))
    made = [v for v in eqn.outvars if type(v) is Var]  # others are dropped
    return _Step(function_of([eqn], given, made, trace), [places[v] for v in given], [places[v] for v in made])


def _joined(steps: Sequence[_Step], needed: set) -> _Step:
    """Several steps as one program, with those results that are needed."""
    made = dict.fromkeys(o for step in steps for o in step.outputs)
    inputs = list(dict.fromkeys(i for step in steps for i in step.inputs if i not in made))
    outputs = [o for o in made if o in needed]

    def between_loops(*args):
        values = dict(zip(inputs, args))
        for step in steps:
            values.update(zip(step.outputs, step.run(*(values[i] for i in step.inputs))))
        return [values[o] for o in outputs]

    return _Step(jit(between_loops), inputs, outputs)


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


def _called(eqn):
    """The trace that an equation calls once, or None."""
    return eqn.params[CALLS[eqn.primitive.name]] if eqn.primitive.name in CALLS else None


def _has_long_loop(jaxpr):
    """Whether some loop of a trace is worth to be divided."""
    calls = ((eqn, _called(eqn)) for eqn in jaxpr.eqns)
    return any(_is_long_loop(eqn) if called is None else _has_long_loop(called.jaxpr) for eqn, called in calls)


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
