"""`feeds list`, `feeds health`, `feeds accept`: the feeds, their health and incidents."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from monitor import config as configuration
from monitor.app import derive
from monitor.app.rulebook import judged_languages
from monitor.app.unjudged import unjudged_feeds
from monitor.clock import utc_now
from monitor.errors import FeedHealth
from monitor.feeds.links import display_url
from monitor.model import Feed, FeedReach, FeedState, Incident, reach_of
from monitor.render.json import incident_data
from monitor.render.sanitize import sanitize, without_surrogates

from . import feeds_edit, feeds_opml, feeds_probe
from .common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigPath,
    feeds_line,
    moment,
    not_found,
    opened_store,
    print_json,
    stdout,
)
from .tables import new_table, print_table

app = typer.Typer(help="The feeds: which are polled and how they answer.", no_args_is_help=True)

app.command("add")(feeds_edit.add)
app.command("import")(feeds_opml.import_feeds)
app.command("export")(feeds_opml.export)
app.command("probe")(feeds_probe.probe)

_GOOD = frozenset({FeedHealth.OK, FeedHealth.NOT_MODIFIED, FeedHealth.EMPTY, FeedHealth.NEW})


@app.command("list")
def list_feeds(config: ConfigPath = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """List the feeds with their health, last good answer and next poll in UTC; then their faults."""
    settings = configuration.load(config)
    with opened_store(settings) as store:
        states = {state.feed: state for state in store.feed_states()}
    rows = [(feed, states.get(feed.name)) for feed in derive.feeds_of(settings).values()]
    if as_json:
        print_json([_data(feed, state) for feed, state in rows])
        return
    table = new_table("feed", "tier", "every", "health", "items", "last good", "next poll")
    for feed, state in rows:
        table.add_row(*_cells(feed, state))
    print_table(table, ("tier", "items", "every", "next poll"))
    for feed, state in rows:
        if state and state.reason:
            stdout.print(Text.assemble((f"{feed.name}: ", "red"), state.reason))


@app.command("health")
def health(
    days: Annotated[int, typer.Option(help="How many days back to show closed incidents.", min=1)] = 7,
    config: ConfigPath = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show what the monitor may be missing: open incidents, then closed ones. Exit code 1 if any is open."""
    settings = configuration.load(config)
    with opened_store(settings) as store:
        found = store.incidents(utc_now() - timedelta(days=days))
        states = store.feed_states()
    still_open = tuple(each for each in found if each.closed_at is None)
    unjudged = dict(unjudged_feeds(settings, judged_languages(settings)))
    if as_json:
        listed = [incident_data(each) for each in found]
        unread = [_unread_data(state) for state in states if state.profile.unread_dates.count]
        counts = {"feeds": len(states), "open": len(still_open)}
        print_json(counts | {"incidents": listed, "unread_dates": unread, "unjudged_languages": unjudged})
    else:
        _print_health(states, found)
        for name, why in unjudged.items():
            stdout.print(Text.assemble((f"{name} ", "bold"), ("not judged", "red"), f"  {why}"))
    if still_open:
        raise typer.Exit(1)


def _print_health(states: Sequence[FeedState], found: Sequence[Incident]) -> None:
    for each in sorted(found, key=lambda each: each.closed_at is not None):
        until = (f" to {moment(each.closed_at)}", "green") if each.closed_at else (" open", "red")
        named = f"{each.subject or 'all'} {each.kind}"
        stdout.print(Text.assemble((named, "bold"), f"  since {moment(each.opened_at)}", until))
        stdout.print(Padding(Text(each.reason), (0, 0, 0, 2)))
    for state in states:
        if state.profile.unread_dates.count:
            stdout.print(_unread_dates(state))
    for state in _failing_without_incident(states, found):
        stdout.print(Text.assemble((state.feed, "bold"), (" fails", "red"), f"  {state.reason}"))
    stdout.print(feeds_line(states))


def _failing_without_incident(states: Sequence[FeedState], found: Sequence[Incident]) -> Iterator[FeedState]:
    """Yield feeds that failed too lately, or too few times, for an incident to be open."""
    reported = {each.subject for each in found if each.closed_at is None}
    for state in states:
        is_failing = reach_of(state.health) is FeedReach.FAILING
        if is_failing and state.feed not in reported:
            yield state


def _unread_dates(state: FeedState) -> Text:
    unread = state.profile.unread_dates
    count = f"{unread.count} of {state.items_seen} dates cannot be read, such as “{sanitize(unread.example)}”"
    return Text.assemble((f"{state.feed}: ", "bold"), f"{count}; `date_order` sets the order of figures")


def _unread_data(state: FeedState) -> dict[str, Any]:
    unread = state.profile.unread_dates
    return {"feed": state.feed, "count": unread.count, "example": without_surrogates(unread.example)}


@app.command("accept")
def accept(
    name: Annotated[str, typer.Argument(help="A feed whose items are withheld, or reported as changed.")],
    config: ConfigPath = DEFAULT_CONFIG,
) -> None:
    """Accept a feed as it is now: its present address, topics and language become its profile."""
    with opened_store(configuration.load(config)) as store:
        if not store.accept(name, utc_now()):
            raise not_found("feed", name, "`sanctions-monitor feeds list` shows those that are polled")
    stdout.print(f"accepted [feeds.{name}] as it is; it is polled again at once", markup=False)


def _cells(feed: Feed, state: FeedState | None) -> tuple[str | Text, ...]:
    every = f"{feed.every.total_seconds() / 60:g} min"
    if state is None:
        return feed.name, feed.tier.value, every, Text(FeedReach.UNREAD.value, style="dim"), "", "", ""
    health = Text(_health(state), style="green" if state.health in _GOOD and not state.failures else "red")
    good, due = (at.replace("T", " ")[5:16] for at in (moment(state.good_at), moment(state.next_poll_at)))
    return feed.name, feed.tier.value, every, health, str(state.items_seen), good, due


def _health(state: FeedState) -> str:
    """Return the health of a feed in words for people."""
    unread = reach_of(state.health) is FeedReach.UNREAD
    return FeedReach.UNREAD.value if unread else state.health


def _data(feed: Feed, state: FeedState | None) -> dict[str, Any]:
    row: dict[str, Any] = {"name": feed.name, "title": feed.title, "url": display_url(feed.url)}
    row |= {"tier": feed.tier.value, "lang": feed.lang, "every_s": feed.every.total_seconds()}
    if state is None:
        return row | {"health": "new"}
    return row | {
        "health": state.health,
        "reason": state.reason,
        "failures": state.failures,
        "items": state.items_seen,
        "polled_at": moment(state.polled_at) or None,
        "good_at": moment(state.good_at) or None,
        "next_poll_at": moment(state.next_poll_at),
    }
