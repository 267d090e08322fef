"""Traces of functions (jaxprs): some of their equations as functions of their own."""

from collections.abc import Callable, Iterable, Sequence
from itertools import count, groupby
from typing import Any, NamedTuple

import jax
import numpy as np
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var, jaxpr_as_fun

from .jit import as_call

__all__ = [
    "CALLS",
    "Flat",
    "Placed",
    "Step",
    "function_of",
    "is_traced",
    "merged",
    "run_all",
    "traces_of",
    "with_constants",
    "without_prelude",
]

# equations that call a trace once, and which of their parameters it is
CALLS = {"jit": "jaxpr", "pjit": "jaxpr", "custom_jvp_call": "call_jaxpr", "custom_vmap_call": "call"}


def is_traced(tree: Any) -> bool:
    """Whether anything in a tree of numbers is being traced, or transformed, by JAX."""
    return any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree.leaves(tree))


def traces_of(eqn: JaxprEqn) -> list[Jaxpr]:
    """The traces that an equation holds: of what it calls, of the steps of a loop, of branches."""
    inner = [getattr(j, "jaxpr", j) for p in eqn.params.values() for j in (p if isinstance(p, tuple | list) else [p])]
    return [j for j in inner if isinstance(j, Jaxpr)]


def function_of(equations: Sequence[JaxprEqn], inputs: Sequence[Var], outputs: Sequence, trace: Jaxpr) -> Callable:
    """Equations of a trace as a function of the values of some variables, with a list of the values of others."""
    return jaxpr_as_fun(_closed(equations, inputs, outputs, trace))


def _closed(equations, inputs, outputs, trace):
    """A trace of these equations."""
    effects = set().union(*(eqn.effects for eqn in equations))
    names = trace.debug_info._replace(arg_names=("",) * len(inputs), result_paths=("",) * len(outputs))
    return ClosedJaxpr(Jaxpr([], inputs, outputs, equations, effects, names), [])


def with_constants(closed: ClosedJaxpr) -> tuple[list, Callable]:
    """The constants of a trace, and the trace as a function of them and of its arguments."""
    trace = closed.jaxpr
    return closed.consts, function_of(trace.eqns, [*trace.constvars, *trace.invars], trace.outvars, trace)


def without_prelude(closed: ClosedJaxpr) -> tuple[list, Callable]:
    """The same, with what a trace computes from its constants alone and needs further on as constants."""
    trace = closed.jaxpr
    known, before, after = dict.fromkeys(trace.constvars), [], []
    for eqn in trace.eqns:
        alone = all(isinstance(v, Literal) or v in known for v in eqn.invars)
        (before if alone else after).append(eqn)
        if alone:
            known |= dict.fromkeys(eqn.outvars)
    read = {v for v in [*(v for eqn in after for v in eqn.invars), *trace.outvars] if not isinstance(v, Literal)}
    needed = [v for v in known if v in read]
    values = function_of(before, trace.constvars, needed, trace)(*closed.consts)
    return values, function_of(after, [*needed, *trace.invars], trace.outvars, trace)


class Step(NamedTuple):
    """A function of the values at some places, with a list of values at others."""

    run: Callable
    inputs: Sequence
    outputs: Sequence


class Placed(NamedTuple):
    """An equation, with the places of the values that it takes and makes."""

    equation: JaxprEqn
    trace: Jaxpr
    inputs: Sequence[int]
    outputs: Sequence[int]

    def run(self, *given: Any) -> list:
        """The values that the equation makes."""
        if not traces_of(self.equation):  # as what follows, in less time
            made = self.equation.primitive.bind(*given, **self.equation.params)
            return made if self.equation.primitive.multiple_results else [made]
        places = {v: i for i, v in enumerate(self.equation.invars) if not isinstance(v, Literal)}
        made = [v for v in self.equation.outvars if type(v) is Var]  # others are dropped
        values = function_of([self.equation], list(places), made, self.trace)(*(given[i] for i in places.values()))
        values = dict(zip(made, values))
        return [values.get(v) for v in self.equation.outvars]


class Flat:
    """The equations of a trace, those of its calls among them in their order.

    Each value has a place, a number: ``inputs`` are those of the arguments, ``outputs`` those of the results. ``known``
    are the constants at their places.
    """

    def __init__(self, closed: ClosedJaxpr, opened: Callable[[JaxprEqn], bool]):
        """
        :param closed: the trace
        :param opened: of an equation that calls a trace, whether the equations of that take its place
        """
        self.known: dict[int, Any] = {}
        self.equations: list[Placed] = []
        self._opened, self._places = opened, count()
        self.inputs = [next(self._places) for _ in closed.jaxpr.invars]
        self.outputs = self._add(closed, self.inputs)

    def _add(self, closed, inputs):
        """Append the equations of a trace; the places of its results."""
        trace = closed.jaxpr
        places = dict(zip(trace.invars, inputs)) | dict(zip(trace.constvars, map(self._new, closed.consts)))

        def at(atoms):
            return [self._new(a.val, a.aval) if isinstance(a, Literal) else places[a] for a in atoms]

        for eqn in trace.eqns:
            inputs = at(eqn.invars)
            if eqn.primitive.name in CALLS and self._opened(eqn):
                outputs = self._add(eqn.params[CALLS[eqn.primitive.name]], inputs)
            else:
                outputs = [next(self._places) for _ in eqn.outvars]
                self.equations.append(Placed(eqn, trace, inputs, outputs))
            places.update(zip(eqn.outvars, outputs))
        return at(trace.outvars)

    def _new(self, value, aval=None):
        """A place for a constant."""
        place = next(self._places)
        self.known[place] = value if aval is None else np.asarray(value, aval.dtype)
        return place


def run_all(steps: Iterable[Step | Placed], values: dict) -> None:
    """Add what steps make, one after the other, to the values at all places."""
    for step in steps:
        values.update(zip(step.outputs, step.run(*(values[i] for i in step.inputs))))


def merged(steps: Sequence[Step | Placed], constants: dict, needed: set, name: str) -> Step:
    """Several steps as one, with those values that are needed.

    :param constants: values at places that the step is not given
    :param needed: places of the values that others take
    :param name: of its function
    """
    made = dict.fromkeys(o for step in steps for o in step.outputs)
    taken = dict.fromkeys(i for step in steps for i in step.inputs)
    inputs = [i for i in taken if i not in made and i not in constants]
    outputs = [o for o in made if o in needed]
    steps = [*_in_calls(steps, needed)]

    def run(*given):
        values = constants | dict(zip(inputs, given))
        run_all(steps, values)
        return [values[o] for o in outputs]

    run.__name__ = run.__qualname__ = name
    return Step(run, inputs, outputs)


def _in_calls(steps, needed):
    """The steps, equations that follow each other as one: a call, of equations that are not traced again."""
    groups = [(kind, [*group]) for kind, group in groupby(steps, type)]
    for n, (kind, group) in enumerate(groups):
        if kind is Placed:
            later = {i for _, others in groups[n + 1 :] for step in others for i in step.inputs}
            yield _call_of(group, later.union(needed))
        else:
            yield from group


def _call_of(group, needed):
    """Equations as one step, a call, that makes what is needed."""
    variables: dict[int, Var] = {}

    def at(places, atoms):
        return [a if isinstance(a, Literal) else variables.setdefault(i, Var(a.aval)) for i, a in zip(places, atoms)]

    equations = [
        p.equation.replace(invars=at(p.inputs, p.equation.invars), outvars=at(p.outputs, p.equation.outvars))
        for p in group
    ]
    made = {o for p in group for o in p.outputs}
    inputs, outputs = [i for i in variables if i not in made], [o for o in variables if o in made and o in needed]
    closed = _closed(equations, [variables[i] for i in inputs], [variables[o] for o in outputs], group[0].trace)
    return Step(as_call(closed, "equations"), inputs, outputs)
