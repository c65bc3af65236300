"""Fetch and parse every feed once and report the results; nothing is stored, judged or sent."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import Clock
from monitor.errors import FeedError, FeedHealth
from monitor.executor import Executor
from monitor.feeds.adapters.base import ParsedFeed
from monitor.feeds.base import Fetch, Fetched, time_limit
from monitor.feeds.next_state import document_health
from monitor.model import Feed, FeedState

#: Faults that a later poll may not find; with any other one the feed is dead.
PASSING = frozenset(
    {FeedHealth.TIMEOUT, FeedHealth.THROTTLED, FeedHealth.PARTIAL, FeedHealth.PROTOCOL, FeedHealth.GUARDED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """The result of probing one feed; `reason` states the fault and its remedy."""

    feed: Feed
    health: FeedHealth
    items: int = 0
    newest: datetime | None = None
    took: timedelta = timedelta()
    reason: str = ""

    @property
    def good(self) -> bool:
        """Whether its document has items."""
        return self.health == FeedHealth.OK

    @property
    def dead(self) -> bool:
        """Whether it has no usable items and a later poll will not find any."""
        return not self.good and self.health not in PASSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Probes feeds concurrently, those of one host one after another; `pause` waits between them."""

    fetch: Fetch
    cpu: Executor
    clock: Clock
    pause: Callable[[float], Awaitable[None]]
    host_gap: timedelta = timedelta(seconds=2)
    time_limit_s: float = 30.0
    max_concurrent: int = 32

    async def __call__(self, feeds: Iterable[Feed], on_done: Callable[[Probed], None]) -> tuple[Probed, ...]:
        """Return the result of every feed, in the order given; `on_done` is called as each one ends."""
        listed = tuple(feeds)
        by_host: dict[str, list[Feed]] = defaultdict(list)
        for feed in listed:
            by_host[feed.host].append(feed)
        slots = asyncio.Semaphore(self.max_concurrent)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._probe_host(same, slots, on_done)) for same in by_host.values()]
        found = {probed.feed.name: probed for task in tasks for probed in task.result()}
        return tuple(found[feed.name] for feed in listed)

    async def _probe_host(
        self, feeds: Sequence[Feed], slots: asyncio.Semaphore, on_done: Callable[[Probed], None]
    ) -> list[Probed]:
        found: list[Probed] = []
        for feed in feeds:
            if found:
                await self.pause(self.host_gap.total_seconds())
            async with slots:
                found.append(await self._one(feed))
            on_done(found[-1])
        return found

    async def _one(self, feed: Feed) -> Probed:
        from monitor.feeds.parsing.parse import parse_feed  # noqa: PLC0415  the service parses in workers

        began = time.perf_counter()
        try:
            async with time_limit(feed, self.time_limit_s):
                got = await self.fetch(
                    feed, FeedState(feed=feed.name, next_poll_at=self.clock()), self.clock()
                )
            took = timedelta(seconds=time.perf_counter() - began)
            if not isinstance(got, Fetched):  # not expected: the request has no validators
                return Probed(feed=feed, health=FeedHealth.NOT_MODIFIED, took=took)
            parsed = await self.cpu.run(
                parse_feed, feed, got.body, got.content_type, got.final_url, self.clock()
            )
        except FeedError as error:
            took = timedelta(seconds=time.perf_counter() - began)
            return Probed(feed=feed, health=error.health, took=took, reason=str(error))
        return _probed(feed, got, parsed, took)


def _probed(feed: Feed, got: Fetched, parsed: ParsedFeed, took: timedelta) -> Probed:
    whole = parsed.complete and not got.partial
    dates = [item.published_at for item in parsed.items if item.published_at]
    health = document_health(len(parsed.items), whole)
    reasons = {
        FeedHealth.EMPTY: "the document has no items today",
        FeedHealth.PARTIAL: "the document broke off or is too long; what came was read",
    }
    return Probed(
        feed=feed,
        health=health,
        items=len(parsed.items),
        newest=max(dates, default=None),
        took=took,
        reason=reasons.get(health, ""),
    )


def to_switch_off(probed: Sequence[Probed]) -> tuple[str, ...]:
    """Return the dead feeds; none if no feed has items, because then the fault is on this side."""
    if not any(each.good for each in probed):
        return ()
    return tuple(each.feed.name for each in probed if each.dead and each.health != FeedHealth.EMPTY)
