"""Settings that a user may change in a file.

``config.yaml`` in the folder ``jaxtronomy`` of the user's configuration folder (``$XDG_CONFIG_HOME``, or ``~/.config``)
overrides what it names of ``DEFAULTS``. Reading it takes PyYAML.
"""

import os
from pathlib import Path

__all__ = ["conventions_conf", "numba_conf"]

DEFAULTS = {
    # of the decorator Util.numba_util.jit
    "numba": {
        "enable": True,
        "nopython": True,
        "cache": True,
        "parallel": False,
        "error_model": "numpy",
        "fastmath": False,
    },
    # whether R_sersic is along the major axis; otherwise it is the geometric mean of the semi-axes
    "conventions": {"sersic_major_axis": False},
}

user_config_file = str(
    Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "jaxtronomy" / "config.yaml"
)


def _section(name):
    """The defaults of a section, with what the user's file has for it."""
    settings = dict(DEFAULTS[name])
    if os.path.exists(user_config_file):
        import yaml

        with open(user_config_file, encoding="utf-8") as file:
            settings.update((yaml.safe_load(file) or {}).get(name) or {})
    return settings


def numba_conf():
    """Keyword arguments of numba, and whether it is used, as a dictionary."""
    return _section("numba")


def conventions_conf():
    """Conventions, as a dictionary."""
    return _section("conventions")
