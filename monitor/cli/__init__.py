"""What people type. One file for each group of commands; they print, and never decide.

To add a command: a function in the file of its group with a docstring that reads well as help, registered by
the group's `app`. Expected errors are raised as `MonitorError` and printed here, with exit code 1, or 2 when
the configuration is at fault.
"""

import sys

from monitor.errors import ConfigError, MonitorError

from .common import stderr
from .root import app


def main() -> None:
    """Run one command; an expected error is one message on stderr and an exit code."""
    try:
        app()
    except ConfigError as error:
        stderr.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    except MonitorError as error:
        stderr.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
