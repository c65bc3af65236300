"""Server-sent events: one task watches the store and announces new stories to all browsers."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import structlog

from monitor.errors import StoreError
from monitor.store import Store

log = structlog.get_logger()

#: How often the store is asked, and how often a silent stream gets a comment.
WATCH_S = 2.0
COMMENT_S = 15.0

#: Browsers that may listen at once; events that one may be behind.
MAX_STREAMS = 100
MAX_BEHIND = 100


@dataclass
class EventHub:
    """Announces new stories to all streams. It asks the store only while somebody listens."""

    store: Store
    streams: set[asyncio.Queue[bytes]] = field(default_factory=set)
    _task: asyncio.Task[None] | None = None
    _closing: bool = False

    async def listen(self, last_seq: int) -> AsyncIterator[bytes]:
        """Yield events as bytes, beginning behind `last_seq` or, if that is 0, now."""
        queue: asyncio.Queue[bytes] = asyncio.Queue(MAX_BEHIND)
        self.streams.add(queue)
        try:
            yield b"retry: 5000\n\n"
            seq = await asyncio.to_thread(self.store.last_seq)
            if last_seq and last_seq < seq:
                yield event(seq, {"stories": seq - last_seq})
            self._begin(seq)
            while not self._closing:
                yield await self._next(queue)
        finally:
            self.streams.discard(queue)

    async def close(self) -> None:
        """End all streams."""
        self._closing = True
        for queue in self.streams:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(b"")
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _next(self, queue: asyncio.Queue[bytes]) -> bytes:
        try:
            async with asyncio.timeout(COMMENT_S):
                return await queue.get()
        except TimeoutError:
            return b": still here\n\n"

    def _begin(self, seq: int) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch(seq))

    async def _watch(self, seq: int) -> None:
        """Ask the store as long as there are streams."""
        while self.streams and not self._closing:
            await asyncio.sleep(WATCH_S)
            try:
                now = await asyncio.to_thread(self.store.last_seq)
            except StoreError as error:
                log.warning("web_events_failed", reason=str(error))
                continue
            if now > seq:
                self._send(event(now, {"stories": now - seq}))
                seq = now

    def _send(self, message: bytes) -> None:
        for queue in self.streams:
            if queue.full():  # it asks again with Last-Event-ID, or loads the page
                queue.get_nowait()
            queue.put_nowait(message)


def event(seq: int, data: object, name: str = "story") -> bytes:
    """Return an event; its id is a place in the match sequence."""
    return f"id: {seq}\nevent: {name}\ndata: {json.dumps(data)}\n\n".encode()
