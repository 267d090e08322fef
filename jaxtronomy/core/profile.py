"""What lens and light profiles have in common: parameters, options, identity."""

from inspect import Parameter as Argument
from inspect import Signature

from .parameters import Parameter

__all__ = ["Profile"]


class Profile:
    """A profile is its class and its (hashable) constructor options; it holds no parameter values and no arrays.

    Two equal profiles compare equal, hash equal and share every compiled program. A subclass declares ``parameters``;
    one whose parameters depend on an option sets ``self.parameters`` before it calls ``super().__init__(**options)``.
    """

    parameters: tuple[Parameter, ...] = ()
    _evaluations: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (method, names of its coordinates)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "parameters" in vars(cls):
            _describe(cls, cls.parameters)
            for name, coordinates in cls._evaluations:
                if name not in vars(cls):
                    setattr(cls, name, _with_signature(getattr(cls, name), coordinates, cls.parameters))

    def __init__(self, **options):
        self._options = options
        self._identity = (type(self), tuple(sorted(options.items())))
        self._hash = hash(self._identity)
        if "parameters" in vars(self):
            _describe(self, self.parameters)

    def __eq__(self, other):
        return self is other or (isinstance(other, Profile) and self._identity == other._identity)

    def __hash__(self):
        return self._hash

    def __reduce__(self):
        return _rebuild, (type(self), self._options)

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self._options.items())})"

    def _kwargs(self, args: tuple, kwargs: dict) -> dict:
        """Positional and keyword parameters as one dictionary."""
        if not args:
            return kwargs
        names = [p.name for p in self.parameters]
        if len(args) > len(names):
            raise TypeError(f"{type(self).__name__}: {len(args)} parameters given, at most {len(names)} taken.")
        given = dict(zip(names, args))
        twice = given.keys() & kwargs.keys()
        if twice:
            raise TypeError(f"{type(self).__name__}: parameter {min(twice)!r} given twice.")
        return given | kwargs


def _rebuild(cls, options):
    return cls(**options)


def _describe(target, parameters):
    """The lists and dictionaries by which samplers know the parameters."""
    own = [p for p in parameters if not p.hidden]
    if "param_names" not in vars(target):  # some profiles are called in one order and sampled in another
        target.param_names = [p.name for p in own]
    target.lower_limit_default = {p.name: p.lower for p in own if p.lower is not None}
    target.upper_limit_default = {p.name: p.upper for p in own if p.upper is not None}


def _with_signature(function, coordinates, parameters):
    """A copy of a generic method that shows the profile's own parameters to ``inspect`` and editors."""

    def call(self, *args, **kwargs):
        return function(self, *args, **kwargs)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    place = Argument.POSITIONAL_OR_KEYWORD
    arguments, seen_default = [Argument("self", place)] + [Argument(c, place) for c in coordinates], False
    for p in parameters:
        seen_default = seen_default or not p.required
        arguments.append(Argument(p.name, place, default=p.default if seen_default else Argument.empty))
    call.__signature__ = Signature(arguments)
    return call
