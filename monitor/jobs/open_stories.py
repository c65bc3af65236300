"""The stories that are open, held in memory; of what anybody told since, only that is read."""

from dataclasses import dataclass, field
from datetime import datetime

from monitor.executor import Executor
from monitor.store.protocols.base import FeedStore
from monitor.stories.grouping import WINDOW
from monitor.stories.index import Near


@dataclass
class OpenStories:
    """What was told lately, by this program and by any other that writes the same database.

    Nothing is held that is not written: what a poll decides counts here once its commit is read back.
    """

    store: FeedStore
    db: Executor
    cpu: Executor
    _held: Near = field(default_factory=Near)

    async def at(self, now: datetime) -> Near:
        """Return what is open now. Decide by it before anybody asks again."""
        since = now - WINDOW
        anew = await self.db.run(self.store.stories_changed, since, self._held.versions())
        await self.cpu.run(self._held.learn, anew, since)
        return self._held
