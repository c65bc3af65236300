"""The first half of the story: from due feeds to items judged, alerts raised and deliveries owed."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import structlog

from monitor.alerts.story import WINDOW
from monitor.alerts.telling import Judging, placed, tell
from monitor.aside import Aside
from monitor.clock import Clock
from monitor.errors import FeedError
from monitor.feeds.base import Fetch, Fetched, NotModified, deadline
from monitor.feeds.cadence import next_poll
from monitor.feeds.known import Known
from monitor.feeds.pages import pages_behind
from monitor.feeds.parse import emptied
from monitor.feeds.reading import Read, Reading
from monitor.model import Document, Feed, FeedState, Item, Judged, PollOutcome
from monitor.store.base import FeedStore

log = structlog.get_logger()

#: The longest that one answer may keep all feeds of a host waiting.
LONGEST_REST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Polled:
    """What a round of polls came to."""

    polled: int = 0
    failed: int = 0
    items: int = 0
    alerts: int = 0

    def __add__(self, other: "Polled") -> "Polled":
        return Polled(
            self.polled + other.polled,
            self.failed + other.failed,
            self.items + other.items,
            self.alerts + other.alerts,
        )


@dataclass
class Ingest:
    """Polls the due feeds of a shard, side by side; each poll ends in exactly one committed outcome.

    Deciding and committing happen one poll at a time, so that two feeds telling the same story at the same
    moment raise one alert.
    """

    judging: Judging
    fetch: Fetch
    read: Read
    store: FeedStore
    aside: Aside
    think: Aside
    clock: Clock
    chance: Random
    host_gap: timedelta = timedelta(seconds=2)
    deadline_s: float = 30.0
    at_once: int = 64
    deciding: asyncio.Lock = field(default_factory=asyncio.Lock)
    _known: Known = field(default_factory=Known)

    async def due_shards(self) -> tuple[int, ...]:
        """Return the shards that have something to poll now."""
        return await self.aside(self.store.due_shards, self.clock())

    async def poll_shard(self, shard: int, stop: Callable[[], bool] = lambda: False) -> Polled:
        """Poll what is due in one shard, one feed of each free host."""
        if stop():
            return Polled()
        judging = self.judging
        slots = asyncio.Semaphore(self.at_once)
        states = await self.aside(self.store.due_feeds, shard, self.clock())
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._poll(judging, judging.feeds[state.feed], state, slots))
                for state in states
                if state.feed in judging.feeds
            ]
        return sum((task.result() for task in tasks), Polled())

    async def _poll(self, judging: Judging, feed: Feed, state: FeedState, slots: asyncio.Semaphore) -> Polled:
        with structlog.contextvars.bound_contextvars(feed=feed.name):
            try:
                async with slots:
                    return await self._outcome(judging, feed, state)
            except FeedError as error:
                return await self._failed(feed, state, error)
            except Exception as error:  # one feed's surprise must not stop the others
                log.exception("feed_crashed")
                unexpected = FeedError(f"internal error: {type(error).__name__}", "crashed")
                return await self._failed(feed, state, unexpected)

    async def _outcome(self, judging: Judging, feed: Feed, state: FeedState) -> Polled:
        async with deadline(feed, self.deadline_s):
            got = await self.fetch(feed, state, self.clock())
        if isinstance(got, NotModified):
            return await self._commit(self._unchanged(feed, state, got), self._known.of(state))
        document, known = (got.body, got.content_type, got.final_url), self._known.of(state)
        reading = await self.read(feed, *document, self.clock(), known)
        if failure := emptied(feed, state, reading.count):
            raise failure
        new, revised = await self.aside(self.store.unseen, reading.items)
        judged = await self.think(self._judge, judging, feed, state, new, revised)
        first, state = state, self._changed(feed, state, got, reading)
        fresh = {item.id for item in (*new, *revised)}
        seen = (*reading.seen, *(item.id for item in reading.items if item.id not in fresh))
        async with self.deciding:
            open_stories = await self.aside(self.store.told_since, self.clock() - WINDOW)
            said = await self.think(tell, judging, feed, judged, open_stories, self.clock())
            outcome = PollOutcome(
                state, feed.host, self._host_free_at(), judged, seen, said.alerts, said.told, said.deliveries
            )
            outcome = replace(
                outcome,
                document=_document(feed, got, self.clock()),
                pages=pages_behind(feed, judged, first_poll=first.good_at is None),
            )
            return await self._commit(outcome, reading.known)

    async def _failed(self, feed: Feed, state: FeedState, error: FeedError) -> Polled:
        failures = state.failures + 1
        if error.health != state.health:
            log.warning("feed_failed", health=error.health, reason=str(error))
        now = self.clock()
        after = replace(
            state,
            next_poll_at=next_poll(now, feed, self.chance, failures, error),
            failures=failures,
            health=error.health,
            reason=str(error),
            polled_at=now,
        )
        free_at = self._host_free_at(error.retry_after)
        known = self._known.of(state)
        if await self.aside(self.store.commit, [PollOutcome(after, feed.host, free_at)]):
            self._known.keep(after, known)
        return Polled(polled=1, failed=1)

    async def _commit(self, outcome: PollOutcome, known: Mapping[str, str]) -> Polled:
        written = await self.aside(self.store.commit, [outcome])
        if not written:
            log.warning("feed_superseded")
            return Polled(polled=1)
        self._known.keep(outcome.state, known)
        log.info(
            "feed_polled", health=outcome.state.health, items=len(outcome.judged), alerts=len(outcome.alerts)
        )
        for alert in outcome.alerts:
            event = alert.verdict.event.type if alert.verdict.event else ""
            place = alert.decision.placement.name.lower()
            log.info("alert_raised", alert=alert.id, kind=alert.kind, type=event, placement=place)
        return Polled(1, 0, len(outcome.judged), len(outcome.alerts))

    def _unchanged(self, feed: Feed, state: FeedState, got: NotModified) -> PollOutcome:
        now = self.clock()
        after = replace(
            state,
            next_poll_at=next_poll(now, feed, self.chance),
            etag=got.etag or state.etag,
            last_modified=got.last_modified or state.last_modified,
            failures=0,  # it answers; that a bare 304 proves no content is kept by `good_at`
            health="not_modified",
            reason="",
            polled_at=now,
            good_at=now if got.proved else state.good_at,
        )
        return PollOutcome(after, feed.host, self._host_free_at())

    def _changed(self, feed: Feed, state: FeedState, got: Fetched, reading: Reading) -> FeedState:
        """Return the state after a document was read: validators only if all of it was."""
        now = self.clock()
        whole = reading.complete and not got.partial
        return replace(
            state,
            next_poll_at=next_poll(now, feed, self.chance),
            etag=got.etag if whole else None,
            last_modified=got.last_modified if whole else None,
            body_hash=got.body_hash if whole else None,
            failures=0,
            health=("ok" if reading.count else "empty") if whole else "partial",
            reason="" if whole else "the document broke off or is too long; what came was read",
            polled_at=now,
            good_at=now,
            items_seen=reading.count,
            read_at=now if whole else state.read_at,
        )

    def _host_free_at(self, asked: timedelta | None = None) -> datetime:
        """Return when the host may be asked again; a server that throttles speaks for all its feeds."""
        return self.clock() + max(self.host_gap, min(asked or timedelta(), LONGEST_REST))

    def _judge(
        self, judging: Judging, feed: Feed, state: FeedState, new: Iterable[Item], revised: Iterable[Item]
    ) -> tuple[Judged, ...]:
        first = state.good_at is None
        fresh = (placed(judging, feed, item, first_poll=first) for item in new)
        return (*fresh, *(placed(judging, feed, item) for item in revised))


def _document(feed: Feed, got: Fetched, now: datetime) -> Document:
    """Return what was received, as evidence of what it raised."""
    return Document(got.body_hash, feed.name, got.final_url, now, got.headers, got.body)
