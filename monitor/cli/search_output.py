"""Print the items that a search finds: a table, whole verdicts, CSV or JSON."""

import csv
import sys
from collections.abc import Callable, Iterator, Mapping
from enum import Enum, auto
from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from monitor.model import Judged
from monitor.render.attachments import safe_cell
from monitor.render.json import verdict_data
from monitor.render.sanitize import href, sanitize, without_surrogates

from .common import json_of, moment, stdout
from .verdict import print_verdict


class Format(Enum):
    """The form in which found items are printed."""

    TABLE = auto()
    FULL = auto()
    CSV = auto()
    JSON = auto()


def print_table(found: Iterator[Judged]) -> None:
    """Print a table, one item a row."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("item", "first seen", "feed", "verdict", "title"):
        table.add_column(heading, overflow="fold")
    for each in found:
        seen, title = moment(each.item.first_seen_at), Text(sanitize(each.item.title))
        table.add_row(each.item.id[:10], seen, each.item.feed, _verdict(each), title)
    stdout.print(table if table.row_count else "nothing found")


def print_verdicts(found: Iterator[Judged]) -> None:
    """Print each verdict with its reasons."""
    for each in found:
        print_verdict(each.item, each.verdict, each.decision)
        stdout.print()


def print_csv(found: Iterator[Judged]) -> None:
    """Print CSV, one item a row, as they are found; no spreadsheet evaluates a cell as a formula."""
    writer = csv.writer(sys.stdout, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in found:
        row = _row(each)
        writer.writerow(safe_cell(row[column]) for column in COLUMNS)


def print_json_list(found: Iterator[Judged]) -> None:
    """Print a JSON list, one item after another, as they are found."""
    before = "[\n"
    for each in found:
        typer.echo(before + json_of(_data(each)), nl=False)
        before = ",\n"
    typer.echo("[]" if before == "[\n" else "\n]")


FORMATS: Mapping[Format, Callable[[Iterator[Judged]], None]] = {
    Format.TABLE: print_table,
    Format.FULL: print_verdicts,
    Format.CSV: print_csv,
    Format.JSON: print_json_list,
}

COLUMNS = (
    *("item", "first_seen_utc", "published_utc", "feed", "lang", "topics", "possible", "sanctions", "arms"),
    *("event", "polarity", "severity", "credibility", "placement", "title", "url"),
)


def _verdict(each: Judged) -> str:
    placement = each.decision.placement.name.lower()
    if each.verdict.topics:
        return f"{'+'.join(each.verdict.topics)} {placement}"
    return f"possibly {'+'.join(each.verdict.possible)}" if each.verdict.possible else f"– {placement}"


def _row(each: Judged) -> dict[str, str]:
    item, verdict, event = each.item, each.verdict, each.verdict.event
    return {
        "item": item.id,
        "first_seen_utc": moment(item.first_seen_at),
        "published_utc": moment(item.published_at),
        "feed": item.feed,
        "lang": item.lang,
        "topics": " ".join(verdict.topics),
        "possible": " ".join(verdict.possible),
        "sanctions": str(verdict.relevance.get("sanctions", 0)),
        "arms": str(verdict.relevance.get("arms", 0)),
        "event": event.type if event else "",
        "polarity": event.polarity if event else "",
        "severity": str(verdict.severity),
        "credibility": verdict.credibility.letter,
        "placement": each.decision.placement.name.lower(),
        "title": item.title,
        "url": href(item.url),
    }


def _data(each: Judged) -> dict[str, Any]:
    item = each.item
    return {
        "id": item.id,
        "feed": item.feed,
        "title": without_surrogates(item.title),
        "url": without_surrogates(item.url),
        "lang": item.lang,
        "first_seen_at": moment(item.first_seen_at),
        "published_at": moment(item.published_at) or None,
        "verdict": verdict_data(each.verdict, each.decision),
    }
