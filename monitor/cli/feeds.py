"""`feeds list`: the sources and how they are; the group of commands about feeds."""

from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import app as program
from monitor import config as configuration
from monitor.feeds.links import shown
from monitor.model import Feed, FeedState

from . import probe, sources
from .common import DEFAULT_CONFIG, AsJson, ConfigPath, looking, moment, print_json, stdout

app = typer.Typer(help="The sources: what is polled and how it answers.", no_args_is_help=True)

app.command("add")(sources.add)
app.command("import")(sources.import_feeds)
app.command("export")(sources.export)
app.command("probe")(probe.probe)

_GOOD = frozenset({"ok", "not_modified", "empty", "new"})


@app.command("list")
def list_feeds(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """List the feeds with their health, their last good answer and their next poll."""
    settings = configuration.load(config)
    with looking(settings) as store:
        states = {state.feed: state for state in store.feed_states()}
    rows = [(feed, states.get(feed.name)) for feed in program.feeds_of(settings).values()]
    if as_json:
        print_json([_data(feed, state) for feed, state in rows])
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("feed", "tier", "every", "health", "items", "last good", "next poll", "what is wrong"):
        table.add_column(heading, overflow="fold")
    for feed, state in rows:
        table.add_row(*_cells(feed, state))
    stdout.print(table)


def _cells(feed: Feed, state: FeedState | None) -> tuple[str | Text, ...]:
    every = f"{feed.every.total_seconds() / 60:g} min"
    if state is None:
        return feed.name, feed.tier.value, every, Text("not polled yet", style="dim"), "", "", "", ""
    health = Text(state.health, style="green" if state.health in _GOOD and not state.failures else "red")
    good, due = moment(state.good_at), moment(state.next_poll_at)
    return feed.name, feed.tier.value, every, health, str(state.items_seen), good, due, Text(state.reason)


def _data(feed: Feed, state: FeedState | None) -> dict[str, Any]:
    told: dict[str, Any] = {"name": feed.name, "title": feed.title, "url": shown(feed.url)}
    told |= {"tier": feed.tier.value, "lang": feed.lang, "every_s": feed.every.total_seconds()}
    if state is None:
        return told | {"health": "new"}
    return told | {
        "health": state.health,
        "reason": state.reason,
        "failures": state.failures,
        "items": state.items_seen,
        "polled_at": moment(state.polled_at) or None,
        "good_at": moment(state.good_at) or None,
        "next_poll_at": moment(state.next_poll_at),
    }
