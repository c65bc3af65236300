"""A week of feeds in minutes: a made-up internet that behaves as real ones do, under a clock that is moved.

Only the network is made up. Documents are real RSS, read, judged, stored and watched over by the program itself.

    sources = [Source("f1", "a.example", "storm"), …]
    week = await run(folder, sources, days=7)
    week.alerts, week.incidents, week.unseen, week.closest
"""

import hashlib
import io
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from random import Random

from monitor.app.build import App, build
from monitor.config import load
from monitor.errors import FeedError
from monitor.feeds.base import EarlierDocument, FeedDocument, Fetched, NotModified, ParsedDocument
from monitor.feeds.cadence import is_unconditional
from monitor.feeds.parsing.document import parse_document
from monitor.model import Alert, Feed, FeedState, Incident
from tests.support.archive import found
from tests.support.policies import change_policy

BEGIN = datetime(2026, 11, 16, tzinfo=UTC)
TURN = BEGIN + timedelta(days=3)
OUTAGE = (BEGIN + timedelta(days=5, hours=3), BEGIN + timedelta(days=5, hours=6))
CASINO = (
    "situs slot gacor bonus besar",
    "poker daring pasti menang cuan",
    "kasino terbaik deposit pulsa murah",
)

#: What a source may do; on the third day if it is something that happens once.
BEHAVIOURS = {
    "steady": "brings something now and then",
    "storm": "gives every entry another guid",
    "nightly": "gives every entry another guid each night",
    "redated": "gives every entry another guid and today's date",
    "dump": "lists 60 entries that are years old",
    "frozen": "answers 304 whatever happens, to whoever sends its ETag",
    "hijacked": "belongs to a casino",
    "broken": "answers 500 for a day",
    "throttled": "answers 429 for six hours, and asks for two",
    "gone": "answers 410 for two days",
    "quiet": "stops bringing anything",
    "scrolled": "brings more between two polls than its document holds",
    "counting": "has the number of readers in every summary",
    "flapping": "answers from a copy that is six hours old every other time",
    "moved": "redirects permanently to another site, which has the same entries",
    "emptied": "is a feed without entries for a day",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a source publishes once. Every fifth is news that alerts, distinguished by its number."""

    number: int
    at: datetime

    @property
    def news(self) -> bool:
        return self.number % 5 == 0

    @property
    def title(self) -> str:
        if self.news:
            return f"OFAC adds {self.number} companies to SDN List"
        return f"Club {self.number} wins its match in the northern league"


@dataclass(frozen=True)
class Source:
    """One feed: where it is, what it does, how many entries it brings a day and shows at once."""

    name: str
    host: str
    does: str = "steady"
    daily: float = 12.0
    window: int = 20
    tier: str = "wire"

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All that is published from a week before the beginning on."""
        random, at = Random(self.name), BEGIN - timedelta(days=7)
        number, entries = zlib.crc32(self.name.encode()) % 900_000 + 100_000, []
        while at < BEGIN + timedelta(days=8):
            at += timedelta(days=random.expovariate(self.daily))
            quiet = self.does == "quiet" and at >= TURN
            if not quiet:
                entries.append(Entry(number, at))
                number += 1
            if self.does == "scrolled" and at >= TURN and len(entries) % 40 == 0:
                entries += [Entry(number + n, at) for n in range(1, 40)]
                number += 40
        return tuple(entries)

    def listed(self, now: datetime) -> tuple[Entry, ...]:
        """What its document lists, newest first."""
        if self.does == "emptied" and TURN <= now < TURN + timedelta(days=1):
            return ()
        if self.does == "flapping" and int(now.timestamp() // 900) % 2:
            now -= timedelta(hours=6)
        published = [entry for entry in self.entries if entry.at <= now]
        return tuple(reversed(published[-self.window :]))

    def document(self, now: datetime) -> bytes:
        if self.does == "hijacked" and now >= TURN:
            return _rss(_casino(now))
        rows = [self._row(entry, now) for entry in self.listed(now)]
        if self.does == "dump" and TURN <= now < TURN + timedelta(days=1):
            old = (Entry(5 * n + 5, BEGIN - timedelta(days=2000 + n)) for n in range(60))
            rows += [self._row(entry, now) for entry in old]
        return _rss(rows)

    def _row(self, entry: Entry, now: datetime) -> tuple[str, str, str, str, datetime]:
        guid, at, summary = f"{self.name}-{entry.number}", entry.at, f"Entry {entry.number} of {self.name}."
        if self.does in {"storm", "redated"} and now >= TURN:
            guid += "-v2"
        if self.does == "redated" and now >= TURN:
            at = TURN
        if self.does == "nightly":
            guid += f"-{now:%Y%m%d}"
        if self.does == "counting":
            summary += f" Read {int(now.timestamp() // 600)} times."
        return guid, f"https://{self.host}/{self.name}/{entry.number}", entry.title, summary, at


def _casino(now: datetime) -> list[tuple[str, str, str, str, datetime]]:
    since = int((now - TURN) / timedelta(hours=2)) + 12
    numbers = range(since, since - 12, -1)
    return [
        (f"bet-{n}", f"https://slots.example/{n}", f"{CASINO[n % 3]} {n}", CASINO[(n + 1) % 3], now)
        for n in numbers
    ]


def _rss(rows: Sequence[tuple[str, str, str, str, datetime]]) -> bytes:
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><link>{link}</link><title>{title}</title>"
        f"<description>{summary}</description><pubDate>{format_datetime(at)}</pubDate></item>"
        for guid, link, title, summary, at in rows
    )
    return f"<rss version='2.0'><channel><title>A feed</title>{items}</channel></rss>".encode()


@dataclass
class Internet:
    """Answers for all sources; remembers who was asked when, and what each document listed."""

    sources: Mapping[str, Source]
    outage: bool = True
    asked: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    shown: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    async def fetch(self, feed: Feed, state: FeedState, now: datetime) -> Fetched | NotModified:
        source = self.sources[feed.name]
        self.asked[source.host].append(now)
        if self.outage and OUTAGE[0] <= now < OUTAGE[1]:
            raise FeedError("the host name does not resolve", "dns")
        _refuse(source, now)
        body, asked = source.document(now), None if is_unconditional(state, now) else state.etag
        frozen = source.does == "frozen" and now >= TURN
        digest = hashlib.sha256(body).hexdigest()
        etag = '"frozen"' if frozen else f'"{digest[:16]}"'
        if asked and (asked == etag or frozen):
            return NotModified(etag=etag)
        if digest == state.body_hash:
            return NotModified(etag=etag, proved=True)
        self.shown[source.name] |= {entry.number for entry in source.listed(now)}
        moved = source.does == "moved" and now >= TURN
        url = feed.url.replace(source.host, f"new.{source.host}") if moved else feed.url
        lied = asked is None and etag == state.etag
        return Fetched(
            body=body,
            content_type="application/rss+xml",
            etag=etag,
            last_modified=None,
            body_hash=digest,
            final_url=url,
            moved_to=url if moved else "",
            validators_lied=lied,
        )


def _refuse(source: Source, now: datetime) -> None:
    since = now - TURN
    if since < timedelta():
        return
    if source.does == "broken" and since < timedelta(days=1):
        raise FeedError("it answers HTTP 500", "http")
    if source.does == "throttled" and since < timedelta(hours=6):
        raise FeedError("it is asked too often", "throttled", timedelta(hours=2))
    if source.does == "gone" and since < timedelta(days=2):
        raise FeedError("it answers HTTP 410", "gone")


@dataclass(frozen=True, slots=True)
class Week:
    """What came of it. `unseen` are entries no document that was fetched listed, by source; `closest` is the
    shortest time between two requests to one host."""

    alerts: tuple[Alert, ...]
    incidents: tuple[Incident, ...]
    unseen: Mapping[str, tuple[Entry, ...]]
    closest: timedelta
    requests: int
    items: int

    def kinds(self, source: str) -> set[str]:
        """What kinds of incidents a source had."""
        return {each.kind for each in self.incidents if each.subject == source}

    def alerted_titles(self, source: str) -> Counter[str]:
        """Count the alerts sent at once, by title, of a source."""
        return Counter(
            each.item.title
            for each in self.alerts
            if each.item.feed == source and each.decision.placement >= 3
        )


async def run(
    folder: Path, sources: Sequence[Source], *, days: float = 7, every: str = "1h", outage: bool = True
) -> Week:
    """Poll sources for some days from `BEGIN` on."""
    net, clock = Internet({source.name: source for source in sources}, outage), _Clock(BEGIN)
    async with build(load(_config(folder, sources, every)), clock=clock, stream=io.StringIO()) as app:
        change_policy(app, fetch=net.fetch)
        app.poll.parse_document = _read
        await _live(app, clock, BEGIN + timedelta(days=days))
        return _week(app, net, clock.now)


class _Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


async def _read(document: FeedDocument, before: EarlierDocument) -> ParsedDocument:
    return parse_document(document, before)


async def _live(app: App, clock: _Clock, end: datetime) -> None:
    next_run = clock.now
    while clock.now < end:
        for shard in await app.poll.due_shards():
            await app.poll.poll_shard(shard)
            await app.poll.finish()
        if clock.now >= next_run:
            await app.health.run()
            next_run = clock.now + timedelta(minutes=5)
        due = app.store.next_due() or end
        clock.now = max(due, clock.now + timedelta(milliseconds=1))


def _week(app: App, net: Internet, end: datetime) -> Week:
    seen: dict[str, tuple[Entry, ...]] = {}
    for name, source in net.sources.items():
        since = [entry for entry in source.entries if BEGIN < entry.at <= end - timedelta(hours=12)]
        seen[name] = tuple(entry for entry in since if entry.number not in net.shown[name])
    gaps = [later - earlier for times in net.asked.values() for earlier, later in pairwise(times)]
    return Week(
        app.store.alerts(BEGIN, end + timedelta(days=1)),
        app.store.incidents(BEGIN, 100_000),
        {name: entries for name, entries in seen.items() if entries},
        min(gaps),
        sum(map(len, net.asked.values())),
        len(found(app.store, "entry", 1_000_000)),
    )


def _config(folder: Path, sources: Sequence[Source], every: str) -> Path:
    path = folder / "config.toml"
    text = f'database = "{folder}/week.db"\n[log]\nlevel = "error"\n'
    for source in sources:
        text += f'[feeds.{source.name}]\nurl = "https://{source.host}/{source.name}.xml"\n'
        text += f'tier = "{source.tier}"\nevery = "{every}"\n'
    path.write_text(text, "utf-8")
    return path
