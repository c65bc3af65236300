"""The first half of the story: from due feeds to items judged, alerts raised and deliveries owed."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import structlog

from monitor.alerts.policy import Route, RoutingTable, channels_for, decide, owed
from monitor.alerts.story import WINDOW, appended, as_told, news_in, story_of
from monitor.aside import Aside
from monitor.clock import Clock
from monitor.errors import FeedError
from monitor.feeds.base import Fetch, Fetched, NotModified, deadline
from monitor.feeds.cadence import next_poll
from monitor.feeds.known import Known
from monitor.feeds.parse import emptied
from monitor.feeds.reading import Read, Reading
from monitor.model import (
    Alert,
    Decision,
    Delivery,
    Feed,
    FeedState,
    Item,
    Judged,
    Message,
    Outlet,
    Placement,
    PollOutcome,
    Tier,
    Told,
    Verdict,
)
from monitor.store.base import FeedStore

log = structlog.get_logger()

#: An item whose publisher dates it further back than this when it is first seen never interrupts anybody.
RESURFACED = timedelta(days=7)

#: The longest that one answer may keep all feeds of a host waiting.
LONGEST_REST = timedelta(hours=2)

Judge = Callable[[Item, Tier], Verdict]
Render = Callable[[Alert, str], Sequence[Message]]


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


@dataclass(frozen=True, slots=True)
class Judging:
    """All that decides what becomes of an item; swapped whole when rules or configuration change."""

    feeds: Mapping[str, Feed]
    judge: Judge
    table: RoutingTable
    routes: tuple[Route, ...]
    outlets: Mapping[str, Outlet]
    render: Render


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
    _deciding: asyncio.Lock = field(default_factory=asyncio.Lock)
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
        state = self._changed(feed, state, got, reading)
        fresh = {item.id for item in (*new, *revised)}
        seen = (*reading.seen, *(item.id for item in reading.items if item.id not in fresh))
        async with self._deciding:
            open_stories = await self.aside(self.store.told_since, self.clock() - WINDOW)
            alerts, told, deliveries = await self.think(self._tell, judging, feed, judged, open_stories)
            outcome = PollOutcome(
                state, feed.host, self._host_free_at(), judged, seen, alerts, told, deliveries
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
        )

    def _host_free_at(self, asked: timedelta | None = None) -> datetime:
        """Return when the host may be asked again; a server that throttles speaks for all its feeds."""
        return self.clock() + max(self.host_gap, min(asked or timedelta(), LONGEST_REST))

    def _judge(
        self, judging: Judging, feed: Feed, state: FeedState, new: Iterable[Item], revised: Iterable[Item]
    ) -> tuple[Judged, ...]:
        first_poll = state.good_at is None
        fresh = (self._placed(judging, feed, item, first_poll) for item in new)
        return (*fresh, *(self._placed(judging, feed, item, first_poll=False) for item in revised))

    def _placed(self, judging: Judging, feed: Feed, item: Item, first_poll: bool) -> Judged:
        """Judge an item and decide where it belongs; its age can only quieten it."""
        item = replace(item, lang=item.lang or feed.lang)
        verdict = judging.judge(item, feed.tier)
        decision = decide(verdict, judging.table)
        age = item.first_seen_at - (item.published_at or item.first_seen_at)
        if first_poll and feed.backlog is not None and age > feed.backlog:
            old = "older than the backlog when the feed was first polled"
            decision = replace(decision, placement=Placement.ARCHIVE, because=old)
        elif feed.backlog is not None and age > RESURFACED and decision.placement > Placement.DIGEST:
            old = f"{decision.because}; published {age.days} days before"
            decision = replace(decision, placement=Placement.DIGEST, because=old)
        return Judged(item, verdict, decision)

    def _tell(
        self, judging: Judging, feed: Feed, judged: Sequence[Judged], open_stories: Sequence[Told]
    ) -> tuple[tuple[Alert, ...], tuple[Told, ...], tuple[Delivery, ...]]:
        """Return the alerts that these items raise, their stories as they then stand, and what is owed."""
        stories = {told.story: told for told in open_stories}
        changed: dict[str, Told] = {}
        alerts: list[Alert] = []
        now, official = self.clock(), feed.tier is Tier.OFFICIAL
        for each in judged:
            if each.decision.placement is Placement.ARCHIVE:
                continue
            place = each.decision.placement
            story, before = story_of(each.item, each.verdict, stories.values(), official)
            news = news_in(each.verdict, official, before, place) if before else ""
            if before and not news:
                told = appended(each.item, before)
            else:
                told = as_told(story, each.item, each.verdict, official, now, before)
                told = replace(told, placement=max(place, before.placement) if before else place)
                kind = "update" if before else "new"
                alerts.append(Alert(*_of(each), story, now, feed.title, kind, news))
            stories[story] = changed[story] = told
        return tuple(alerts), tuple(changed.values()), tuple(_deliveries(judging, alerts))


def _of(judged: Judged) -> tuple[Item, Verdict, Decision]:
    return judged.item, judged.verdict, judged.decision


def _deliveries(judging: Judging, alerts: Iterable[Alert]) -> Iterable[Delivery]:
    for alert in alerts:
        for name in channels_for(alert, judging.routes):
            outlet = judging.outlets[name]
            yield from owed(alert, outlet, judging.render(alert, outlet.form))
