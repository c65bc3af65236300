"""Read the feeds that are due: shards that are asked for at the same moment share one query."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model import FeedState

from .context import JobContext

#: The most feeds of a shard that one round polls.
MAX_DUE = 200

#: A host is reserved this much longer than a request to it may take.
MARGIN = timedelta(seconds=10)


@dataclass(slots=True)
class DueFeeds:
    """Returns the due feeds of shards; calls of one turn of the event loop are answered by one query."""

    context: JobContext
    _reserved: dict[str, datetime] = field(default_factory=dict)
    _given_up: dict[str, datetime] = field(default_factory=dict)
    _shards: set[int] = field(default_factory=set)
    _query: asyncio.Task[tuple[FeedState, ...]] | None = None

    async def of(self, shards: Collection[int]) -> list[FeedState]:
        """Return the due feeds of some shards whose feeds are configured, longest overdue first."""
        self._shards.update(shards)
        if self._query is None:
            self._query = asyncio.create_task(self._read())
        states = await asyncio.shield(self._query)
        feeds = self.context.policy.alerts.feeds
        return [each for each in states if each.feed in feeds and feeds[each.feed].shard in shards]

    async def _read(self) -> tuple[FeedState, ...]:
        await asyncio.sleep(0)  # the other calls of this turn come first
        shards, self._shards, self._query = self._shards, set(), None
        context = self.context
        if context.member:
            return await self._take(shards)
        limit = MAX_DUE * len(shards)
        return await context.db.run(context.store.due_feeds, shards, context.clock(), limit)

    async def _take(self, shards: Collection[int]) -> tuple[FeedState, ...]:
        """Return due feeds and reserve their hosts, so that no other process sends them a request."""
        context, limits, now = self.context, self.context.policy.polling, self.context.clock()
        until = now + timedelta(seconds=limits.time_limit_s) + limits.host_gap + MARGIN
        limit = limits.max_concurrent * len(shards)  # each begins at once, long before its reservation ends
        states = await context.db.run(context.store.take_feeds, shards, now, until, limit)
        self._reserved.update((state.feed, until) for state in states)
        configured = context.policy.alerts.feeds
        self.give_up(state.feed for state in states if state.feed not in configured)
        return states

    def reservation(self, feed: str) -> datetime | None:
        """Return the end of the reservation under which a feed is polled."""
        return self._reserved.get(feed)

    def committed(self, feeds: Iterable[str]) -> None:
        """Forget the reservations of feeds whose polls were committed, which released their hosts."""
        for feed in feeds:
            self._reserved.pop(feed, None)

    def give_up(self, feeds: Iterable[str]) -> None:
        """Let `release` free the hosts of feeds that are reserved, and whose polls commit nothing."""
        for feed in feeds:
            if until := self._reserved.pop(feed, None):
                self._given_up[feed] = until

    async def release(self) -> None:
        """Free the hosts that were given up."""
        if not self._given_up:
            return
        context, given_up = self.context, dict(self._given_up)
        free_at = context.clock() + context.policy.polling.host_gap
        await context.db.run(context.store.release_reservations, given_up, free_at)
        for feed, until in given_up.items():
            if self._given_up.get(feed) == until:
                del self._given_up[feed]
