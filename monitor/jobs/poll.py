"""Poll the feeds that are due, in rounds that no slow host delays."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import structlog

from monitor.errors import FeedError, FeedHealth, StoreError
from monitor.feeds.base import ParseDocument
from monitor.feeds.commit_pause import CommitPause
from monitor.feeds.outage import Outage
from monitor.model import Feed, FeedState, shard_of

from .context import JobContext
from .due_feeds import DueFeeds
from .feed_poll import FeedPolls
from .open_stories import OpenStories
from .outgoing import Outgoing
from .poll_commits import PollCommits
from .poll_counts import PollCounts, counts_of, report_crash
from .poll_outcome import FeedPoll
from .tasks import cancel_all

log = structlog.get_logger()

#: How long one run of a shard begins new polls, in a cluster; then other shards get their turn.
SHARD_TURN = timedelta(seconds=10)


@dataclass(kw_only=True)
class PollJob:
    """Polls the due feeds of a shard concurrently, each as `FeedPolls` does.

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
    _due: DueFeeds = field(init=False)
    _polls: FeedPolls = field(init=False)

    def __post_init__(self) -> None:
        self._due = DueFeeds(self.context)
        self._polls = FeedPolls(
            context=self.context,
            stories=self.stories,
            outgoing=self.outgoing,
            outage=self.outage,
            commits=PollCommits(self.context, self._due, self.pause),
        )

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
                    poll = FeedPoll(feed=feed, before=state, begun_at=self.context.clock())
                    with self.context.current.use() as policy:
                        return await self._polls.run(policy, poll, self.parse_document)
            except FeedError as error:
                return await self._polls.fail(poll, error)
            except StoreError:
                raise
            except Exception as error:  # an unexpected error of one feed must not stop the others
                log.exception("feed_crashed")
                unexpected = FeedError(f"internal error: {type(error).__name__}", FeedHealth.CRASHED)
                return await self._polls.fail(poll, unexpected)
            finally:
                self._due.give_up([feed.name])
