"""Keep the index of open stories in memory and let one job at a time use it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.alerts.raise_alerts import NO_STORIES
from monitor.model import Deal, Judged
from monitor.stories.comparison import WINDOW
from monitor.stories.index import StoryIndex

from .context import JobContext

#: Stories written so long before the last look may have been committed after it, by another process.
LATE_COMMIT = timedelta(minutes=15)


@dataclass
class OpenStories:
    """The open stories in the database, those written by other processes included.

    The index contains only stored stories: it has the changes of a job once they are committed and read back.
    """

    context: JobContext
    _index: StoryIndex = field(default_factory=StoryIndex)
    _read_at: datetime | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def deciding(self, judged: Iterable[Judged] = (), needed: bool = True) -> AsyncIterator[StoryIndex]:
        """Yield the index; no other job gets it until the block, with its commit, has ended.

        So two simultaneous reports of one act raise one alert. It has the purchases of arms that `judged`
        items report. If the index is not `needed`, nothing is read and it is empty.
        """
        async with self._lock:
            yield await self._with_deals(await self._updated(), judged) if needed else NO_STORIES

    async def _with_deals(self, index: StoryIndex, judged: Iterable[Judged]) -> StoryIndex:
        """Return the index with the purchases whose stages items report, as far as they are stored."""
        context, deals = self.context, list[Deal]()
        events = (each.verdict.event for each in judged if each.decision.placement)
        wanted = {(event.buyer, event.systems) for event in events if event and event.buyer and event.systems}
        for buyer, systems in sorted(wanted):
            deals += await context.db.run(context.store.deals, buyer, systems)
        return StoryIndex(base=index, deals=deals) if deals else index

    async def _updated(self) -> StoryIndex:
        """Read what was written since the last look; that costs the same however many stories are open."""
        context = self.context
        now = context.clock()
        since = now - WINDOW
        unread = since if self._read_at is None else max(since, self._read_at - LATE_COMMIT)
        changed = await context.db.run(context.store.stories_changed, unread, self._index.versions())
        await context.cpu.run(self._index.update, changed, since)
        self._read_at = now
        return self._index
