"""Model names: each a class, imported on first use."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module

__all__ = ["Registry"]


class Registry:
    """A table of model names.

    :param package: where the modules are
    :param entries: model name -> ``"module:Class"``, or that with a dictionary of constructor options
    :param kind: what errors call a model
    """

    def __init__(self, package: str, entries: Mapping, kind: str):
        self._package, self._entries, self._kind = package, dict(entries), kind
        self._cached = lru_cache(maxsize=None)(self._build)

    @property
    def names(self) -> list[str]:
        """The supported model names."""
        return list(self._entries)

    def __call__(self, name: str, options: Mapping | None = None):
        """The profile called ``name``; equal names and options give the same object.

        :raises ValueError: unknown name
        """
        try:
            return self._cached(name, tuple(sorted((options or {}).items())))
        except TypeError:  # an option that cannot be hashed: the profile deals with it
            return self._build(name, tuple((options or {}).items()))

    def _build(self, name, options):
        if name not in self._entries:
            close = get_close_matches(str(name), self._entries, 1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise ValueError(
                f"{name!r} is not a supported {self._kind}.{hint} Supported are: {', '.join(sorted(self._entries))}."
            )
        entry = self._entries[name]
        path, fixed = entry if isinstance(entry, tuple) else (entry, {})
        module, cls = path.split(":")
        return getattr(import_module(f"{self._package}.{module}"), cls)(**fixed, **dict(options))
