"""Load the desk at its first request, and its API: many get none, and it takes 12 MB and half a second."""

from asyncio import Lock, to_thread
from collections.abc import Callable
from typing import Any

from monitor.resources import settle_memory, without_collection


class OnDemand:
    """An ASGI application that its first request makes, in a thread; those that come meanwhile wait."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None
        self._making = Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if self._made is None:
            async with self._making:
                if self._made is None:
                    self._made = await to_thread(self._load)
        await self._made(scope, receive, send)

    def _load(self) -> Any:
        with without_collection():
            made = self._make()
        settle_memory()
        return made
