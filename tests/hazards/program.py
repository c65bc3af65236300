"""What a hazard is tried on: the program with one feed on loopback, polled again and again under a moved clock."""

import io
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from monitor.app.build import App, build
from monitor.app.once import once
from monitor.config import load
from monitor.feeds.base import ParsedDocument
from monitor.feeds.parsing.document import parse_document
from monitor.feeds.parsing.worker_pool import ParserLimits, ParserPool
from monitor.model import Feed, FeedState, Item
from tests.conftest import FakeClock
from tests.support.archive import found
from tests.support.databases import prepare_database
from tests.support.policies import change_alerts
from tests.support.servers import Reply, Route, Site

NEWS = "OFAC adds 14 companies to SDN List"
XML = {"Content-Type": "application/rss+xml"}


@dataclass(frozen=True, slots=True)
class Hazard:
    """What a server does, poll by poll, and what should come of it.

    `health` is the feed's state after each poll, `kept` the titles stored in the end. `why` stands in the last
    state's reason; `kinds` are the incidents there were; `alerts` the number of them raised at once.
    """

    name: str
    replies: tuple[Reply, ...] | Route
    health: tuple[str, ...]
    kept: tuple[str, ...] = ()
    why: str = ""
    kinds: tuple[str, ...] = ()
    alerts: int | None = None
    hours: float = 25.0
    keys: str = ""
    polling: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass
class Tried:
    """A program at work: its feed's state and what it has stored so far."""

    app: App
    clock: FakeClock
    site: Site
    states: list[FeedState] = field(default_factory=list)

    async def poll(self, hours: float = 0.0) -> FeedState:
        """Let time pass and poll what is due; return the feed's state."""
        self.clock.advance(hours=hours)
        await once(self.app)
        (state,) = self.app.store.feed_states()
        self.states.append(state)
        return state

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of all items stored, oldest first."""
        return tuple(item.title for item in self.items)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items stored, oldest first."""
        items = (each.item for each in found(self.app.store, "", 9999))
        return tuple(sorted(items, key=lambda item: (item.first_seen_at, item.guid)))

    @property
    def alerts(self) -> int:
        """How many alerts were raised that interrupt somebody."""
        ever = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
        return sum(each.decision.placement >= 3 for each in self.app.store.alerts(*ever))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of incidents there were, oldest first."""
        return tuple(
            each.kind for each in reversed(self.app.store.incidents(datetime(2000, 1, 1, tzinfo=UTC)))
        )


#: What a busy machine takes long for is read to its end.
PATIENT = ParserLimits(wall_s=240)


async def in_process(*given: Any) -> ParsedDocument:
    """Read a document here and now, without a worker."""
    return parse_document(*given)


@asynccontextmanager
async def program(
    folder: Path,
    clock: FakeClock,
    route: Route,
    *,
    keys: str = "",
    polling: str = "",
    every: str = "1h",
    worker: bool = False,
) -> AsyncIterator[Tried]:
    """Run the program with one feed of a site that answers so; a `worker` parses in a process of its own."""
    with Site({"/feed": route}) as site:
        every = f'every = "{every}"' if every else ""
        text = f"""database = "{folder}/m.db"
[polling]
parsers = 1
host_gap = "0s"
{polling}
[feeds.wire]
url = "{site.url("/feed")}"
tier = "wire"
{every}
{keys}
"""
        (folder / "config.toml").write_text(text, "utf-8")
        prepare_database(folder / "m.db")
        building = build(load(folder / "config.toml"), clock=clock, stream=io.StringIO())
        async with building as app, ParserPool(1, PATIENT) as pool:
            app.poll.parse_document = pool if worker else in_process
            yield Tried(app, clock, site)


def aim(trial: Tried, url: str) -> None:
    """Let the feed be asked for at another address, as if it had been written so."""
    context = trial.app.policy.alerts
    feeds = {name: replace(feed, url=url) for name, feed in context.feeds.items()}
    change_alerts(trial.app, feeds=feeds)


async def assert_hazard(hazard: Hazard, folder: Path, clock: FakeClock, *, worker: bool = False) -> None:
    """Poll as often as the hazard has states, and compare."""
    route = list(hazard.replies) if isinstance(hazard.replies, tuple) else hazard.replies
    async with program(
        folder, clock, route, keys=hazard.keys, polling=hazard.polling, worker=worker
    ) as trial:
        for number in range(len(hazard.health)):
            await trial.poll(hazard.hours if number else 0)
        health = tuple(state.health for state in trial.states)
        assert health == hazard.health, f"{health}: {trial.states[-1].reason}"
        assert hazard.why in trial.states[-1].reason, trial.states[-1].reason
        assert trial.titles == hazard.kept, f"kept {trial.titles!r:.500}"
        assert trial.kinds == hazard.kinds, f"had {trial.kinds}"
        if hazard.alerts is not None:
            assert trial.alerts == hazard.alerts


def entry(
    title: str = NEWS,
    guid: str | None = "n1",
    link: str | None = None,
    date: str | datetime = "",
    summary: str = "",
) -> str:
    """One item of RSS; a `link` of None follows the guid."""
    if isinstance(date, datetime):
        date = format_datetime(date)
    link = f"https://news.example/{guid}" if link is None else link
    fields = {"title": title, "link": link, "description": summary, "pubDate": date}
    inside = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items() if text)
    identity = f'<guid isPermaLink="false">{escape(guid)}</guid>' if guid is not None else ""
    return f"<item>{identity}{inside}</item>"


def rss(*entries: str, channel: str = "") -> str:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>A wire</title>{channel}{"".join(entries)}</channel></rss>'


def replies(*documents: str | bytes | Reply, **changes: object) -> tuple[Reply, ...]:
    """Answers of these documents, one after another."""
    made = (each if isinstance(each, Reply) else Reply(each, headers=XML) for each in documents)
    return tuple(made)


def many(numbers: Iterable[int], title: str = "Football club {} wins", **more: str) -> list[str]:
    return [entry(title.format(n), f"n{n}", **more) for n in numbers]


__all__ = [
    "NEWS",
    "XML",
    "Feed",
    "Hazard",
    "Tried",
    "aim",
    "assert_hazard",
    "entry",
    "in_process",
    "many",
    "program",
    "replies",
    "rss",
    "timedelta",
]
