"""`search`: find items in the archive by their words."""

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import config as configuration
from monitor.model import Judged
from monitor.render.json import verdict_data

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, moment, opened_store, print_json, stdout
from .verdict import print_verdict


def search(
    words: Annotated[list[str], typer.Argument(help='All of these words; "a phrase"; stem*.')],
    limit: Annotated[int, typer.Option(help="At most so many, the newest.")] = 20,
    explain: Annotated[bool, typer.Option(help="Print every verdict with its reasons.")] = False,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Search all stored items, flagged or not, newest first."""
    with opened_store(configuration.load(config)) as store:
        found = store.search(" ".join(words), limit)
    if as_json:
        print_json([_data(each) for each in found])
    elif explain:
        for each in found:
            print_verdict(each.item, each.verdict, each.decision)
            stdout.print()
    else:
        _print_found(found)


def _print_found(found: tuple[Judged, ...]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("item", "first seen", "feed", "verdict", "title"):
        table.add_column(heading, overflow="fold")
    for each in found:
        topics = "+".join(each.verdict.topics) or "–"
        verdict = f"{topics} {each.decision.placement.name.lower()}"
        seen, title = moment(each.item.first_seen_at), Text(each.item.title)
        table.add_row(each.item.id[:10], seen, each.item.feed, verdict, title)
    stdout.print(table if found else "nothing found")


def _data(each: Judged) -> dict[str, Any]:
    item = {"id": each.item.id, "feed": each.item.feed, "title": each.item.title, "url": each.item.url}
    seen = {
        "first_seen_at": moment(each.item.first_seen_at),
        "published_at": moment(each.item.published_at) or None,
    }
    return item | seen | {"verdict": verdict_data(each.verdict, each.decision)}
