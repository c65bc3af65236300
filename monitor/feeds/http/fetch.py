"""The one fetcher of every document: conditional (RFC 9110 §13), bounded and guarded."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from ssl import SSLContext
from typing import Self, TypeVar

import httpx

from monitor.errors import FeedError
from monitor.feeds.base import NOTHING, Fetched, NotModified, Saved, Validators
from monitor.feeds.cadence import forced
from monitor.feeds.local import SCHEMES, read_local
from monitor.model import Feed, FeedState, Kind, Request

from .clients import Clients
from .download import broken_off, put, spooled
from .guard import Guard
from .inflate import ACCEPTED, Inflated, TooLarge, Unreadable, inflate
from .redirects import Arrived, Ask, Hops, address
from .responses import hint, lied, open_agent, refused, validator, wall

_ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"
_ASIDE = 200_000  # inflating and hashing more than this leaves the loop
_MOST_REMEMBERED = 10_000

Result = TypeVar("Result", Fetched, Saved)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one answer may cost, and whether redirects are followed to other hosts."""

    wire_bytes: int = 5_000_000
    body_bytes: int = 20_000_000
    redirects: int = 5
    one_host: bool = False


@dataclass(frozen=True, slots=True)
class _Manner:
    """What a server needs that others do not: another user agent, bodies that are not packed."""

    open_agent: bool = False
    unpacked: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, and what is known: `sent` goes along as conditions, `stored` is what we have.

    `document` says that a web page is not what is wanted.
    """

    url: httpx.URL = field(repr=False)
    stored: Validators = NOTHING
    sent: Validators = NOTHING
    request: Request = field(default_factory=Request)
    document: bool = False


class _Mislabelled(FeedError):
    """A body is not packed as its label says."""


class Fetcher:
    """Fetches feeds from the web, or the disk for ``seed:`` and ``file:`` addresses; also pages and lists.

    How long one fetch may take altogether is the caller's to bound, by `base.deadline`. `http` stays the
    caller's; leaving the context, or `close`, ends the clients made for proxies and HTTP/2.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        guard: Guard,
        limits: Limits | None = None,
        trusted: SSLContext | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._clients = Clients(http, guard, trusted)
        self._hops = Hops(self._clients, guard, self._limits.redirects, one_host=self._limits.one_host)
        self._manners: dict[str, _Manner] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the clients made here."""
        await self._clients.close()

    async def __call__(self, feed: Feed, state: FeedState, now: datetime) -> Fetched | NotModified:
        """Ask for a feed once, with the validators in `state` unless a day passed without proof of content.

        Raises:
            FeedError: not reached, not allowed, not 200 or 304, beyond the limits, or no document but a wall.
        """
        if feed.url.partition(":")[0].lower() in SCHEMES:
            return await asyncio.to_thread(read_local, feed, state, max_bytes=self._limits.body_bytes)
        stored = Validators(state.etag, state.last_modified, state.body_hash)
        sent = Validators() if forced(state, now) else stored
        question = _Question(address(feed.url), stored, sent, feed.request, feed.kind is not Kind.PAGE)
        return await self._patiently(question, now, partial(self._fetched, self._limits, question, now))

    async def page(self, url: str, now: datetime, limits: Limits | None = None) -> Fetched:
        """Ask for any web address once, unconditionally and without credentials.

        Raises:
            FeedError: as for a feed; `status` is that of an answer without a document.
        """
        question = _Question(_bare(url))
        got = await self._patiently(
            question, now, partial(self._fetched, limits or self._limits, question, now)
        )
        assert isinstance(got, Fetched)  # noqa: S101  nothing was known that could be unchanged
        return got

    async def save(
        self,
        url: str,
        path: Path,
        now: datetime,
        known: Validators = NOTHING,
        limits: Limits | None = None,
    ) -> Saved | NotModified:
        """Put what any web address holds into a file, in constant memory and without credentials.

        `known` says what `path` holds. Until the whole document is there and unpacked, `path` stays as it is.

        Raises:
            FeedError: as for a feed; ``partial`` when it broke off.
        """
        question = _Question(_bare(url), known, known)
        take = partial(self._saved, limits or self._limits, path, now)
        got = await self._patiently(question, now, take)
        if isinstance(got, Saved) and got.body_hash == known.body_hash:
            return NotModified(got.etag, got.last_modified, True, got.hint, got.moved_to, got.headers)
        return got

    async def _patiently(
        self, question: _Question, now: datetime, take: Callable[[Arrived], Awaitable[Result | NotModified]]
    ) -> Result | NotModified:
        """Ask in the manner that served this host before, else in another; remember what helped."""
        place = question.url.netloc.decode()
        manner = usual = self._manners.get(place, _Manner())
        while True:
            try:
                got = await self._once(question, manner, now, take)
            except FeedError as error:
                better = self._better(manner, error, question)
                if better is None:
                    self._manners.pop(place, None)
                    raise
                manner = better
            else:
                if manner != usual:
                    self._remember(place, manner)
                return got

    def _better(self, manner: _Manner, error: FeedError, question: _Question) -> _Manner | None:
        if isinstance(error, _Mislabelled) and not manner.unpacked:
            return replace(manner, unpacked=True)
        known_by_default = not question.request.user_agent and open_agent(self._clients.user_agent)
        if error.status == 403 and known_by_default and not manner.open_agent:
            return replace(manner, open_agent=True)
        return None

    def _remember(self, place: str, manner: _Manner) -> None:
        if len(self._manners) >= _MOST_REMEMBERED:
            self._manners.clear()
        self._manners[place] = manner

    async def _once(
        self,
        question: _Question,
        manner: _Manner,
        now: datetime,
        take: Callable[[Arrived], Awaitable[Result | NotModified]],
    ) -> Result | NotModified:
        async with self._hops.arrived(self._ask(question, manner)) as arrived:
            headers, status = arrived.response.headers, arrived.response.status_code
            etag, sent = validator(headers.get("ETag")), question.sent
            asked = sent.etag or sent.last_modified
            if (status == 304 and asked) or (status in {200, 203} and etag and etag == sent.etag):
                return _unchanged(arrived, now)
            if status not in {200, 203}:
                raise refused(status, headers, arrived.where, now)
            return await take(arrived)

    def _ask(self, question: _Question, manner: _Manner) -> Ask:
        request = question.request
        agent = open_agent(self._clients.user_agent) if manner.open_agent else self._clients.user_agent
        headers = {
            "User-Agent": request.user_agent or agent,
            "Accept": _ACCEPT if question.document else "*/*",
            "Accept-Encoding": "identity" if manner.unpacked else ACCEPTED,
            **_conditions(question.sent),
        }
        own = dict(request.headers) | ({"Authorization": request.auth} if request.auth else {})
        return Ask(question.url, headers, own, request)

    async def _fetched(
        self, limits: Limits, question: _Question, now: datetime, arrived: Arrived
    ) -> Fetched | NotModified:
        wire, broken = await _wire(arrived, limits.wire_bytes)
        work = partial(_opened, wire, arrived, limits.body_bytes)
        inflated, body_hash = await asyncio.to_thread(work) if len(wire) > _ASIDE else work()
        headers, stored = arrived.response.headers, question.stored
        if barred := wall(headers, inflated.body, document=question.document):
            raise FeedError(f"{arrived.where} {barred}", "blocked", status=arrived.response.status_code)
        if body_hash == stored.body_hash:
            return replace(_unchanged(arrived, now), proved=True)
        part = broken or not inflated.whole
        etag, modified = validator(headers.get("ETag")), validator(headers.get("Last-Modified"))
        return Fetched(
            inflated.body,
            headers.get("Content-Type", ""),
            etag,
            modified,
            body_hash,
            str(arrived.response.url),
            part,
            hint(headers, now),
            arrived.moved_to,
            arrived.headers,
            question.sent != stored and not part and lied(stored, etag, modified, body_hash),
        )

    async def _saved(self, limits: Limits, path: Path, now: datetime, arrived: Arrived) -> Saved:
        headers = arrived.response.headers
        with await spooled(arrived, limits.wire_bytes, path) as file:
            encodings = headers.get("Content-Encoding", "")
            work = partial(put, file, encodings, limits.body_bytes, path)
            try:
                size, body_hash, whole = await asyncio.to_thread(work)
            except (TooLarge, Unreadable) as error:
                raise _told(error, arrived, limits.body_bytes) from error
            except OSError as error:
                raise FeedError(f"{path} cannot be written: {error.strerror}", "protocol") from error
        if not whole:
            raise broken_off(arrived.where)
        same = _unchanged(arrived, now)
        kind, final = headers.get("Content-Type", ""), str(arrived.response.url)
        told = (same.hint, same.moved_to, same.headers)
        return Saved(path, size, kind, same.etag, same.last_modified, body_hash, final, *told)


async def _wire(arrived: Arrived, limit: int) -> tuple[bytes, bool]:
    """Return the bytes as they came, and whether the answer broke off after some of them."""
    got = bytearray()
    try:
        async for chunk in arrived.raw(limit):
            got += chunk
    except (httpx.ReadError, httpx.RemoteProtocolError):
        if not got:
            raise
        return bytes(got), True
    return bytes(got), False


def _opened(wire: bytes, arrived: Arrived, limit: int) -> tuple[Inflated, str]:
    try:
        inflated = inflate(wire, arrived.response.headers.get("Content-Encoding", ""), limit)
    except (TooLarge, Unreadable) as error:
        raise _told(error, arrived, limit) from error
    return inflated, hashlib.sha256(inflated.body).hexdigest()


def _told(error: TooLarge | Unreadable, arrived: Arrived, limit: int) -> FeedError:
    if isinstance(error, TooLarge):
        return FeedError(f"{arrived.where} unpacks to more than {limit:,} bytes", "too_large")
    return _Mislabelled(f"{arrived.where} answers with a body that is {error}", "protocol")


def _unchanged(arrived: Arrived, now: datetime) -> NotModified:
    headers: Mapping[str, str] = arrived.response.headers
    etag, modified = (validator(headers.get(name)) for name in ("ETag", "Last-Modified"))
    return NotModified(etag, modified, False, hint(headers, now), arrived.moved_to, arrived.headers)


def _conditions(known: Validators) -> dict[str, str]:
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in asked.items() if value}


def _bare(url: str) -> httpx.URL:
    return address(url).copy_with(username=None, password=None)
