"""Count the seconds of a time limit only while the event loop is free to read from the network."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

#: A limit is counted in so many steps; a step that the loop comes late to counts as two at most.
STEPS = 20


@contextmanager
def countdown(timeout: asyncio.Timeout, seconds: float) -> Iterator[None]:
    """Let `timeout` expire after `seconds`, not counting what a busy event loop adds to them.

    While the loop computes, answers wait in its sockets: their servers are not to blame.
    """
    counting = _Countdown(timeout, seconds)
    counting.start()
    try:
        yield
    finally:
        counting.stop()


class _Countdown:
    def __init__(self, timeout: asyncio.Timeout, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._timeout = timeout
        self._left, self._step = seconds, seconds / STEPS

    def start(self) -> None:
        self._begun = self._loop.time()
        self._timer = self._loop.call_later(min(self._step, self._left), self._count)

    def stop(self) -> None:
        self._timer.cancel()

    def _count(self) -> None:
        self._left -= min(self._loop.time() - self._begun, 2 * self._step)
        if self._left > 0:
            self.start()
        else:
            self._timeout.reschedule(self._loop.time())
