"""Read a response's stream with the errors of its library translated into httpx errors."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager

import httpx


class TranslatedStream(httpx.AsyncByteStream):
    """A stream that is read and closed within `translate`, which raises httpx errors in place of others."""

    def __init__(
        self,
        inner: AsyncIterable[bytes],
        close: Callable[[], Awaitable[None]],
        translate: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._inner = inner
        self._close = close
        self._translate = translate

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with self._translate():
            async for chunk in self._inner:
                yield chunk

    async def aclose(self) -> None:
        with self._translate():
            await self._close()
