"""Create and cache the HTTP client for each kind of request: usual, own certificates, proxy, HTTP/2."""

import ssl
from pathlib import Path
from typing import NamedTuple

import httpx

from monitor.errors import FeedError, FeedHealth
from monitor.model import Request

from .authorities import authorities_with, trusted_authorities
from .guard import Guard
from .transport import client, proxy_client


class _ClientKind(NamedTuple):
    """The part of a request that decides which client sends it."""

    proxy: str = ""
    http2: bool = False
    ca: str = ""


class Clients:
    """A cache of clients; `close` closes those created here, not `usual`."""

    def __init__(self, usual: httpx.AsyncClient, guard: Guard, trusted: ssl.SSLContext | None = None) -> None:
        self._usual = usual
        self._guard = guard
        self._trusted = trusted
        self._created: dict[_ClientKind, httpx.AsyncClient] = {}

    @property
    def user_agent(self) -> str:
        """The User-Agent of the usual client."""
        return self._usual.headers["User-Agent"]

    def __call__(self, request: Request) -> httpx.AsyncClient:
        """Return the client for a request.

        Raises:
            FeedError: the file of certificates cannot be used; `health` is ``tls``.
        """
        kind = _ClientKind(request.proxy, request.http2, request.ca)
        if kind == _ClientKind():
            return self._usual
        if kind not in self._created:
            self._created[kind] = self._create(kind)
        return self._created[kind]

    def _create(self, kind: _ClientKind) -> httpx.AsyncClient:
        trusted = self._trust(kind.ca)
        if kind.http2:
            from .http2 import http2_client  # noqa: PLC0415  loads httpcore, which few feeds need

            return http2_client(self._guard, self.user_agent, trusted, kind.proxy)
        if kind.proxy:
            return proxy_client(self._guard, self.user_agent, kind.proxy, trusted)
        return client(self._guard, self.user_agent, verify=trusted)

    def _trust(self, ca: str) -> ssl.SSLContext:
        if not ca:
            self._trusted = self._trusted or trusted_authorities()
            return self._trusted
        return trust_file(ca)

    async def close(self) -> None:
        """Close the clients created here; they are created again on demand."""
        while self._created:
            await self._created.popitem()[1].aclose()


def trust_file(ca: str) -> ssl.SSLContext:
    """Return a context that also trusts the certificates of a file.

    Raises:
        FeedError: the file cannot be used.
    """
    try:
        return authorities_with(Path(ca))
    except OSError as error:
        reason = f"ca: {ca} cannot be read; write the path of a PEM file with certificates"
        raise FeedError(reason, FeedHealth.TLS) from error
