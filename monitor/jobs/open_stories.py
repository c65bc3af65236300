"""Keep the index of open stories in memory and let one job at a time use it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from monitor.alerts.raise_alerts import NO_STORIES
from monitor.stories.grouping import WINDOW
from monitor.stories.index import StoryIndex

from .context import JobContext


@dataclass
class OpenStories:
    """The open stories in the database, those written by other processes included.

    The index contains only stored stories: it has the changes of a job once they are committed and read back.
    """

    context: JobContext
    _index: StoryIndex = field(default_factory=StoryIndex)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def deciding(self, needed: bool = True) -> AsyncIterator[StoryIndex]:
        """Yield the index; no other job gets it until the block, with its commit, has ended.

        So two simultaneous reports of one act raise one alert. If the index is not `needed`, nothing is read
        and it is empty.
        """
        async with self._lock:
            yield await self._updated() if needed else NO_STORIES

    async def _updated(self) -> StoryIndex:
        context = self.context
        since = context.clock() - WINDOW
        changed = await context.db.run(context.store.stories_changed, since, self._index.versions())
        await context.cpu.run(self._index.update, changed, since)
        return self._index
