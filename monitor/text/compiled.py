"""Use the compiled build of the functions that take most time, where it is installed and fits this program.

The build is a distribution of its own (``compiled/``, `make compiled`). Its functions return what the pure
ones return; nothing but time depends on it.
"""

import os
from importlib import import_module
from typing import Any

PACKAGE = "sanctions_monitor_compiled"

#: Raise it, here and in the package, with every change of what compiled functions take or return.
INTERFACE = 3

#: The environment variable that says ``pure`` or ``compiled``; otherwise a build is used if there is one.
VARIABLE = "SANCTIONS_MONITOR_BUILD"

#: How to get the build.
REMEDY = "run `make compiled` in a checkout; it needs a C compiler"


def module(name: str) -> Any:
    """Return a module of the compiled build; None where the pure functions are to be used.

    Raises:
        ImportError: the environment asks for a build that is missing or does not fit.
    """
    wanted = os.environ.get(VARIABLE, "")
    if wanted == "pure":
        return None
    try:
        return _fitting(name)
    except ImportError:
        if wanted == "compiled":
            raise
        return None


def misfit() -> str:
    """Return why no compiled build can be used; "" if one can."""
    try:
        _fitting("text")
    except ImportError as error:
        return str(error)
    return ""


def _fitting(name: str) -> Any:
    try:
        interface = import_module(PACKAGE).INTERFACE
    except ModuleNotFoundError as error:
        raise ImportError(f"no {PACKAGE} is installed: {REMEDY}") from error
    if interface != INTERFACE:
        raise ImportError(
            f"{PACKAGE} has interface {interface}, and this program needs {INTERFACE}: {REMEDY}"
        )
    return import_module(f"{PACKAGE}.{name}")
