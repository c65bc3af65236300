"""One guarded GET with its redirects, followed by hand: what may go along, and where they may lead."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from monitor.errors import FeedError
from monitor.feeds.base import Elsewhere
from monitor.feeds.links import shown
from monitor.model import Request

from .clients import Clients
from .guard import Guard
from .responses import telling
from .transport import cause_of, credentials, port_of

_MOVED = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Ask:
    """One question; `own` are headers that go to the origin of `url` only."""

    url: httpx.URL = field(repr=False)
    headers: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict, repr=False)
    request: Request = field(default_factory=Request)


@dataclass(frozen=True, slots=True)
class Arrived:
    """An answer that leads nowhere else, its body not yet read; `hops` are the redirects before it."""

    response: httpx.Response
    hops: tuple[tuple[int, str], ...] = ()

    @property
    def where(self) -> str:
        """The address, as it may stand in an error text."""
        return shown(str(self.response.url))

    @property
    def moved_to(self) -> str:
        """The address that stands for the one asked, from now on; "" if a redirect was but for this time."""
        for_good = self.hops and all(status in _FOR_GOOD for status, _ in self.hops)
        return str(self.response.url) if for_good else ""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What is kept as evidence."""
        return telling(self.response.headers) + tuple(("location", where) for _, where in self.hops)

    async def raw(self, limit: int) -> AsyncIterator[bytes]:
        """Yield the body as it comes over the wire.

        Raises:
            FeedError: more than `limit` bytes; `health` is ``too_large``.
            httpx.HTTPError: it broke off; `Hops.arrived` makes a `FeedError` of what nobody catches.
        """
        declared, size = self.response.headers.get("Content-Length", ""), 0
        too_large = FeedError(f"{self.where} answers with more than {limit:,} bytes", "too_large")
        if declared.isdecimal() and int(declared[:18]) > limit:
            raise too_large
        async for chunk in self.response.aiter_raw():
            size += len(chunk)
            if size > limit:
                raise too_large
            yield chunk


class Hops:
    """Asks, and asks on where the answer leads elsewhere; with `one_host` never at another host."""

    def __init__(self, clients: Clients, guard: Guard, most: int, *, one_host: bool = False) -> None:
        self._clients = clients
        self._guard = guard
        self._most = most
        self._one_host = one_host

    @asynccontextmanager
    async def arrived(self, ask: Ask) -> AsyncIterator[Arrived]:
        """Ask until an answer leads nowhere else; what goes wrong here or in reading is a `FeedError`."""
        url, own = ask.url, credentials(ask.url) | dict(ask.own)
        hops: tuple[tuple[int, str], ...] = ()
        for _ in range(self._most + 1):
            headers = httpx.Headers(ask.headers)
            headers.update(own)
            async with self._open(self._clients(ask.request), url, headers) as response:
                if response.status_code not in _MOVED:
                    yield Arrived(response, hops)
                    return
                target = self._next(url, response.headers.get("Location", ""))
            if self._one_host and target.netloc != url.netloc:
                raise Elsewhere(str(target))
            hops += ((response.status_code, shown(str(target))),)
            own = own if _same_place(url, target) else {}
            url = target
        raise FeedError(f"{shown(str(ask.url))} redirects more than {self._most} times", "http")

    @asynccontextmanager
    async def _open(
        self, http: httpx.AsyncClient, url: httpx.URL, headers: httpx.Headers
    ) -> AsyncIterator[httpx.Response]:
        refusal = self._guard.refusal(url.host, port_of(url))
        if refusal:
            raise FeedError(f"{shown(str(url))} is not fetched: {refusal.strerror}", "guarded") from refusal
        bare = url.copy_with(username=None, password=None, fragment=None)
        try:
            async with http.stream(
                "GET", bare, headers=headers, auth=None, follow_redirects=False
            ) as response:
                yield response
        except httpx.HTTPError as error:
            health, reason = cause_of(error)
            raise FeedError(f"{shown(str(url))} cannot be fetched: {reason}", health) from error

    def _next(self, url: httpx.URL, location: str) -> httpx.URL:
        """Return where a redirect leads, if it may be followed."""
        target = url.join(address(location))
        where = f"{shown(str(url))} redirects to {shown(str(target))}"
        if target.scheme not in {"http", "https"} or not target.host or not location:
            raise FeedError(f"{where}, which is no web address", "http")
        if url.scheme == "https" and target.scheme == "http":
            raise FeedError(f"{where}, without encryption; if that is meant, write that address", "http")
        lan, was_lan = (self._guard.allows(u.host, port_of(u)) for u in (target, url))
        if lan and not was_lan:  # the operator opened that host to feeds, not to whoever redirects there
            raise FeedError(f"{where}, an allowed host that this feed does not name", "guarded")
        return target


def address(text: str) -> httpx.URL:
    """Return an address as a URL.

    Raises:
        FeedError: it is none.
    """
    try:
        return httpx.URL(text)
    except httpx.InvalidURL as error:
        raise FeedError(f"{shown(text)} is not an address that can be asked for", "protocol") from error


def _same_place(url: httpx.URL, target: httpx.URL) -> bool:
    """Return whether credentials may go along: same origin, or the same host turning to encryption."""
    ways = {(url.scheme, port_of(url)), (target.scheme, port_of(target))}
    return url.host == target.host and (len(ways) == 1 or ways == {("http", 80), ("https", 443)})
