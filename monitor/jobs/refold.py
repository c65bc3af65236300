"""Bring the index of words up to date after an upgrade that folds text in another way."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from .context import JobContext

log = structlog.get_logger()

#: Rows in one transaction: a poll waits no longer than for one of its own.
BATCH = 100


@dataclass
class RefoldJob:
    """Folds stored words again, batch by batch, until all are as a search expects them."""

    context: JobContext
    batch: int = BATCH
    pause_s: float = 1.0
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

    async def run_all(self, stop: Callable[[], bool]) -> None:
        """Fold batch after batch, with a pause after each, until nothing is left or `stop` says so."""
        while not stop() and await self.run():
            await asyncio.sleep(self.pause_s)
