"""Commit the outcomes of concurrent polls together, in one transaction for all that wait."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field

from monitor.feeds.commit_pause import CommitPause
from monitor.model import PollOutcome

#: The most outcomes of one transaction: more would keep other writers waiting and save little.
MAX_GROUP = 50

#: After so many failed commits in a row the store is at fault, not an outcome.
MAX_FAILURES = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """An outcome that waits for its commit; `written` says in the end whether its state was not stale."""

    outcome: PollOutcome
    written: asyncio.Future[bool]


@dataclass(slots=True)
class GroupCommit:
    """Commits what waits while the transaction before it runs; a poll alone is committed at once.

    `write` commits outcomes in one transaction and returns the feeds whose state was not stale. When a group
    fails, each of its outcomes is committed alone, so that one that the store refuses does not hold up the
    others. `pause` counts the failures.
    """

    write: Callable[[Sequence[PollOutcome]], Awaitable[Collection[str]]]
    pause: CommitPause
    _queue: list[_Waiting] = field(default_factory=list)
    _running: asyncio.Task[None] | None = None

    async def commit(self, outcome: PollOutcome) -> bool:
        """Write an outcome; return whether its state was not stale.

        A cancelled call writes nothing unless its transaction has begun.

        Raises:
            StoreError: the outcome was not written.
        """
        waiting = _Waiting(outcome, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._running is None:
            self._running = asyncio.create_task(self._commit_all())
        return await waiting.written

    async def _commit_all(self) -> None:
        try:
            while self._queue:
                group, self._queue = self._queue[:MAX_GROUP], self._queue[MAX_GROUP:]
                await self._commit_group([each for each in group if not each.written.cancelled()])
        finally:
            self._running = None

    async def _commit_group(self, group: Sequence[_Waiting]) -> None:
        error = await self._attempt(group)
        if error and len(group) == 1:
            _fail(group, error)
        elif error:
            await self._commit_each(group)

    async def _commit_each(self, group: Sequence[_Waiting]) -> None:
        failures = 0
        for number, each in enumerate(group):
            error = await self._attempt([each])
            failures = failures + 1 if error else 0
            if error and failures == MAX_FAILURES:
                _fail(group[number:], error)
                return
            if error:
                _fail([each], error)

    async def _attempt(self, group: Sequence[_Waiting]) -> Exception | None:
        """Commit a group; return what went wrong, which each of its polls then raises."""
        try:
            await self._write(group)
        except Exception as error:  # noqa: BLE001  a fault of one outcome must leave no other poll waiting
            return error
        return None

    async def _write(self, group: Sequence[_Waiting]) -> None:
        if not group:
            return
        outcomes = [each.outcome for each in group]
        with self.pause:
            feeds = await self.write(outcomes)
        for each in group:
            if not each.written.done():
                each.written.set_result(each.outcome.state.feed in feeds)


def _fail(group: Sequence[_Waiting], error: Exception) -> None:
    for each in group:
        if not each.written.done():
            each.written.set_exception(error)
