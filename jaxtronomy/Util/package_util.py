"""Shortcuts to the names of the package, and the ``export`` decorator that fills ``__all__``."""

import importlib
import pkgutil
from collections import Counter

__all__ = ["exporter", "laconic", "short"]


def exporter(export_self=False):
    """A decorator that adds the name of a function or class to a list, and that list.

    :param export_self: whether the list starts with the name of this function
    :return: decorator, list
    """
    names = ["exporter"] if export_self else []

    def export(obj):
        names.append(obj.__name__)
        return obj

    return export, names


export = exporter()[0]


def short(_laconic=False):
    """Import every module, so that ``import jaxtronomy as jt`` is enough for ``jt.LensModel.lens_model.LensModel``.

    Modules whose optional dependency is not installed are left out.

    :param _laconic: bool, as :func:`laconic`
    """
    import jaxtronomy

    modules = _modules()
    if not _laconic:
        return
    offers = [(name, module) for module in modules for name in getattr(module, "__all__", ())]
    count = Counter(name for name, _ in offers)
    packages = {package.name for package in pkgutil.iter_modules(jaxtronomy.__path__)}
    for name, module in offers:
        if count[name] == 1:
            setattr(jaxtronomy, f"{name}_" if name in packages else name, getattr(module, name))


def laconic():
    """:func:`short`, and the names of all modules on the package itself: ``jt.ImageModel``.

    A name that is also that of a sub-package gets an underscore (``jt.LensModel_``); one that several modules have is
    left out.
    """
    short(_laconic=True)


def _modules():
    """All modules of lenstronomy's tree, imported."""
    import jaxtronomy

    modules = []
    for found in pkgutil.walk_packages(jaxtronomy.__path__, "jaxtronomy."):
        if found.name.startswith("jaxtronomy.core"):
            continue
        try:
            modules.append(importlib.import_module(found.name))
        except ImportError:
            continue
    return modules
