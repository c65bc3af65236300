"""The stories that are open, held in memory; of what anybody told since, only that is read."""

from dataclasses import dataclass, field
from datetime import datetime

from monitor.executor import Aside
from monitor.store.protocols.base import FeedStore
from monitor.stories.grouping import WINDOW
from monitor.stories.index import Near


@dataclass
class OpenStories:
    """What was told lately, by this program and by any other that writes the same database.

    Nothing is held that is not written: what a poll decides counts here once its commit is read back.
    """

    store: FeedStore
    aside: Aside
    think: Aside
    _held: Near = field(default_factory=Near)

    async def at(self, now: datetime) -> Near:
        """Return what is open now. Decide by it before anybody asks again."""
        since = now - WINDOW
        anew = await self.aside(self.store.told_anew, since, self._held.versions())
        await self.think(self._held.learn, anew, since)
        return self._held
