"""The command line: one file for each command or group of commands; they print results and decide nothing.

To add a command: a function in the file of its group, with a docstring that is its help, registered with the
group's `app`; a new group is registered in `root`. Expected errors are raised as `MonitorError` and printed
here, with exit code 1, or 2 for a `ConfigError`.
"""

import sys
from typing import NoReturn

from monitor.errors import ConfigError, MonitorError

from .common import stderr
from .root import app


def main() -> None:
    """Run one command; an expected error is one message on stderr and an exit code."""
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


def _end(error: BaseException) -> NoReturn:
    stderr.print(str(error), style="red", soft_wrap=True)
    sys.exit(2 if isinstance(error, ConfigError) else 1)
