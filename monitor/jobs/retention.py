"""What is old and told nobody anything leaves the archive bit by bit; what upstream still lists stays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.clock import Clock
from monitor.executor import Executor
from monitor.model import RetentionCutoffs
from monitor.store.protocols.base import Archive

log = structlog.get_logger()

EVERY = timedelta(days=1)

#: Rows in one transaction: polls wait no longer than for one of their own.
BATCH = 500


@dataclass(frozen=True, slots=True)
class RetentionPeriods:
    """How long things are kept."""

    items: timedelta
    documents: timedelta
    messages: timedelta
    incidents: timedelta

    def before(self, now: datetime) -> RetentionCutoffs:
        """Return where that leaves off."""
        return RetentionCutoffs(
            now - self.items, now - self.documents, now - self.messages, now - self.incidents
        )


@dataclass
class RetentionJob:
    """Tidies the archive once a day, whoever asks how often."""

    keep: RetentionPeriods
    store: Archive
    db: Executor
    clock: Clock
    batch: int = BATCH

    async def tidy(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Delete what may go, unless that was done within a day; return how many rows went."""
        now = self.clock()
        last = await self.db.run(self.store.tidied_at)
        if last is not None and last <= now < last + EVERY:
            return 0
        gone, horizons = 0, self.keep.before(now)
        while not stop() and (went := await self.db.run(self.store.purge, horizons, now, self.batch)):
            gone += went
        if not stop():
            await self.db.run(self.store.tidied, now)
            log.info("archive_tidied", rows=gone)
        return gone
