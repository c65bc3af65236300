"""Bring the index of words up to date after an upgrade that folds text in another way."""

from dataclasses import dataclass

import structlog

from .context import JobContext

log = structlog.get_logger()

#: Rows in one transaction: a poll waits no longer than for one of its own.
BATCH = 100


@dataclass
class RefoldJob:
    """Folds a batch of stored words again each time it runs, until all are as a search expects them."""

    context: JobContext
    batch: int = BATCH
    _count: int = 0
    _done: bool = False

    async def run(self) -> int:
        """Fold one batch; return the number of rows examined, 0 once nothing is left."""
        if self._done:
            return 0
        count = await self.context.db.run(self.context.store.refold, self.batch)
        self._count += count
        if not count:
            self._done = True
            if self._count:
                log.info("words_folded", rows=self._count)
        return count
