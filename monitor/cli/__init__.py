"""The command line: one file for each command or group of commands; they print results and decide nothing.

To add a command: a function in the file of its group, with a docstring that is its help, registered with the
group's `app`; a new group is registered in `root`. Expected errors are raised as `MonitorError` and printed
here, with exit code 1, or 2 for a `ConfigError`.
"""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from monitor.errors import ConfigError, MonitorError


def main() -> None:
    """Run one command; an expected error is one message on stderr and an exit code."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for some takes time
    if sys.argv[1:2] == ["run"]:
        signal.signal(signal.SIGTERM, _end_startup)  # until the service handles it itself
    from .root import app  # noqa: PLC0415  takes a second or two, in which SIGTERM must end with 0, too

    try:
        app()
    except MonitorError as error:
        _end(error)
    except ExceptionGroup as group:  # what went wrong in tasks side by side
        expected, others = group.split(MonitorError)
        if others or expected is None:
            raise
        _end(_first(expected))
    except KeyboardInterrupt:
        sys.exit(130)


def _first(group: BaseException) -> BaseException:
    return _first(group.exceptions[0]) if isinstance(group, BaseExceptionGroup) else group


def _end_startup(number: int, frame: FrameType | None) -> NoReturn:
    """End a service that has not begun yet; there is nothing to finish."""
    sys.exit(0)


def _end(error: BaseException) -> NoReturn:
    from .common import stderr  # noqa: PLC0415  as above

    stderr.print(str(error), style="red", soft_wrap=True)
    sys.exit(2 if isinstance(error, ConfigError) else 1)
