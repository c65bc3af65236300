"""Fetch feeds, pages and lists: conditional (RFC 9110 §13), bounded and guarded; mailboxes by `mailbox`."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from ssl import SSLContext
from typing import Self, TypeVar

import httpx

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.base import NO_VALIDATORS, Fetched, NotModified, Saved, Validators
from monitor.feeds.cadence import is_unconditional
from monitor.feeds.local import SCHEMES, read_local
from monitor.model import Feed, FeedState, Kind, Request

from .body import LARGE_BODY, Mislabelled, inflate_body, inflate_error, read_body
from .clients import Clients
from .download import broken_off, spool, unpack_to
from .guard import Guard
from .inflate import ACCEPTED, TooLarge, Unreadable
from .quirks import HostQuirks, QuirkCache
from .redirects import FinalResponse, RedirectFollower, RedirectRequest, parse_url
from .responses import compatible_agent, freshness, status_error, validator, validators_lied, wall_reason

_ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"

Result = TypeVar("Result", Fetched, Saved)


@dataclass(frozen=True, slots=True)
class Limits:
    """The size limits of one response, and whether redirects may lead to other hosts."""

    wire_bytes: int = 5_000_000
    body_bytes: int = 20_000_000
    redirects: int = 5
    one_host: bool = False


@dataclass(frozen=True, slots=True)
class _Target:
    """The address to fetch, its `stored` validators, and those `sent` as conditions.

    `document` is False where a web page is expected.
    """

    url: httpx.URL = field(repr=False)
    stored: Validators = NO_VALIDATORS
    sent: Validators = NO_VALIDATORS
    request: Request = field(default_factory=Request)
    document: bool = False


class Fetcher:
    """Fetches feeds (from the disk for ``seed:`` and ``file:``, by IMAP from mailboxes), pages and lists.

    The caller bounds the time of a fetch with `base.time_limit` and owns `http`. Leaving the context, or
    `close`, closes the clients created for proxies and HTTP/2.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        guard: Guard,
        limits: Limits | None = None,
        trusted: SSLContext | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._guard = guard
        self._clients = Clients(http, guard, trusted)
        self._redirects = RedirectFollower(
            self._clients, guard, self._limits.redirects, one_host=self._limits.one_host
        )
        self._quirks = QuirkCache()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the clients created here."""
        await self._clients.close()

    async def __call__(self, feed: Feed, state: FeedState, now: datetime) -> Fetched | NotModified:
        """Fetch a feed once, with the validators in `state` unless a day passed without proof of content.

        Raises:
            FeedError: not reached, not allowed, not 200 or 304, beyond the limits, or a block page.
        """
        if feed.url.partition(":")[0].lower() in SCHEMES:
            return await asyncio.to_thread(read_local, feed, state, max_bytes=self._limits.body_bytes)
        if feed.kind is Kind.IMAP:
            from monitor.feeds.mailbox.fetch import fetch_mailbox  # noqa: PLC0415  few feeds are mailboxes

            return await fetch_mailbox(feed, state, now, self._guard, self._limits.wire_bytes)
        stored = Validators(state.etag, state.last_modified, state.body_hash)
        sent = Validators() if is_unconditional(state, now) else stored
        target = _Target(parse_url(feed.url), stored, sent, feed.request, feed.kind is not Kind.PAGE)
        return await self._with_quirks(target, now, partial(self._fetched, self._limits, target, now))

    async def page(self, url: str, now: datetime, limits: Limits | None = None) -> Fetched:
        """Fetch any web address once, unconditionally and without credentials.

        Raises:
            FeedError: as for a feed; `status` is that of a response without a document.
        """
        target = _Target(_bare(url))
        got = await self._with_quirks(
            target, now, partial(self._fetched, limits or self._limits, target, now)
        )
        assert isinstance(got, Fetched)  # noqa: S101  without validators nothing can be unchanged
        return got

    async def save(
        self,
        url: str,
        path: Path,
        now: datetime,
        known: Validators = NO_VALIDATORS,
        limits: Limits | None = None,
    ) -> Saved | NotModified:
        """Download a web address to a file in constant memory, without credentials.

        `known` are the validators of what `path` holds. `path` changes only once all of it is unpacked.

        Raises:
            FeedError: as for a feed; ``partial`` when it broke off.
        """
        target = _Target(_bare(url), known, known)
        take = partial(self._saved, limits or self._limits, path, now)
        got = await self._with_quirks(target, now, take)
        if isinstance(got, Saved) and got.body_hash == known.body_hash:
            return NotModified(
                etag=got.etag,
                last_modified=got.last_modified,
                proved=True,
                hint=got.hint,
                moved_to=got.moved_to,
                headers=got.headers,
            )
        return got

    async def _with_quirks(
        self,
        target: _Target,
        now: datetime,
        take: Callable[[FinalResponse], Awaitable[Result | NotModified]],
    ) -> Result | NotModified:
        """Fetch with the quirks that worked for this host before, else with others; remember what worked."""
        host = target.url.netloc.decode()
        quirks = usual = self._quirks.get(host)
        while True:
            try:
                got = await self._attempt(target, quirks, now, take)
            except FeedError as error:
                more = self._more_quirks(quirks, error, target)
                if more is None:
                    self._quirks.forget(host)
                    raise
                quirks = more
            else:
                if quirks != usual:
                    self._quirks.remember(host, quirks)
                return got

    def _more_quirks(self, quirks: HostQuirks, error: FeedError, target: _Target) -> HostQuirks | None:
        if isinstance(error, Mislabelled) and not quirks.uncompressed:
            return replace(quirks, uncompressed=True)
        from .causes import refuses_length  # noqa: PLC0415  loads aiohttp, whose errors it knows

        if refuses_length(error) and not quirks.other_client:
            return replace(quirks, other_client=True)
        known_by_default = not target.request.user_agent and compatible_agent(self._clients.user_agent)
        if error.status == 403 and known_by_default and not quirks.compatible_agent:
            return replace(quirks, compatible_agent=True)
        return None

    async def _attempt(
        self,
        target: _Target,
        quirks: HostQuirks,
        now: datetime,
        take: Callable[[FinalResponse], Awaitable[Result | NotModified]],
    ) -> Result | NotModified:
        async with self._redirects.follow(self._request(target, quirks)) as final:
            headers, status = final.response.headers, final.response.status
            etag, sent = validator(headers.get("ETag")), target.sent
            asked = sent.etag or sent.last_modified
            if (status == 304 and asked) or (status in {200, 203} and etag and etag == sent.etag):
                return _not_modified(final, now)
            if status not in {200, 203}:
                raise status_error(status, headers, final.display_url, now)
            return await take(final)

    def _request(self, target: _Target, quirks: HostQuirks) -> RedirectRequest:
        request = target.request
        usual = self._clients.user_agent
        agent = compatible_agent(usual) if quirks.compatible_agent else usual
        headers = {
            "User-Agent": request.user_agent or agent,
            "Accept": _ACCEPT if target.document else "*/*",
            "Accept-Encoding": "identity" if quirks.uncompressed else ACCEPTED,
            **_conditions(target.sent),
        }
        own = _own_headers(request)
        client = replace(request, http2=True) if quirks.other_client else request
        return RedirectRequest(target.url, headers, own, client)

    async def _fetched(
        self, limits: Limits, target: _Target, now: datetime, final: FinalResponse
    ) -> Fetched | NotModified:
        received, broken = await read_body(final, limits.wire_bytes)
        work = partial(inflate_body, received, final, limits.body_bytes)
        inflated, body_hash = await asyncio.to_thread(work) if len(received) > LARGE_BODY else work()
        headers, stored = final.response.headers, target.stored
        if wall := wall_reason(headers, inflated.body, document=target.document):
            raise FeedError(f"{final.display_url} {wall}", FeedHealth.BLOCKED, status=final.response.status)
        if body_hash == stored.body_hash:
            return replace(_not_modified(final, now), proved=True)
        part = broken or not inflated.whole
        etag, modified = validator(headers.get("ETag")), validator(headers.get("Last-Modified"))
        return Fetched(
            body=inflated.body,
            content_type=headers.get("Content-Type", ""),
            etag=etag,
            last_modified=modified,
            body_hash=body_hash,
            final_url=final.response.url,
            partial=part,
            hint=freshness(headers, now),
            moved_to=final.moved_to,
            headers=final.headers,
            validators_lied=target.sent != stored
            and not part
            and validators_lied(stored, etag, modified, body_hash),
            link=headers.get("Link", ""),
        )

    async def _saved(self, limits: Limits, path: Path, now: datetime, final: FinalResponse) -> Saved:
        headers = final.response.headers
        with await spool(final, limits.wire_bytes, path) as file:
            encodings = headers.get("Content-Encoding", "")
            work = partial(unpack_to, file, encodings, limits.body_bytes, path)
            try:
                size, body_hash, whole = await asyncio.to_thread(work)
            except (TooLarge, Unreadable) as error:
                raise inflate_error(error, final, limits.body_bytes) from error
            except OSError as error:
                raise FeedError(f"{path} cannot be written: {error.strerror}", FeedHealth.PROTOCOL) from error
        if not whole:
            raise broken_off(final.display_url)
        return Saved(
            path=path,
            size=size,
            content_type=headers.get("Content-Type", ""),
            etag=validator(headers.get("ETag")),
            last_modified=validator(headers.get("Last-Modified")),
            body_hash=body_hash,
            final_url=final.response.url,
            hint=freshness(headers, now),
            moved_to=final.moved_to,
            headers=final.headers,
        )


def _not_modified(final: FinalResponse, now: datetime) -> NotModified:
    headers = final.response.headers
    return NotModified(
        etag=validator(headers.get("ETag")),
        last_modified=validator(headers.get("Last-Modified")),
        proved=False,
        hint=freshness(headers, now),
        moved_to=final.moved_to,
        headers=final.headers,
    )


def _own_headers(request: Request) -> dict[str, str]:
    """Return the headers that go to the feed's own origin only."""
    own = dict(request.headers)
    if request.auth:
        own["Authorization"] = request.auth
    if request.cookies:
        own["Cookie"] = "; ".join(f"{name}={value}" for name, value in request.cookies)
    return own


def _conditions(known: Validators) -> dict[str, str]:
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in asked.items() if value}


def _bare(url: str) -> httpx.URL:
    return parse_url(url).copy_with(username=None, password=None)
