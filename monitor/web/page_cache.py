"""Keep rendered pages for seconds: readers who ask for the same at the same time share one page."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

#: Pages kept, and for how many seconds.
MOST_KEPT = 64
KEPT_S = 15


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page; `nonce` is in its policy and in its tags, and is replaced in each response."""

    html: str
    nonce: str
    status: int = 200


def period_of(address: str, now: datetime) -> int:
    """Return the number of the period of `KEPT_S` that it is; those of different addresses end apart."""
    return int(now.timestamp() + crc32(address.encode()) % KEPT_S) // KEPT_S


@dataclass
class PageCache:
    """Pages by key; a key has everything that a page depends on, the time among it."""

    _pages: OrderedDict[Hashable, asyncio.Future[Page]] = field(default_factory=OrderedDict)

    async def page(self, key: Hashable, render: Callable[[], Awaitable[Page]]) -> Page:
        """Return the page of a key; rendered once, however many wait for it. A failure is not kept."""
        found = self._pages.get(key)
        if found is None:
            found = self._pages[key] = asyncio.ensure_future(render())
            found.add_done_callback(lambda done: self._forget_failed(key, done))
            while len(self._pages) > MOST_KEPT:
                self._pages.popitem(last=False)
        return await asyncio.shield(found)

    def _forget_failed(self, key: Hashable, done: asyncio.Future[Page]) -> None:
        if (done.cancelled() or done.exception()) and self._pages.get(key) is done:
            del self._pages[key]
