"""The HTTP client for each way of asking: as usual, by a proxy, in HTTP/2; made when one is first needed."""

import ssl

import httpx

from monitor.model import Request

from .guard import Guard
from .native import native
from .transport import proxied


class Clients:
    """Hands out clients; closes those that it made itself, all but `usual`."""

    def __init__(self, usual: httpx.AsyncClient, guard: Guard, trusted: ssl.SSLContext | None = None) -> None:
        self._usual = usual
        self._guard = guard
        self._trusted = trusted
        self._made: dict[tuple[str, bool], httpx.AsyncClient] = {}

    @property
    def user_agent(self) -> str:
        """Who we say we are."""
        return self._usual.headers["User-Agent"]

    def __call__(self, request: Request) -> httpx.AsyncClient:
        """Return the client for a feed that is to be asked so."""
        way = (request.proxy, request.http2)
        if way == ("", False):
            return self._usual
        if way not in self._made:
            self._made[way] = self._make(*way)
        return self._made[way]

    def _make(self, proxy: str, http2: bool) -> httpx.AsyncClient:
        self._trusted = trusted = self._trusted or httpx.create_ssl_context()
        if http2:
            return native(self._guard, self.user_agent, trusted, proxy)
        return proxied(self._guard, self.user_agent, proxy, trusted)

    async def close(self) -> None:
        """Close what was made; it is made again when it is needed again."""
        while self._made:
            await self._made.popitem()[1].aclose()
