"""Delete old items, documents, messages and incidents in batches; items still listed upstream stay."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from .context import JobContext

log = structlog.get_logger()

EVERY = timedelta(days=1)

#: Rows in one transaction: a poll waits no longer than for one of its own.
BATCH = 500


@dataclass
class RetentionJob:
    """Tidies the archive once a day, however often it runs."""

    context: JobContext
    batch: int = BATCH

    async def run(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Delete what is past its period, unless that was done within a day; return the number of rows."""
        db, store, now = self.context.db, self.context.store, self.context.clock()
        last = await db.run(store.purged_at)
        if last is not None and last <= now < last + EVERY:
            return 0
        deleted, cutoffs = 0, self.context.policy.retention.cutoffs(now)
        while not stop() and (count := await db.run(store.purge, cutoffs, now, self.batch)):
            deleted += count
        if not stop():
            await db.run(store.record_purge, now)
            log.info("archive_tidied", rows=deleted)
        return deleted
