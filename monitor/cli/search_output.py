"""Print the items that a search finds: a table, whole verdicts, CSV or JSON."""

import sys
from collections.abc import Callable, Iterator, Mapping
from enum import Enum, auto

import typer
from rich.text import Text

from monitor.model import ExportKind, Judged
from monitor.render.export import ExportFormat, export_lines
from monitor.render.export_data import judged_data
from monitor.render.sanitize import sanitize

from .common import json_of, short_moment, stdout
from .tables import new_table, print_table
from .verdict import print_verdict


class Format(Enum):
    """The form in which found items are printed."""

    TABLE = auto()
    FULL = auto()
    CSV = auto()
    JSON = auto()


def print_rows(found: Iterator[Judged]) -> None:
    """Print a table, one item a row."""
    table = new_table("item", "first seen", "feed", "verdict", "title")
    for each in found:
        seen, title = short_moment(each.item.first_seen_at), Text(sanitize(each.item.title))
        table.add_row(each.item.id[:10], seen, each.item.feed, _verdict(each), title)
    if table.row_count:
        print_table(table, ("feed",))
    else:
        stdout.print("nothing found")


def print_verdicts(found: Iterator[Judged]) -> None:
    """Print each verdict with its reasons."""
    for each in found:
        print_verdict(each.item, each.verdict, each.decision)
        stdout.print()


def print_csv(found: Iterator[Judged]) -> None:
    """Print CSV, one item a row, as they are found; no spreadsheet evaluates a cell as a formula."""
    for line in export_lines(ExportKind.ITEMS, ExportFormat.CSV, found):
        sys.stdout.write(line)


def print_json_list(found: Iterator[Judged]) -> None:
    """Print a JSON list, one item after another, as they are found."""
    before = "[\n"
    for each in found:
        typer.echo(before + json_of(judged_data(each)), nl=False)
        before = ",\n"
    typer.echo("[]" if before == "[\n" else "\n]")


FORMATS: Mapping[Format, Callable[[Iterator[Judged]], None]] = {
    Format.TABLE: print_rows,
    Format.FULL: print_verdicts,
    Format.CSV: print_csv,
    Format.JSON: print_json_list,
}


def _verdict(each: Judged) -> str:
    placement = each.decision.placement.name.lower()
    if each.verdict.topics:
        return f"{'+'.join(each.verdict.topics)} {placement}"
    return f"possibly {'+'.join(each.verdict.possible)}" if each.verdict.possible else f"– {placement}"
