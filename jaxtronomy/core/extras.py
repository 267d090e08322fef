"""Optional packages: imported where they are used, and missed with an error that says how to get them."""

from importlib import import_module
from types import ModuleType

__all__ = ["require"]

SAMPLERS = 'pip install "jaxtronomy[samplers]"'
SOURCES = {
    "pymultinest": "it has to be compiled, see https://johannesbuchner.github.io/PyMultiNest",
    "starred": "pip install starred-astro",
    "dyPolyChord": "it has to be compiled, see https://dypolychord.readthedocs.io",
}


def require(module: str, what: str) -> ModuleType:
    """An optional package.

    :param module: name under which it is imported
    :param what: what needs it
    :return: the module
    :raises ImportError: when it is not installed; says how to get it
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.split(".")[0]
        if error.name is not None and error.name.split(".")[0] != package:
            raise  # it is installed, and misses something itself
        raise ImportError(f"{what} needs {package}: {SOURCES.get(package, SAMPLERS)}.", name=package) from error
