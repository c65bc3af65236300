"""Shared by all commands: options, the two consoles, access to the store."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table

from monitor import config
from monitor.errors import ConfigError
from monitor.model import FeedReach, FeedState, reach_of

if TYPE_CHECKING:
    from monitor.match.query.lexer import QueryError
    from monitor.store import SqlStore

stdout = Console(highlight=False, markup=False)
stderr = Console(stderr=True, highlight=False, markup=False)

ConfigPath = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration file.", envvar="SANCTIONS_MONITOR_CONFIG")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
DEFAULT_CONFIG = Path("config.toml")


def print_json(value: Any) -> None:
    """Print a value as JSON, readable and in the order given."""
    typer.echo(json_of(value))


def json_of(value: Any) -> str:
    """Return a value as JSON, readable and in the order given."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def settings_or_default(path: Path) -> config.Settings:
    """Load settings; return the defaults if the default file does not exist."""
    if path == DEFAULT_CONFIG and not path.exists():
        return config.Settings()
    return config.load(path)


@contextmanager
def opened_store(settings: config.Settings) -> Iterator["SqlStore"]:
    """Open the store without its lock, beside a running service."""
    from monitor.store import NEW_DATABASE, open_store  # noqa: PLC0415  many commands need no store

    store = open_store(settings.database, lock=False)
    if store.is_new:
        stderr.print(f"{store.database.label}: {NEW_DATABASE}", style="yellow", soft_wrap=True)
    try:
        yield store
    finally:
        store.close()


def not_found(what: str, id: str, remedy: str) -> ConfigError:
    """Return the error for an unknown id; it ends with exit code 2, as a mistake of usage."""
    return ConfigError(f"no {what} {id!r}; {remedy}")


def query_mistake(source: str, error: "QueryError") -> ConfigError:
    """Return the error for a mistake in a query, with a mark under its column."""
    line = source.replace("\n", " ").replace("\t", " ")
    return ConfigError(f"{line}\n{' ' * (error.column - 1)}^\n{error}")


def moment(at: datetime | None) -> str:
    """Return a time in ISO 8601 and UTC, to the second; "" for None."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""


def feeds_line(states: Collection[FeedState]) -> str:
    """Return how many feeds answer, fail and were not read yet, in one line."""
    counted = Counter(reach_of(state.polled_at, state.failures) for state in states)
    parts = [f"{counted[FeedReach.ANSWERING]} of {len(states)} feeds answer"]
    if counted[FeedReach.FAILING]:
        parts.append(f"{counted[FeedReach.FAILING]} failing")
    if counted[FeedReach.UNREAD]:
        parts.append(f"{counted[FeedReach.UNREAD]} not yet read")
    return "; ".join(parts)


#: Columns of free text: they may be folded, so that they count as this wide at most.
_FREE_TEXT = frozenset({"subject", "note", "reason", "what is wrong", "why", "name", "title", "to"})
_FREE_TEXT_WIDTH = 24
_GAP = 2


def print_table(table: Table, spare: Sequence[str], console: Console = stdout) -> None:
    """Print a table; on a narrow terminal columns of `spare` are left out, the first ones first."""
    columns, left_out = list(table.columns), list[str]()
    for heading in spare if console.is_terminal else ():
        if _width_of(columns) <= console.width:
            break
        columns = [column for column in columns if column.header != heading]
        left_out.append(heading)
    fits = console.is_terminal and _width_of(columns) <= console.width
    console.print(_table_of(columns, fits) if fits or left_out else table)
    if left_out:
        console.print(f"left out on this narrow terminal: {', '.join(left_out)}; see --json", style="dim")


def _table_of(columns: Sequence[Column], fits: bool) -> Table:
    """Return a table of columns; if they fit, only free text is folded."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        is_fact = fits and column.header not in _FREE_TEXT
        table.add_column(column.header, overflow="fold", justify=column.justify, no_wrap=is_fact)
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*cells)
    return table


def _width_of(columns: Sequence[Column]) -> int:
    """Return how wide a table of columns is if its free text is folded."""
    return sum(_column_width(column) for column in columns) + _GAP * (len(columns) - 1)


def _column_width(column: Column) -> int:
    cells = [str(cell) for cell in (column.header, *column.cells)]
    natural = max(cell_len(line) for cell in cells for line in cell.splitlines() or [""])
    return min(natural, _FREE_TEXT_WIDTH) if column.header in _FREE_TEXT else natural
