"""Poll the feeds that are due: fetch, parse, recognise, judge, raise alerts, commit."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from monitor.alerts.raise_alerts import RaisedAlerts, raise_alerts
from monitor.errors import FeedError, FeedHealth, StoreError
from monitor.feeds.articles.selection import articles_to_read
from monitor.feeds.base import (
    EarlierDocument,
    FeedDocument,
    Fetched,
    NotModified,
    ParsedDocument,
    ParseDocument,
    time_limit,
)
from monitor.feeds.commit_pause import CommitPause
from monitor.feeds.health import unexpectedly_empty
from monitor.feeds.identity.cache import DocumentCache
from monitor.feeds.identity.recognise import Recognition
from monitor.feeds.next_state import after_document, after_failure, after_not_modified
from monitor.feeds.outage import Outage
from monitor.feeds.poll_log import poll_to_log
from monitor.feeds.profile.observe import RecognisedDocument, recognise_and_observe
from monitor.model import Feed, FeedState, Judged, PollOutcome, shard_of

from .context import JobContext
from .due_feeds import DueFeeds
from .group_commit import GroupCommit
from .headlines import translated_titles, with_translations
from .judging import judge_turn
from .open_stories import OpenStories
from .outgoing import Outgoing, alert_deliveries
from .policy import Policy
from .poll_counts import PollCounts, counts_of, report_crash, report_poll
from .tasks import cancel_all

log = structlog.get_logger()

#: How long one run of a shard begins new polls, in a cluster; then other shards get their turn.
SHARD_TURN = timedelta(seconds=10)


@dataclass(kw_only=True)
class PollJob:
    """Polls the due feeds of a shard concurrently; each poll commits at most one outcome, in a group.

    `parse_document` parses documents in worker processes. `outage` records whether any host responds.
    After `round_wait_s` a round ends without its slow polls, which continue in the background.
    """

    context: JobContext
    parse_document: ParseDocument
    stories: OpenStories
    outgoing: Outgoing
    outage: Outage = field(default_factory=Outage)
    pause: CommitPause = field(default_factory=CommitPause)
    round_wait_s: float = 2.0
    _slow: dict[asyncio.Task[PollCounts], str] = field(default_factory=dict)
    _slow_counts: PollCounts = field(default_factory=PollCounts)
    _documents: DocumentCache = field(default_factory=DocumentCache)
    _group: GroupCommit = field(init=False)
    _due: DueFeeds = field(init=False)

    def __post_init__(self) -> None:
        self._group = GroupCommit(self._write, self.pause)
        self._due = DueFeeds(self.context)

    async def due_shards(self) -> tuple[int, ...]:
        """Return the shards to poll now; after a failed commit none for a while, and then one.

        In a cluster all: a failure here says nothing about the processes that poll them.
        """
        context = self.context
        shards = await context.db.run(context.store.due_shards, context.clock())
        return shards if context.member else self.pause.allowed_shards(shards)

    async def poll_shard(self, shard: int, stop: Callable[[], bool] = lambda: False) -> PollCounts:
        """Poll the due feeds of one shard, as `poll_shards` does."""
        return await self.poll_shards((shard,), stop)

    async def poll_shards(
        self, shards: Collection[int], stop: Callable[[], bool] = lambda: False
    ) -> PollCounts:
        """Poll the due feeds of some shards, one of each free host.

        A slow host does not delay the others: after `round_wait_s` the round ends without it, and the host
        gets no request until its poll has ended; `finish` waits for that.
        """
        if stop() or not shards:
            return PollCounts()
        tasks = self._start(await self._due.of(shards))
        if not tasks:
            return PollCounts()
        try:
            done, slow = await asyncio.wait(tasks, timeout=self.round_wait_s)
        except asyncio.CancelledError:
            await cancel_all(tasks)
            raise
        for task in slow:
            self._slow[task] = tasks[task]
            task.add_done_callback(self._count_slow)
        return counts_of(done)

    async def serve_shard(self, shard: int, stop: Callable[[], bool] = lambda: False) -> PollCounts:
        """Poll the due feeds of a shard until no poll of it runs, so that another process may have it then.

        What becomes due meanwhile is polled too, for `SHARD_TURN`. While this process cannot commit it polls
        nothing, and the next sweep offers the shard to all again.
        """
        if self.pause.is_active():
            return PollCounts()
        ends = self.context.clock() + SHARD_TURN
        counts = await self.poll_shard(shard, stop)
        while slow := [task for task, host in self._slow.items() if shard_of(host) == shard]:
            await asyncio.wait(slow, timeout=self.round_wait_s)
            if self.context.clock() < ends:
                counts += await self.poll_shard(shard, stop)
        return counts

    async def release_hosts(self) -> None:
        """Free the hosts that were reserved for polls which have committed nothing, in a cluster."""
        await self._due.release()

    async def finish(self) -> PollCounts:
        """Wait for the polls that `poll_shard` left running; return the result of all since the last call."""
        while self._slow:
            await asyncio.wait(self._slow)
        counts, self._slow_counts = self._slow_counts, PollCounts()
        return counts

    async def cancel(self) -> None:
        """Cancel the polls that are running; they write nothing."""
        await cancel_all(self._slow)

    def _start(self, states: Iterable[FeedState]) -> dict[asyncio.Task[PollCounts], str]:
        """Start a poll of every feed whose host has no slow poll; return the tasks with their hosts."""
        policy = self.context.policy
        busy = set(self._slow.values())
        slots = defaultdict[int, asyncio.Semaphore](partial(asyncio.Semaphore, policy.polling.max_concurrent))
        feeds = policy.alerts.feeds
        due = [(feeds[state.feed], state) for state in states]
        return {
            asyncio.create_task(self._poll(feed, state, slots[feed.shard])): feed.host
            for feed, state in due
            if feed.host not in busy
        }

    def _count_slow(self, task: asyncio.Task[PollCounts]) -> None:
        """Add the result of a slow poll to those that `finish` returns."""
        self._slow.pop(task)
        if task.cancelled():
            return
        if error := task.exception():
            self._slow_counts += report_crash(error)
        else:
            self._slow_counts += task.result()

    async def _poll(self, feed: Feed, state: FeedState, slots: asyncio.Semaphore) -> PollCounts:
        with structlog.contextvars.bound_contextvars(feed=feed.name):
            try:
                async with slots:
                    begun = self.context.clock()
                    with self.context.current.use() as policy:
                        return await self._poll_feed(policy, feed, state)
            except FeedError as error:
                return await self._commit_failure(feed, state, error, begun)
            except StoreError:
                raise
            except Exception as error:  # an unexpected error of one feed must not stop the others
                log.exception("feed_crashed")
                unexpected = FeedError(f"internal error: {type(error).__name__}", FeedHealth.CRASHED)
                return await self._commit_failure(feed, state, unexpected, begun)
            finally:
                self._due.give_up([feed.name])

    async def _poll_feed(self, policy: Policy, feed: Feed, state: FeedState) -> PollCounts:
        """Fetch, parse, recognise, judge and commit one feed."""
        context, begun = self.context, self.context.clock()
        async with time_limit(feed, policy.polling.time_limit_s):
            response = await policy.fetch(feed, state, context.clock())
        self.outage.host_responded(feed, context.clock())
        if isinstance(response, NotModified):
            new_state = after_not_modified(feed, state, response, context.clock(), context.random)
            unchanged = self._without_document(feed, (state, new_state), begun)
            return await self._commit(unchanged, self._documents.get(state))
        document = await self._parse(feed, state, response)
        recognised = await self._recognised(feed, state, response, document)
        found, hub = recognised.found, recognised.profile.hub
        new_state = after_document(feed, state, recognised, context.clock(), context.random)
        judged = await self._judge(policy, feed, (state, new_state), found)
        alertable = bool(found.before) or any(each.decision.placement for each in judged)
        titles = await translated_titles(policy, feed, judged)
        async with self.stories.deciding(judged, needed=alertable) as index:
            run, now, raised = context.cpu.run, context.clock(), RaisedAlerts()
            if alertable:
                raised = await run(raise_alerts, policy.alerts, feed, judged, index, now, found.before)
            alerts = with_translations(raised.alerts, titles)
            deliveries = await run(alert_deliveries, policy, alerts) if alerts else ()
            outcome = PollOutcome(
                state=new_state,
                host=feed.host,
                host_free_at=self._host_free_at(),
                judged=judged,
                seen=recognised.seen,
                alerts=alerts,
                stories=raised.stories,
                deliveries=await self.outgoing.prepare(deliveries, alerts),
                aliases=found.aliases,
                document=response.document(feed.name, context.clock()),
                articles=articles_to_read(feed, judged, first_poll=state.good_at is None),
                hub=hub if hub != state.profile.hub else None,
                story_epoch=self.stories.epoch if alertable else None,
                logged=poll_to_log(state, new_state, begun, size=len(response.body), news=len(judged)),
            )
            return await self._commit(outcome, recognised.known_spans)

    async def _parse(self, feed: Feed, state: FeedState, response: Fetched) -> ParsedDocument:
        before = EarlierDocument(state.profile.identity, self._documents.get(state))
        read = FeedDocument(
            feed, response.body, response.content_type, response.final_url, self.context.clock()
        )
        document = await self.parse_document(read, before)
        if failure := unexpectedly_empty(feed, state, document.count):
            raise failure
        return document

    async def _recognised(
        self, feed: Feed, state: FeedState, response: Fetched, document: ParsedDocument
    ) -> RecognisedDocument:
        context = self.context
        known = await context.db.run(context.store.recall_items, feed.name, document.items)
        now = context.clock()
        return await context.cpu.run(recognise_and_observe, feed, state, response, document, known, now)

    async def _judge(
        self, policy: Policy, feed: Feed, states: tuple[FeedState, FeedState], found: Recognition
    ) -> tuple[Judged, ...]:
        """Judge the items in short turns, so that a long document does not delay other feeds."""
        count = len(found.new) + len(found.revised)
        judged: list[Judged] = []
        while len(judged) < count:
            begin, durations = len(judged), self.context.judging
            judged += await self.context.cpu.run(judge_turn, policy, feed, states, found, begin, durations)
        return tuple(judged)

    async def _commit_failure(
        self, feed: Feed, state: FeedState, error: FeedError, begun: datetime
    ) -> PollCounts:
        context, now = self.context, self.context.clock()
        failures = state.failures + self.outage.host_failed(feed, error, now)
        if error.health != state.health:
            log.warning("feed_failed", health=error.health, reason=str(error))
        new_state = after_failure(feed, state, error, failures, now=now, random=context.random)
        wait = None if feed.internal else error.retry_after
        outcome = self._without_document(feed, (state, new_state), begun, wait)
        known = self._documents.get(state)
        if await self._group.commit(outcome):
            self._documents.remember(new_state, known)
        return PollCounts(polled=1, failed=1)

    def _without_document(
        self, feed: Feed, states: tuple[FeedState, FeedState], begun: datetime, wait: timedelta | None = None
    ) -> PollOutcome:
        """Return the outcome of a poll that brought no document; `states` are those before and after."""
        free_at, logged = self._host_free_at(wait), poll_to_log(*states, begun)
        return PollOutcome(
            state=states[1],
            host=feed.host,
            host_free_at=free_at,
            logged=logged,
            new_profile=states[1].profile is not states[0].profile,
        )

    async def _commit(self, outcome: PollOutcome, known: Mapping[str, str]) -> PollCounts:
        if not await self._group.commit(outcome):
            log.warning("feed_superseded")
            return PollCounts(polled=1)
        self._documents.remember(outcome.state, known)
        return report_poll(outcome)

    async def _write(self, outcomes: Sequence[PollOutcome]) -> tuple[str, ...]:
        if self.context.member:
            outcomes = [
                replace(each, reserved_until=self._due.reservation(each.state.feed)) for each in outcomes
            ]
        written = await self.context.db.run(self.context.store.commit, outcomes)
        self._due.committed(written)
        return written

    def _host_free_at(self, requested: timedelta | None = None) -> datetime:
        """Return when the host may get another request; a wait that it requests is for all its feeds."""
        return self.context.policy.polling.host_free_at(self.context.clock(), requested)
