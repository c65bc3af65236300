"""One conditional, bounded, guarded GET (RFC 9110 §13), with redirects followed by hand."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import httpx

from monitor.errors import FeedError
from monitor.model import Feed, FeedState

from .answers import refused, validator
from .base import Elsewhere, Fetched, NotModified
from .cadence import forced
from .guard import Guard
from .inflate import TooLarge, Unreadable, inflate
from .links import shown
from .local import SCHEMES, read_local
from .transport import cause_of

_ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOST_HEADERS, _LONGEST_HEADER = 50, 1_000
_ASIDE = 200_000  # inflating and hashing more than this leaves the loop


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one answer may cost, and whether redirects are followed to other hosts."""

    wire_bytes: int = 5_000_000
    body_bytes: int = 20_000_000
    redirects: int = 5
    one_host: bool = False


class Fetcher:
    """Fetches feeds from the web, and from the disk for ``seed:`` and ``file:`` addresses.

    How long one fetch may take altogether is the caller's to bound, by `base.deadline`.
    """

    def __init__(self, http: httpx.AsyncClient, guard: Guard, limits: Limits | None = None) -> None:
        self._http = http
        self._guard = guard
        self._limits = limits or Limits()

    async def __call__(self, feed: Feed, state: FeedState, now: datetime) -> Fetched | NotModified:
        """Ask for a feed once, with the validators in `state` unless a day passed without proof of content.

        Raises:
            FeedError: not reached, not allowed, not 200 or 304, or beyond the limits.
        """
        if feed.url.partition(":")[0].lower() in SCHEMES:
            return await asyncio.to_thread(read_local, feed, state, max_bytes=self._limits.body_bytes)
        asked = replace(state, etag=None, last_modified=None) if forced(state, now) else state
        url = _address(feed.url)
        headers = {"Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate", **_conditions(asked)}
        credentials = _credentials(url)
        for _ in range(self._limits.redirects + 1):
            async with self._open(url, headers | credentials) as response:
                if response.status_code not in _MOVED:
                    return await self._answer(response, asked, now)
                target = self._next(url, response.headers.get("Location", ""))
            if self._limits.one_host and target.netloc != url.netloc:
                raise Elsewhere(str(target))
            credentials = credentials if _same_place(url, target) else {}
            url = target
        raise FeedError(f"{shown(feed.url)} redirects more than {self._limits.redirects} times", "http")

    @asynccontextmanager
    async def _open(self, url: httpx.URL, headers: dict[str, str]) -> AsyncIterator[httpx.Response]:
        """Ask for one hop; what goes wrong on the way, here or while reading, becomes a `FeedError`."""
        refusal = self._guard.refusal(url.host, port_of(url))
        if refusal:
            raise FeedError(f"{shown(str(url))} is not fetched: {refusal.strerror}", "guarded") from refusal
        bare = url.copy_with(username=None, password=None, fragment=None)
        try:
            async with self._http.stream(
                "GET", bare, headers=headers, auth=None, follow_redirects=False
            ) as response:
                yield response
        except httpx.HTTPError as error:
            health, reason = cause_of(error)
            raise FeedError(f"{shown(str(url))} cannot be fetched: {reason}", health) from error

    def _next(self, url: httpx.URL, location: str) -> httpx.URL:
        """Return where a redirect leads, if it may be followed."""
        target = url.join(_address(location))
        where = f"{shown(str(url))} redirects to {shown(str(target))}"
        if target.scheme not in {"http", "https"} or not target.host or not location:
            raise FeedError(f"{where}, which is no web address", "http")
        if url.scheme == "https" and target.scheme == "http":
            raise FeedError(f"{where}, without encryption; if that is meant, write that address", "http")
        lan, was_lan = (self._guard.allows(u.host, port_of(u)) for u in (target, url))
        if lan and not was_lan:  # the operator opened that host to feeds, not to whoever redirects there
            raise FeedError(f"{where}, an allowed host that this feed does not name", "guarded")
        return target

    async def _answer(
        self, response: httpx.Response, state: FeedState, now: datetime
    ) -> Fetched | NotModified:
        etag, modified = (validator(response.headers.get(name)) for name in ("ETag", "Last-Modified"))
        where = shown(str(response.url))
        if response.status_code == 304 and (state.etag or state.last_modified):
            return NotModified(etag, modified)
        if response.status_code not in {200, 203}:
            raise refused(response.status_code, response.headers.get("Retry-After"), where, now)
        if etag and etag == state.etag:
            return NotModified(etag, modified)
        wire, broken = await self._wire(response, where)
        encodings = response.headers.get("Content-Encoding", "")
        work = partial(self._opened, wire, encodings, where)
        body, whole, body_hash = await asyncio.to_thread(work) if len(wire) > _ASIDE else work()
        if body_hash == state.body_hash:
            return NotModified(etag, modified, proved=True)
        kind = response.headers.get("Content-Type", "")
        url, headers = str(response.url), _evidence(response.headers)
        return Fetched(body, kind, etag, modified, body_hash, url, broken or not whole, headers)

    async def _wire(self, response: httpx.Response, where: str) -> tuple[bytes, bool]:
        """Return the bytes as they came, and whether the answer broke off after some of them."""
        limit, got = self._limits.wire_bytes, bytearray()
        declared = response.headers.get("Content-Length", "")
        try:
            if not declared.isdecimal() or int(declared[:18]) <= limit:
                async for chunk in response.aiter_raw():
                    got += chunk
                    if len(got) > limit:
                        break
                else:
                    return bytes(got), False
        except (httpx.ReadError, httpx.RemoteProtocolError):
            if not got:
                raise
            return bytes(got), True
        raise FeedError(f"{where} answers with more than {limit:,} bytes", "too_large")

    def _opened(self, wire: bytes, encodings: str, where: str) -> tuple[bytes, bool, str]:
        limit = self._limits.body_bytes
        try:
            inflated = inflate(wire, encodings, limit)
        except TooLarge as error:
            raise FeedError(f"{where} unpacks to more than {limit:,} bytes", "too_large") from error
        except Unreadable as error:
            raise FeedError(f"{where} answers with a body that is {error}", "protocol") from error
        return inflated.body, inflated.whole, hashlib.sha256(inflated.body).hexdigest()


def _conditions(state: FeedState) -> dict[str, str]:
    asked = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in asked.items() if value}


def _evidence(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    """Return the headers that came with a document, without cookies."""
    named = ((name.lower(), value[:_LONGEST_HEADER]) for name, value in headers.items())
    return tuple((name, value) for name, value in named if name != "set-cookie")[:_MOST_HEADERS]


def _address(text: str) -> httpx.URL:
    try:
        return httpx.URL(text)
    except httpx.InvalidURL as error:
        raise FeedError(f"{shown(text)} is not an address that can be asked for", "protocol") from error


def port_of(url: httpx.URL) -> int | None:
    """Return the port that an address means."""
    return url.port or {"http": 80, "https": 443}.get(url.scheme)


def _credentials(url: httpx.URL) -> dict[str, str]:
    """Return the header that stands for ``user:password@`` in an address; aiohttp refuses to get both."""
    if not url.userinfo:
        return {}
    pair = f"{url.username}:{url.password}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _same_place(url: httpx.URL, target: httpx.URL) -> bool:
    """Return whether credentials may go along: same origin, or the same host turning to encryption."""
    ways = {(url.scheme, port_of(url)), (target.scheme, port_of(target))}
    return url.host == target.host and (len(ways) == 1 or ways == {("http", 80), ("https", 443)})
