"""Create and cache the HTTP client for each kind of request: usual, through a proxy, HTTP/2."""

import ssl

import httpx

from monitor.model import Request

from .authorities import trusted_authorities
from .guard import Guard
from .transport import proxy_client


class Clients:
    """A cache of clients; `close` closes those created here, not `usual`."""

    def __init__(self, usual: httpx.AsyncClient, guard: Guard, trusted: ssl.SSLContext | None = None) -> None:
        self._usual = usual
        self._guard = guard
        self._trusted = trusted
        self._created: dict[tuple[str, bool], httpx.AsyncClient] = {}

    @property
    def user_agent(self) -> str:
        """The User-Agent of the usual client."""
        return self._usual.headers["User-Agent"]

    def __call__(self, request: Request) -> httpx.AsyncClient:
        """Return the client for a request."""
        kind = (request.proxy, request.http2)
        if kind == ("", False):
            return self._usual
        if kind not in self._created:
            self._created[kind] = self._create(*kind)
        return self._created[kind]

    def _create(self, proxy: str, http2: bool) -> httpx.AsyncClient:
        self._trusted = trusted = self._trusted or trusted_authorities()
        if http2:
            from .http2 import http2_client  # noqa: PLC0415  loads httpcore, which few feeds need

            return http2_client(self._guard, self.user_agent, trusted, proxy)
        return proxy_client(self._guard, self.user_agent, proxy, trusted)

    async def close(self) -> None:
        """Close the clients created here; they are created again on demand."""
        while self._created:
            await self._created.popitem()[1].aclose()
