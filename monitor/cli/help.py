"""Print the help of the root command; Typer's own printer loads a reader of Markdown and much else for it."""

import os
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

NAME, SHORT_NAME, TYPE = "bold cyan", "bold green", "bold yellow"

#: Variables by which colours are asked for where the output is no terminal, as Typer reads them.
_COLOURS = ("GITHUB_ACTIONS", "FORCE_COLOR", "PY_COLORS")


def print_help(group: Any, context: Any) -> None:
    """Print usage, text, options and commands of a group, the commands in their panels."""
    console = Console(highlight=False, force_terminal=_wants_colours(), width=_width())
    console.print(Padding(_usage(group.get_usage(context)), 1))
    console.print(Padding(Text("\n\n".join(_paragraphs(group.help))), (0, 1, 1, 1)))
    options = [param for param in group.get_params(context) if not getattr(param, "hidden", False)]
    console.print(_panel("Options", _options(options, context)))
    commands = [group.get_command(context, name) for name in group.list_commands(context)]
    longest = max(len(command.name) for command in commands)
    panels: dict[str, list[Any]] = defaultdict(list)
    for command in commands:
        panels[command.rich_help_panel].append(command)
    for name, shown in panels.items():
        console.print(_panel(name, _commands(shown, longest)))


def _wants_colours() -> bool | None:
    if os.environ.get("_TYPER_FORCE_DISABLE_TERMINAL"):
        return False
    return True if any(os.environ.get(name) for name in _COLOURS) else None


def _width() -> int | None:
    given = os.environ.get("TERMINAL_WIDTH")
    return int(given) if given else None


def _usage(usage: str) -> Text:
    label, _, remaining = usage.partition(": ")
    return Text.assemble((f"{label}: ", "bold yellow"), (remaining, "bold"))


def _paragraphs(text: str) -> Iterable[str]:
    return (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _panel(title: str, table: Table) -> Panel:
    return Panel(table, border_style="dim", title=title, title_align="left")


def _table() -> Table:
    return Table(show_header=False, expand=True, box=None, pad_edge=False, padding=(0, 1))


def _options(options: Iterable[Any], context: Any) -> Table:
    table = _table()
    for option in options:
        long = ",".join(name for name in option.opts if name.startswith("--"))
        short = ",".join(name for name in option.opts if not name.startswith("--"))
        type_name = Text(option.display_type_rich(ctx=context) or "", TYPE)
        table.add_row(Text(long, NAME), Text(short, SHORT_NAME), type_name, option.help or "")
    return table


def _commands(commands: Iterable[Any], longest: int) -> Table:
    table = _table()
    table.add_column(style=NAME, no_wrap=True, width=longest)
    table.add_column(ratio=10)
    for command in commands:
        table.add_row(Text(command.name), Text(command.help))
    return table
