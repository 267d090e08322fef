"""Traces of functions (jaxprs): some of their equations as functions of their own."""

from collections.abc import Callable, Sequence

from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var, jaxpr_as_fun

__all__ = ["function_of", "traces_of", "with_constants", "without_prelude"]


def traces_of(eqn: JaxprEqn) -> list[Jaxpr]:
    """The traces that an equation holds: of what it calls, of the steps of a loop, of branches."""
    inner = [getattr(j, "jaxpr", j) for p in eqn.params.values() for j in (p if isinstance(p, tuple | list) else [p])]
    return [j for j in inner if isinstance(j, Jaxpr)]


def function_of(equations: Sequence[JaxprEqn], inputs: Sequence[Var], outputs: Sequence, trace: Jaxpr) -> Callable:
    """Equations of a trace as a function of the values of some variables, with a list of the values of others."""
    effects = set().union(*(eqn.effects for eqn in equations))
    names = trace.debug_info._replace(arg_names=("",) * len(inputs), result_paths=("",) * len(outputs))
    return jaxpr_as_fun(ClosedJaxpr(Jaxpr([], inputs, outputs, equations, effects, names), []))


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
