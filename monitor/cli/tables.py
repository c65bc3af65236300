"""Tables in the style of all commands; a narrow terminal gets fewer columns."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table

from .common import stdout

#: Columns of free text: they may be folded, so that they count as this wide at most.
_FREE_TEXT = frozenset({"subject", "note", "reason", "what is wrong", "why", "name", "title", "to"})
_FREE_TEXT_WIDTH = 24
_GAP = 2


def new_table(*headings: str, right: Collection[str] = (), title: str | None = None) -> Table:
    """Return a table without rows; columns whose heading is in `right` are aligned to the right."""
    table = Table(
        box=None,
        pad_edge=False,
        header_style="dim",
        title=title,
        title_justify="left",
        title_style="bold",
    )
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="right" if heading in right else "left")
    return table


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
    table = new_table()
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
