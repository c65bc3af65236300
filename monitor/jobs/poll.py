"""Poll due feeds: fetch, parse, recognise, judge and commit, at most one commit a poll."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import structlog

from monitor.alerts.raise_alerts import NOTHING_OPEN, AlertContext, judge_item, tell
from monitor.clock import Clock
from monitor.errors import FeedError, StoreError
from monitor.executor import Executor
from monitor.feeds.articles.selection import articles_to_read
from monitor.feeds.base import (
    EarlierDocument,
    Fetch,
    Fetched,
    NotModified,
    ParsedDocument,
    ParseDocument,
    time_limit,
)
from monitor.feeds.cadence import next_poll, next_retry
from monitor.feeds.commit_pause import CommitPause
from monitor.feeds.identity.cache import DocumentCache
from monitor.feeds.identity.recognise import Recognition, recognise_document
from monitor.feeds.outage import Outage
from monitor.feeds.parsing.parse import unexpectedly_empty
from monitor.feeds.profile.observe import PollObservation, doubt, observe, observe_unchanged
from monitor.model import Feed, FeedProfile, FeedState, Judged, PollOutcome
from monitor.store.protocols.base import FeedStore

from .open_stories import OpenStories

log = structlog.get_logger()

#: So many items are judged before another feed gets its turn.
AT_A_TIME = 50

#: How long a round waits for its polls before it lets the slow ones go on by themselves.
PATIENCE_S = 2.0

#: The longest that one answer may keep all feeds of a host waiting.
LONGEST_REST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class PollCounts:
    """What a round of polls came to."""

    polled: int = 0
    failed: int = 0
    items: int = 0
    alerts: int = 0

    def __add__(self, other: "PollCounts") -> "PollCounts":
        pairs = zip(astuple(self), astuple(other), strict=True)
        return PollCounts(*map(sum, pairs))


@dataclass
class PollJob:
    """Polls the due feeds of a shard, side by side; each poll ends in at most one commit.

    Deciding and committing happen one poll at a time, so that two feeds telling the same story at the same
    moment raise one alert.
    """

    context: AlertContext
    fetch: Fetch
    read: ParseDocument
    store: FeedStore
    db: Executor
    cpu: Executor
    clock: Clock
    random: Random
    host_gap: timedelta = timedelta(seconds=2)
    deadline_s: float = 30.0
    at_once: int = 64
    outage: Outage = field(default_factory=Outage)
    _slow: dict[asyncio.Task[PollCounts], str] = field(default_factory=dict)
    deciding: asyncio.Lock = field(default_factory=asyncio.Lock)
    _known: DocumentCache = field(default_factory=DocumentCache)
    pause: CommitPause = field(default_factory=CommitPause)
    stories: OpenStories = field(init=False)

    def __post_init__(self) -> None:
        self.stories = OpenStories(self.store, self.db, self.cpu)

    async def due_shards(self) -> tuple[int, ...]:
        """Return the shards to poll now; after a failed commit none for a while, and then one."""
        return self.pause.allowed_shards(await self.db.run(self.store.due_shards, self.clock()))

    async def poll_shard(self, shard: int, stop: Callable[[], bool] = lambda: False) -> PollCounts:
        """Poll what is due in one shard, one feed of each free host.

        The round ends without slow servers: their hosts get no other request until they are done, and
        `finish` waits for them. A worker must call it before it releases a shared shard.
        """
        if stop():
            return PollCounts()
        context = self.context
        slots = asyncio.Semaphore(self.at_once)
        states = await self.db.run(self.store.due_feeds, shard, self.clock())
        busy = set(self._slow.values())
        due = [(feed, state) for state in states if (feed := context.feeds.get(state.feed))]
        tasks = {
            asyncio.create_task(self._poll(context, feed, state, slots)): feed.host
            for feed, state in due
            if feed.host not in busy
        }
        if not tasks:
            return PollCounts()
        try:
            done, slow = await asyncio.wait(tasks, timeout=PATIENCE_S)
        except asyncio.CancelledError:
            await _ended(tasks)
            raise
        for task in slow:
            self._slow[task] = tasks[task]
            task.add_done_callback(self._was_slow)
        return sum((task.result() for task in done), PollCounts())

    def _was_slow(self, task: asyncio.Task[PollCounts]) -> None:
        self._slow.pop(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("feed_crashed", exc_info=error)

    async def finish(self) -> PollCounts:
        """Wait for the polls that `poll_shard` did not wait for, and return what they came to."""
        return sum(await asyncio.gather(*self._slow), PollCounts())

    async def give_up(self) -> None:
        """End the polls that are under way: as if they had never begun."""
        await _ended(tuple(self._slow))

    async def _poll(
        self, context: AlertContext, feed: Feed, state: FeedState, slots: asyncio.Semaphore
    ) -> PollCounts:
        with structlog.contextvars.bound_contextvars(feed=feed.name):
            try:
                async with slots:
                    return await self._outcome(context, feed, state)
            except FeedError as error:
                return await self._failed(feed, state, error)
            except StoreError:
                raise
            except Exception as error:  # one feed's surprise must not stop the others
                log.exception("feed_crashed")
                unexpected = FeedError(f"internal error: {type(error).__name__}", "crashed")
                return await self._failed(feed, state, unexpected)

    async def _outcome(self, context: AlertContext, feed: Feed, state: FeedState) -> PollCounts:
        async with time_limit(feed, self.deadline_s):
            got = await self.fetch(feed, state, self.clock())
        self.outage.host_responded(feed, self.clock())
        if isinstance(got, NotModified):
            return await self._commit(self._unchanged(feed, state, got), self._known.get(state))
        known = EarlierDocument(state.profile.identity, self._known.get(state))
        reading = await self.read(feed, got.body, got.content_type, got.final_url, self.clock(), known)
        if failure := unexpectedly_empty(feed, state, reading.count):
            raise failure
        known_items = await self.db.run(self.store.recall_items, feed.name, reading.items)
        found = await self.cpu.run(recognise_document, state, reading, known_items)
        observation = PollObservation.of(got, reading, found)
        profile = await self.cpu.run(observe, feed, state, observation, self.clock())
        after = self._changed(feed, state, got, reading, profile)
        judged = await self._judge(context, feed, (state, after), found)
        async with self.deciding:
            telling = found.before or any(each.decision.placement for each in judged)
            stories = await self.stories.at(self.clock()) if telling else NOTHING_OPEN
            said = await self.cpu.run(tell, context, feed, judged, stories, self.clock(), found.before)
            outcome = PollOutcome(
                state=after,
                host=feed.host,
                host_free_at=self._host_free_at(),
                judged=judged,
                seen=(*reading.seen, *found.seen),
                alerts=said.alerts,
                stories=said.stories,
                deliveries=said.deliveries,
                aliases=found.aliases,
                document=got.document(feed.name, self.clock()),
                pages=articles_to_read(feed, judged, first_poll=state.good_at is None),
            )
            return await self._commit(outcome, found.stable_spans(reading.known_spans))

    async def _judge(
        self, context: AlertContext, feed: Feed, states: tuple[FeedState, FeedState], found: Recognition
    ) -> tuple[Judged, ...]:
        """Judge a few items at a time: a document of thousands keeps no other feed waiting."""
        count = len(found.new) + len(found.revised)
        judged: tuple[Judged, ...] = ()
        for start in range(0, count, AT_A_TIME):
            part = range(start, min(start + AT_A_TIME, count))
            judged += await self.cpu.run(_judged, context, feed, states, found, part)
        return judged

    async def _failed(self, feed: Feed, state: FeedState, error: FeedError) -> PollCounts:
        now = self.clock()
        failures = state.failures + self.outage.host_failed(feed, error, now)
        if error.health != state.health:
            log.warning("feed_failed", health=error.health, reason=str(error))
        after = replace(
            state,
            next_poll_at=next_retry(now, feed, self.random, failures, error),
            failures=failures,
            health=error.health,
            reason=str(error),
            polled_at=now,
        )
        free_at = self._host_free_at(None if feed.internal else error.retry_after)
        outcome = PollOutcome(state=after, host=feed.host, host_free_at=free_at)
        with self.pause:
            written = await self.db.run(self.store.commit, [outcome])
        if written:
            self._known.remember(after, self._known.get(state))
        return PollCounts(polled=1, failed=1)

    async def _commit(self, outcome: PollOutcome, known: Mapping[str, str]) -> PollCounts:
        with self.pause:
            written = await self.db.run(self.store.commit, [outcome])
        if not written:
            log.warning("feed_superseded")
            return PollCounts(polled=1)
        self._known.remember(outcome.state, known)
        log.info(
            "feed_polled", health=outcome.state.health, items=len(outcome.judged), alerts=len(outcome.alerts)
        )
        for alert in outcome.alerts:
            event = alert.verdict.event.type if alert.verdict.event else ""
            place = alert.decision.placement.name.lower()
            log.info("alert_raised", alert=alert.id, kind=alert.kind, type=event, placement=place)
        return PollCounts(1, 0, len(outcome.judged), len(outcome.alerts))

    def _unchanged(self, feed: Feed, state: FeedState, got: NotModified) -> PollOutcome:
        now, profile = self.clock(), observe_unchanged(feed, state.profile)
        after = replace(
            state,
            next_poll_at=next_poll(now, feed, self.random, profile.wait_s, got.hint),
            etag=got.etag or state.etag,
            last_modified=got.last_modified or state.last_modified,
            failures=0,  # none before, or proved: after a failure no validators are sent
            health="partial" if state.health == "partial" else "not_modified",
            reason=state.reason if state.health == "partial" else "",
            polled_at=now,
            good_at=now if got.proved else state.good_at,
            profile=profile,
        )
        return PollOutcome(state=after, host=feed.host, host_free_at=self._host_free_at())

    def _changed(
        self, feed: Feed, state: FeedState, got: Fetched, reading: ParsedDocument, profile: FeedProfile
    ) -> FeedState:
        """Return the state after a document was read: validators only if all of it was."""
        now = self.clock()
        whole = reading.complete and not got.partial
        return replace(
            state,
            next_poll_at=next_poll(now, feed, self.random, profile.wait_s, got.hint or reading.hint),
            etag=got.etag if whole else None,
            last_modified=got.last_modified if whole else None,
            body_hash=None if got.partial else got.body_hash,  # what is too long stays so
            failures=0,
            health=("ok" if reading.count else "empty") if whole else "partial",
            reason="" if whole else "the document broke off or is too long; what came was read",
            polled_at=now,
            good_at=now,
            items_seen=reading.count,
            read_at=now if whole else state.read_at,
            profile=profile,
        )

    def _host_free_at(self, asked: timedelta | None = None) -> datetime:
        """Return when the host may be asked again; a server that throttles speaks for all its feeds."""
        return self.clock() + max(self.host_gap, min(asked or timedelta(), LONGEST_REST))


async def _ended(tasks: Iterable[asyncio.Task[PollCounts]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _judged(
    context: AlertContext, feed: Feed, states: tuple[FeedState, FeedState], found: Recognition, part: range
) -> tuple[Judged, ...]:
    """Judge a part of a poll's items, the new ones before the revised; `states` are before and after it."""
    before, after = states
    first, new = before.good_at is None, found.new
    fresh = (
        judge_item(context, feed, item, first_poll=first, held=doubt(before, after.profile, item))
        for item in new[part.start : part.stop]
    )
    revised = found.revised[max(part.start - len(new), 0) : max(part.stop - len(new), 0)]
    return (*fresh, *(found.with_versions(judge_item(context, feed, item)) for item in revised))
