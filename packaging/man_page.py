"""Print the manual page, made from the commands: ``python packaging/man_page.py > sanctions-monitor.1``.

Source: man-pages(7) for the sections, groff_man(7) for the macros.
"""

import re
import sys
from collections.abc import Iterator
from typing import Any

from monitor import __version__
from monitor.cli.lazy import LazyCommand, callable_command
from monitor.cli.root import COMMANDS

HEAD = f"""\
.TH SANCTIONS\\-MONITOR 1 "" "sanctions\\-monitor {__version__}" "User Commands"
.SH NAME
sanctions\\-monitor \\- watch public feeds for sanctions and arms\\-purchase news
.SH SYNOPSIS
.B sanctions\\-monitor
.RI [ options ]
.I command
.RI [ arguments ]
.SH DESCRIPTION
A service that reads public feeds, recognises new events in sanctions and arms purchases, and sends
explained alerts and digests by mail, chat and webhook. It is a monitoring aid, not a screening verdict
and not legal advice.
.SH COMMANDS
"""

TAIL = """\
.SH EXIT STATUS
.TP
.B 0
success
.TP
.B 1
something failed
.TP
.B 2
a mistake of usage or configuration
.SH ENVIRONMENT
.TP
.B SANCTIONS_MONITOR_CONFIG
the configuration file, if \\-\\-config does not name one
.TP
.B MONITOR_*
any value of the configuration: MONITOR_CHANNELS__DESK__PASSWORD stands for password in [channels.desk]
.SH FILES
.TP
.I config.toml
the configuration, in the current folder unless \\-\\-config names another
.TP
.I var/monitor.db
the database
"""


def manual() -> str:
    """Return the whole page."""
    return HEAD + "".join(line + "\n" for listed in COMMANDS for line in section(listed)) + TAIL


def section(listed: LazyCommand) -> Iterator[str]:
    """Yield the lines about a command, or about every command of a group."""
    command = callable_command(listed)
    inner = getattr(command, "commands", None)
    if inner is None:
        yield from described(listed.name, command)
        return
    for name, each in inner.items():
        yield from described(f"{listed.name} {name}", each)


def described(name: str, command: Any) -> Iterator[str]:
    """Yield the usage of a command, its help and its options."""
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    usage = " ".join([name, *map(shown_name, arguments)])
    yield f'.SS "{escaped(usage)}"'
    for number, paragraph in enumerate(paragraphs(command.help)):
        yield from [".PP"] * bool(number)
        yield escaped(paragraph)
    for each in command.params:
        if text := getattr(each, "help", ""):
            yield ".TP"
            yield f".B {escaped(shown_name(each))}"
            yield escaped(" ".join(text.split()))


def shown_name(parameter: Any) -> str:
    """Return an argument as it stands in the usage, or all spellings of an option."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name).upper()
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text, each on one line."""
    for part in (text or "").split("\n\n"):
        if words := " ".join(part.split()):
            yield words


def escaped(text: str) -> str:
    """Return text in which nothing is a request or an escape of roff."""
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "").replace('"', "\\(dq")
    return re.sub(r"^(?=[.'])", r"\\&", plain)


if __name__ == "__main__":
    sys.stdout.write(manual())
