"""Short formulas without XLA: the trace of an op, written out as a few lines of Python.

To get into and out of a compiled program takes several microseconds, longer than a formula of some ten lines takes at
a few positions. The lines come from the same trace that XLA compiles, so there is one formula and two ways to run it:
numbers go through Python's floats, arrays through NumPy. What does not consist of elementwise steps (loops, tables,
sorting) is left to XLA, as is every call on which a line fails, say by a division by zero.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import numpy as np
from jax.extend.core import Literal

from .numerics import PREFIX
from .parameters import as_vector

__all__ = ["MOST", "PLAIN", "StraightLine", "straight_line"]

# microseconds, on a CPU of 2.6 GHz: only their ratios matter
LINE = 0.02  # a line on numbers; one that calls a function counts twice
ARRAY_LINE = 0.5  # a line on arrays,
ARITHMETIC, FUNCTION, ROTATION = 0.3e-3, 2e-3, 10e-3  # and each element: of a function, of a sine or cosine
COMPILED, COMPILED_ELEMENT = 16.0, 2.5e-3  # a compiled program
MOST = 4096  # positions: larger arrays leave the cache between two lines
MOST_PARAMETERS = 24  # formulas with more are not tried

# scalar and array form of each step
_OPERATORS = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "div": "{} / {}",
    "neg": "-{}",
    "abs": "abs({})",
    "square": "{0} * {0}",
    "lt": "{} < {}",
    "le": "{} <= {}",
    "gt": "{} > {}",
    "ge": "{} >= {}",
    "eq": "{} == {}",
    "ne": "{} != {}",
    "and": "{} & {}",
    "or": "{} | {}",
}
_FORMS = {name: (form, form) for name, form in _OPERATORS.items()} | {
    "not": ("not {}", "~{}"),
    "select_n": ("{2} if {0} else {1}", "np_where({0}, {2}, {1})"),
    "max": ("{0} if {0} >= {1} or {0} != {0} else {1}", "np_maximum({}, {})"),
    "min": ("{0} if {0} <= {1} or {0} != {0} else {1}", "np_minimum({}, {})"),
    "rsqrt": ("1.0 / sqrt({})", "1.0 / np_sqrt({})"),
    "arctan2_right": ("atan2({}, {})", "np_arctan2({}, {})"),
    "arctanh2": ("atanh({} / {})", "np_arctanh({0} / np_where({1} == 0, 1.0, {1}))"),
}
# names in JAX or in core.numerics, and in the modules math and numpy
_FUNCTIONS = {
    **{name: (name, name) for name in ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "cbrt")},
    **{name: (name, name) for name in ("sinh", "cosh", "tanh")},
    **{name: (name, f"arc{name[1:]}") for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh", "atan2")},
    **{f"arc{name}": (f"a{name}", f"arc{name}") for name in ("sin", "cos", "tan", "cosh", "tanh", "tan2")},
    "pow": ("pow", "power"),
    "power": ("pow", "power"),
}
for _name, (_scalar, _array) in _FUNCTIONS.items():
    _arguments = "({}, {})" if _scalar in ("atan2", "pow") else "({})"
    _FORMS[_name] = _scalar + _arguments, f"np_{_array}" + _arguments
_NAMES = {s: getattr(math, s) for s, _ in _FUNCTIONS.values()}
_NAMES |= {f"np_{a}": getattr(np, a) for _, a in _FUNCTIONS.values()}
_NAMES |= {f"np_{a}": getattr(np, a) for a in ("where", "maximum", "minimum", "full_like")}
_NAMES |= {"inf": math.inf, "nan": math.nan, "errstate": np.errstate}
PLAIN = {float, int, np.float64}  # types of numbers
_ALIASES = {"convert_element_type", "stop_gradient", "copy", "copy_p"}
_MAY_WARN = ("/", "np_log", "np_power", "np_arc", "np_sqrt", "np_exp", "np_cosh", "np_sinh")  # NumPy, not XLA


class _Value(NamedTuple):
    """A number or a variable in the lines."""

    text: str
    varies: bool  # with the position


class _Line(NamedTuple):
    """One step: ``target = step(inputs)``."""

    target: str
    step: str
    inputs: tuple[str, ...]
    varies: bool

    @property
    def scalar(self) -> str:
        """The line for numbers."""
        return f"{self.target} = {_FORMS[self.step][0].format(*self.inputs)}"

    @property
    def array(self) -> str:
        """The line for arrays."""
        return f"{self.target} = {_FORMS[self.step][1].format(*self.inputs)}"


class _NotStraight(Exception):
    """The trace has a step that is not elementwise."""


class _Writer:
    """The lines of a trace, equal ones written once."""

    def __init__(self):
        self.lines: list[_Line] = []
        self._known: dict[tuple, _Value] = {}

    def write(self, jaxpr, consts: Sequence, inputs: Sequence[_Value]) -> list[_Value]:
        """Add the lines of a jaxpr; its results."""
        values = dict(zip(jaxpr.invars, inputs))
        values |= {var: _constant(const) for var, const in zip(jaxpr.constvars, consts)}

        def read(atom):
            return _constant(atom.val) if isinstance(atom, Literal) else values[atom]

        for equation in jaxpr.eqns:
            results = self._equation(equation, [read(atom) for atom in equation.invars])
            values.update(zip(equation.outvars, results))
        return [read(atom) for atom in jaxpr.outvars]

    def _equation(self, equation, inputs):
        """The lines of one equation; its results."""
        name, parameters = equation.primitive.name, equation.params
        for out in equation.outvars:
            if out.aval.shape != () or out.aval.dtype not in (np.float64, np.bool_):
                raise _NotStraight
        inner = parameters.get("call_jaxpr") or parameters.get("jaxpr")
        if inner is not None and name in ("jit", "pjit", "custom_jvp_call"):
            function = inner.jaxpr.debug_info.func_name
            if function == PREFIX + "sincos":
                return [self._add(form, inputs) for form in ("sin", "cos")]
            if function.startswith(PREFIX):
                return [self._add(function.removeprefix(PREFIX), inputs)]
            return self.write(inner.jaxpr, inner.consts, inputs)
        if name in _ALIASES:
            if equation.invars[0].aval.dtype != equation.outvars[0].aval.dtype:
                raise _NotStraight
            return inputs
        if name == "integer_pow":
            return [self._power(inputs[0], parameters["y"])]
        if name == "mul" and "1.0" in (inputs[0].text, inputs[1].text):
            return [inputs[0] if inputs[1].text == "1.0" else inputs[1]]
        if name == "select_n" and len(inputs) != 3:
            raise _NotStraight
        return [self._add(name, inputs)]

    def _power(self, base, exponent):
        """An integer power, by products."""
        if not 0 < abs(exponent) <= 4:
            return self._add("pow", [base, _constant(float(exponent))])
        result = base
        for _ in range(abs(exponent) - 1):
            result = self._add("mul", [result, base])
        return result if exponent > 0 else self._add("div", [_constant(1.0), result])

    def _add(self, name, inputs):
        """A line, or the variable that has its value already."""
        if name not in _FORMS:
            raise _NotStraight
        key = name, *(v.text for v in inputs)
        if key not in self._known:
            varies = any(v.varies for v in inputs)
            self._known[key] = _Value(f"v{len(self.lines)}", varies)
            self.lines.append(_Line(self._known[key].text, name, key[1:], varies))
        return self._known[key]


def _constant(value):
    """A number in the lines."""
    if np.shape(value) != ():
        raise _NotStraight
    value = np.asarray(value).item()
    text = repr(value if isinstance(value, bool) else float(value))
    return _Value(f"({text})" if text.startswith("-") else text, False)


def _needed(lines, results):
    """The lines that the results depend on, in order."""
    wanted, kept = {v.text for v in results}, []
    for line in reversed(lines):
        if line.target in wanted:
            kept.append(line)
            wanted.update(line.inputs)
    return kept[::-1]


def _unguarded(lines, results):
    """The lines without guards: in ``where(p, f(where(p, x, 1)), 0)`` the inner one protects derivatives only."""
    lines = {line.target: line for line in lines}
    used = Counter([text for line in lines.values() for text in line.inputs] + [v.text for v in results])
    for outer in [line for line in lines.values() if line.step == "select_n" and line.varies]:
        condition, _, chosen = outer.inputs
        guarded = lines.get(chosen)
        if guarded is None or used[chosen] > 1:
            continue
        inputs = []
        for text in guarded.inputs:
            guard = lines.get(text)
            inner = guard is not None and guard.step == "select_n" and guard.inputs[0] == condition
            inputs.append(guard.inputs[2] if inner else text)
        lines[chosen] = guarded._replace(inputs=tuple(inputs))
    return _needed(list(lines.values()), results)


def _array_results(results, coordinates):
    """The results on arrays, each an array of its own."""
    texts, seen = [], set(coordinates)
    for value in results:
        if not value.varies:
            texts.append(f"np_full_like({coordinates[0]}, {value.text})")
        else:
            texts.append(f"{value.text}.copy()" if value.text in seen else value.text)
        seen.add(value.text)
    return texts


class StraightLine:
    """A formula as lines of Python, of coordinates and parameters that are numbers or float64 arrays of one shape."""

    def __init__(
        self, lines: Sequence[_Line], results: Sequence[_Value], tree: Any, coordinates: list, parameters: list
    ):
        """
        :param lines: the steps
        :param results: what is returned
        :param tree: the form in which it is returned
        :param coordinates: names of the coordinates
        :param parameters: names of the parameters
        """
        self._unflatten = tuple if tree == jax.tree.structure((0,) * len(results)) else tree.unflatten
        lines = _needed(lines, results)
        fixed = [line for line in lines if not line.varies]
        varying = [line for line in lines if line.varies]
        on_arrays = [line for line in _unguarded(lines, results) if line.varies]
        self._until = self._sizes(fixed, varying, on_arrays)
        self.longest = max(self._until)  # for more positions a compiled program is faster
        names, columns = ", ".join([*coordinates, *parameters]), [f"{c}s" for c in coordinates]
        texts, lists = [v.text for v in results], [f"r{i}" for i in range(len(results))]
        before, scalar, array = [v.scalar for v in fixed], [v.scalar for v in varying], [v.array for v in on_arrays]
        quiet = any(word in line for line in array for word in _MAY_WARN)
        self._at = _function(names, [*before, *scalar, f"return ({', '.join(texts)},)"])
        self._along = _function(
            ", ".join([*columns, *parameters]),
            [
                *(f"{r} = []" for r in lists),
                *before,
                f"for {', '.join(coordinates)}, in zip({', '.join(columns)}):",
                *(f"    {line}" for line in scalar),
                *(f"    {r}.append({text})" for r, text in zip(lists, texts)),
                f"return ({', '.join(lists)},)",
            ],
        )
        self._on = _function(
            names,
            [
                *before,
                *(["with errstate(all='ignore'):"] if quiet else []),
                *(f"    {line}" if quiet else line for line in array),
                f"return ({', '.join(_array_results(results, coordinates))},)",
            ],
        )

    @staticmethod
    def _sizes(fixed, varying, on_arrays):
        """Up to how many positions one by one, and up to how many as arrays, is the fastest way."""
        start = LINE * sum(map(_weight, fixed))
        each = LINE * (3 + sum(map(_weight, varying)))
        arrays = ARRAY_LINE * (2 + len(on_arrays))
        element = sum(map(_element, on_arrays))
        one_by_one = min(arrays / max(each - element, LINE), (COMPILED - start) / (each - COMPILED_ELEMENT))
        room = COMPILED - start - arrays
        if room < 0:
            return int(one_by_one), 0
        return int(one_by_one), MOST if element <= COMPILED_ELEMENT else int(room / (element - COMPILED_ELEMENT))

    def at(self, position: Sequence[float], values: Sequence) -> Any:
        """The results at one position, NumPy scalars; None if the values are no numbers, or a step has no value."""
        try:
            return self._unflatten(map(np.float64, self._at(*map(float, position), *_numbers(values))))
        except (ArithmeticError, ValueError, TypeError):
            return None

    def on(self, coordinates: Sequence[np.ndarray], values: Sequence) -> Any:
        """The results on float64 arrays of one shape, at most ``longest`` positions; None as for one position."""
        first, one_by_one = coordinates[0], self._until[0]
        try:
            if first.size <= one_by_one:
                flat = coordinates if first.ndim == 1 else map(np.ravel, coordinates)
                columns = self._along(*[c.tolist() for c in flat], *_numbers(values))
                if first.ndim == 1:
                    return self._unflatten(map(np.array, columns))
                return self._unflatten([np.array(c).reshape(first.shape) for c in columns])
            return self._unflatten(self._on(*coordinates, *_numbers(values)))
        except (ArithmeticError, ValueError, TypeError):
            return None


def _numbers(values):
    """Python's floats; a TypeError if something is not one number."""
    if PLAIN.issuperset(map(type, values)):
        return map(float, values)
    vector = as_vector(values)
    if vector is None:
        raise TypeError
    return vector.tolist()


def _weight(line):
    """What a line costs on numbers, in lines."""
    return 2 if line.step in _FUNCTIONS and line.step != "sqrt" else 1


def _element(line):
    """What each element of an array costs."""
    if line.step in ("sin", "cos"):
        return ROTATION
    return FUNCTION if _weight(line) > 1 else ARITHMETIC


def _function(arguments, body):
    """A Python function from its text."""
    scope = dict(_NAMES)
    exec("\n    ".join([f"def formula({arguments}):", *body]), scope)
    return scope["formula"]


def straight_line(op: Callable, coordinates: int, parameters: int) -> StraightLine | None:
    """The op as lines of Python; None if it is not straight.

    :param op: pure function of so many coordinates and parameters, all of them numbers
    """
    if parameters > MOST_PARAMETERS:
        return None
    number = np.zeros(())
    try:
        closed, shapes = jax.make_jaxpr(op, return_shape=True)(*[number] * (coordinates + parameters))
        names = [f"x{i}" for i in range(coordinates)], [f"p{i}" for i in range(parameters)]
        inputs = [_Value(n, True) for n in names[0]] + [_Value(n, False) for n in names[1]]
        writer = _Writer()
        results = writer.write(closed.jaxpr, closed.consts, inputs)
    except (_NotStraight, TypeError, ValueError, IndexError):  # a true error comes again from XLA's trace
        return None
    if any(v.aval.dtype != np.float64 for v in closed.jaxpr.outvars):
        return None
    return StraightLine(writer.lines, results, jax.tree.structure(shapes), *names)
