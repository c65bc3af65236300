"""Run every job once, for cron and for trying: the command `once`."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from monitor.jobs.attempt import DeliveryCounts
from monitor.jobs.fulltext import ArticleCounts
from monitor.jobs.lists import RefreshResult
from monitor.jobs.poll_counts import PollCounts

from .build import App

#: After so many looks in a row at articles whose hosts are not free, the others wait for the next time.
_MAX_IDLE = 5


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The result of one pass of `once`."""

    polled: PollCounts
    sent: DeliveryCounts
    digests: int
    lists: tuple[RefreshResult, ...] = ()


async def once(app: App, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> RunSummary:
    """Run every job once, in order: lists, polls, articles, health, overdue, digests, deliveries, retention.

    A feed whose host was asked a moment ago waits for the host's turn, as in the service; one whose host
    asked for a long pause is left for the next time.
    """
    lists = await app.lists.refresh_due()
    polled = await _poll_due(app, pause)
    articles = await _read_articles(app, pause)
    await app.health.run()
    await app.remind.run()
    await app.silence_end.run()
    await app.overdue.run(final=True)
    digests = await app.digest.plan_due(final=True)
    await app.escalate.run()
    sent = await _deliver_due(app)
    if await app.overdue.run(final=True):
        sent += await _deliver_due(app)
    await app.retention.run()
    return RunSummary(polled + PollCounts(alerts=articles.alerts), sent, digests, lists)


async def _poll_due(app: App, pause: Callable[[float], Awaitable[None]]) -> PollCounts:
    """Poll every feed that is due at the start, each host's one after another."""
    begun, polled = app.clock(), PollCounts()
    host_gap = app.policy.polling.host_gap
    while await _is_soon(app, begun):
        shards = await app.poll.due_shards()
        if not shards:
            await pause(host_gap.total_seconds() / 4)
        polled += await app.poll.poll_shards(shards)
        polled += await app.poll.finish()
    return polled


async def _deliver_due(app: App) -> DeliveryCounts:
    channels = await app.deliver.due_channels()
    return sum(await asyncio.gather(*map(app.deliver.send_due, channels)), DeliveryCounts())


async def _read_articles(app: App, pause: Callable[[float], Awaitable[None]]) -> ArticleCounts:
    """Fetch the articles that are due, each host's one after another."""
    read, idle = ArticleCounts(), 0
    host_gap = app.policy.polling.host_gap
    while idle <= _MAX_IDLE and await app.fulltext.count_due():
        shards = await app.fulltext.due_shards()
        read = sum(await asyncio.gather(*map(app.fulltext.read_shard, shards)), read)
        idle = 0 if shards else idle + 1
        await pause(0 if shards else host_gap.total_seconds() / 4)
    return read


async def _is_soon(app: App, begun: datetime) -> bool:
    """Say whether the turn of a feed that was due at the start comes within the usual gap of its host."""
    turn = await app.db.run(app.store.next_due, begun)
    return turn is not None and turn - app.clock() <= app.policy.polling.host_gap
