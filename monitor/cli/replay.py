"""`replay`: judge the archive again by the present rules, or by others."""

from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import config as configuration
from monitor.app import derive
from monitor.app.rulebook import rulebook
from monitor.jobs.replay import ChangedVerdict, Replayed, Rules, change_data
from monitor.jobs.replay import replay as changes
from monitor.render.sanitize import sanitize, without_surrogates

from .common import DEFAULT_CONFIG, AsJson, ConfigPath, moment, opened_store, print_json, stdout
from .periods import moment_before
from .tables import new_table

_STYLES = {"flagged": "green", "dropped": "red", "moved": "yellow"}


def replay(
    since: Annotated[str, typer.Option(help="How far back, such as 24h or 30d, or a date.")] = "30d",
    rules: Annotated[
        Path | None, typer.Option(help="Rules to try instead of the configured folder.", exists=True)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many changes, the newest.")] = 100,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Print what these rules would have flagged in the archive, compared with what was flagged.

    Nothing is stored or sent.
    """
    settings = configuration.load(config)
    start = moment_before(since)
    if rules is not None:
        settings = settings.model_copy(update={"rules": rules})
    book = rulebook(settings)
    now = Rules(book.engine.judge, book.table, derive.feeds_of(settings))
    so_far = Replayed()
    with opened_store(settings) as store:
        shown = deque(changes(store, now, start, so_far), maxlen=limit)
    if as_json:
        versions = dict(book.engine.versions)
        print_json(
            {
                "since": moment(start),
                "items": so_far.items,
                **so_far.counts,
                "changes": change_rows(shown),
            }
            | {"versions": versions}
        )
        return
    if shown:
        stdout.print(change_table(shown))
    counts = ", ".join(f"{number} {kind}" for kind, number in so_far.counts.items())
    more = sum(so_far.counts.values()) - len(shown)
    stdout.print(
        f"{so_far.items} items since {moment(start)}: {counts}"
        + (f"; {more} older not shown" if more else "")
    )


def change_rows(shown: Iterable[ChangedVerdict]) -> list[dict[str, Any]]:
    """Return changes for programs."""
    return list(map(_data, shown))


def _data(change: ChangedVerdict) -> dict[str, Any]:
    return change_data(change) | {
        "title": without_surrogates(change.item.title),
        "first_seen_at": moment(change.item.first_seen_at),
    }


def change_table(shown: Iterable[ChangedVerdict]) -> Table:
    """Return changes as a table for people."""
    table = new_table("change", "topics", "placement", "item", "title")
    for column in table.columns:
        column.no_wrap = column.header != "title"
    for each in shown:
        topics = [*(f"+{topic}" for topic in each.added), *(f"−{topic}" for topic in each.removed)]
        before, after = (decision.placement.name.lower() for decision in (each.before, each.after))
        moved = before if before == after else f"{before} → {after}"
        kind = Text(each.kind, _STYLES[each.kind])
        table.add_row(kind, " ".join(topics), moved, each.item.id[:10], Text(sanitize(each.item.title)))
    return table
