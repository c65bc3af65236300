"""Keep the index of open stories in memory and let one job at a time use it, in all processes together."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.alerts.raise_alerts import NO_STORIES
from monitor.model import Deal, Judged, LeaseName
from monitor.stories.comparison import WINDOW
from monitor.stories.index import StoryIndex

from .context import ClusterMember, JobContext

#: Stories written so long before the last update may have been committed after it, by another process.
LATE_COMMIT = timedelta(minutes=15)

#: How long to wait before asking again whether another process has decided.
WAIT_S = (0.01, 0.05)


@dataclass
class OpenStories:
    """The open stories in the database, those written by other processes included.

    The index contains only stored stories: it has the changes of a job once they are committed and read back.
    In a cluster, `epoch` is that of the lease under which a job decides now; its outcome must carry it.
    """

    context: JobContext
    _index: StoryIndex = field(default_factory=StoryIndex)
    _read_at: datetime | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    epoch: int | None = None

    @asynccontextmanager
    async def deciding(self, judged: Iterable[Judged] = (), needed: bool = True) -> AsyncIterator[StoryIndex]:
        """Yield the index; no other job gets it until the block, with its commit, has ended.

        So two simultaneous reports of one act raise one alert. It has the purchases of arms that `judged`
        items report. If the index is not `needed`, it is empty, and the block waits for no other.
        """
        if not needed:
            yield NO_STORIES
            return
        async with self._lock, self._leased():
            yield await self._with_deals(await self._updated(), judged)

    @asynccontextmanager
    async def _leased(self) -> AsyncIterator[None]:
        """Keep the jobs of other processes from deciding; a process that dies gives way within its lease."""
        context, member = self.context, self.context.member
        if member is None:
            yield
            return
        self.epoch = await self._take_lease(member)
        try:
            yield
        finally:
            self.epoch = None
            await context.db.run(context.store.end_lease, LeaseName.STORIES, member.id, context.clock())

    async def _take_lease(self, member: ClusterMember) -> int:
        context = self.context
        while True:
            now = context.clock()
            epoch = await context.db.run(
                context.store.take_lease, LeaseName.STORIES, member.id, now, now + member.lease
            )
            if epoch is not None:
                return epoch
            await asyncio.sleep(context.random.uniform(*WAIT_S))

    async def _with_deals(self, index: StoryIndex, judged: Iterable[Judged]) -> StoryIndex:
        """Return the index with the purchases whose stages items report, as far as they are stored."""
        context, deals = self.context, list[Deal]()
        events = (each.verdict.event for each in judged if each.decision.placement)
        wanted = {(event.buyer, event.systems) for event in events if event and event.buyer and event.systems}
        for buyer, systems in sorted(wanted):
            deals += await context.db.run(context.store.deals, buyer, systems)
        return StoryIndex(base=index, deals=deals) if deals else index

    async def _updated(self) -> StoryIndex:
        """Read what was written since the last update; the number of open stories does not matter."""
        context = self.context
        now = context.clock()
        since = now - WINDOW
        unread = since if self._read_at is None else max(since, self._read_at - LATE_COMMIT)
        changed = await context.db.run(context.store.stories_changed, unread, self._index.versions())
        await context.cpu.run(self._index.update, changed, since)
        self._read_at = now
        return self._index
