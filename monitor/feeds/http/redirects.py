"""Send a guarded GET and follow its redirects, keeping credentials and hosts within bounds."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

import httpx
from multidict import CIMultiDict

from monitor.errors import FeedError, FeedHealth
from monitor.feeds.base import RedirectedElsewhere
from monitor.feeds.links import display_url
from monitor.model import Request

from .clients import Clients
from .cookies import ChainCookies, merged
from .get import get
from .guard import Guard
from .received import Received
from .responses import evidence_headers
from .transport import credentials, port_of

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})

#: The remedy for a certificate that cannot be verified.
_UNTRUSTED = "; if the authority is your own, or an intermediate certificate is missing, set ca of the feed"

#: How many addresses stay parsed; each is asked for again with every poll.
_PARSED = 16_384


@dataclass(frozen=True, slots=True)
class RedirectRequest:
    """A GET request; `own` are headers that go to the origin of `url` only."""

    url: httpx.URL = field(repr=False)
    headers: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict, repr=False)
    request: Request = field(default_factory=Request)


@dataclass(frozen=True, slots=True)
class FinalResponse:
    """A response that is no redirect, its body not yet read; `redirects` are (status, address) before it."""

    response: Received
    redirects: tuple[tuple[int, str], ...] = ()

    @property
    def display_url(self) -> str:
        """The address without secrets, for error texts."""
        return display_url(self.response.url)

    @property
    def moved_to(self) -> str:
        """The final address if all redirects were permanent; empty otherwise."""
        permanent = self.redirects and all(status in _PERMANENT for status, _ in self.redirects)
        return self.response.url if permanent else ""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers stored as evidence, with a ``location`` for each redirect."""
        locations = tuple(("location", target) for _, target in self.redirects)
        return evidence_headers(self.response.headers) + locations

    async def stream(self, limit: int) -> AsyncIterator[bytes]:
        """Yield the body as sent over the wire.

        Raises:
            FeedError: more than `limit` bytes; `health` is ``too_large``.
            httpx.HTTPError: it broke off; `RedirectFollower.follow` turns that into a `FeedError`.
        """
        declared, size = self.response.headers.get("Content-Length", ""), 0
        too_large = f"{self.display_url} answers with more than {limit:,} bytes"
        if declared.isdecimal() and int(declared[:18]) > limit:
            raise FeedError(too_large, FeedHealth.TOO_LARGE)
        async for chunk in self.response.body:
            size += len(chunk)
            if size > limit:
                raise FeedError(too_large, FeedHealth.TOO_LARGE)
            yield chunk


class RedirectFollower:
    """Sends requests and follows redirects, with `one_host` never to another host."""

    def __init__(self, clients: Clients, guard: Guard, max_redirects: int, *, one_host: bool = False) -> None:
        self._clients = clients
        self._guard = guard
        self._max_redirects = max_redirects
        self._one_host = one_host

    @asynccontextmanager
    async def follow(self, request: RedirectRequest) -> AsyncIterator[FinalResponse]:
        """Follow redirects to the final response.

        Raises:
            FeedError: not reached, not allowed, or broken off while the caller reads it.
        """
        url, own = request.url, credentials(request.url) | dict(request.own)
        redirects: tuple[tuple[int, str], ...] = ()
        cookies = ChainCookies()
        for _ in range(self._max_redirects + 1):
            headers = _headers(request, own, cookies.header(url))
            self._check(url)
            with _feed_errors(url):
                async with get(self._clients(request.request), _bare(url), headers) as response:
                    if response.status not in _REDIRECTS:
                        yield FinalResponse(response, redirects)
                        return
                    cookies.store(url, response.headers.get_list("Set-Cookie"))
                    target = self._next(url, response.headers.get("Location", ""))
            if self._one_host and target.netloc != url.netloc:
                raise RedirectedElsewhere(str(target))
            redirects += ((response.status, display_url(str(target))),)
            own = own if _may_share_credentials(url, target) else {}
            url = target
        reason = f"{display_url(str(request.url))} redirects more than {self._max_redirects} times"
        raise FeedError(f"{reason}{_loop(redirects, cookies.names)}", FeedHealth.HTTP)

    def _check(self, url: httpx.URL) -> None:
        refusal = self._guard.refusal(url.host, port_of(url))
        if refusal:
            raise FeedError(
                f"{display_url(str(url))} is not fetched: {refusal.strerror}", FeedHealth.GUARDED
            ) from refusal

    def _next(self, url: httpx.URL, location: str) -> httpx.URL:
        """Return the target of a redirect if it may be followed."""
        target = _joined(url, location)
        where = f"{display_url(str(url))} redirects to {display_url(str(target))}"
        if target.scheme not in {"http", "https"} or not target.host or not location:
            raise FeedError(f"{where}, which is no web address", FeedHealth.HTTP)
        if url.scheme == "https" and target.scheme == "http":
            raise FeedError(
                f"{where}, without encryption; if that is meant, write that address", FeedHealth.HTTP
            )
        lan, was_lan = (self._guard.allows(u.host, port_of(u)) for u in (target, url))
        if lan and not was_lan:  # allowed for feeds that name it, not for redirects
            raise FeedError(f"{where}, an allowed host that this feed does not name", FeedHealth.GUARDED)
        return target


@contextmanager
def _feed_errors(url: httpx.URL) -> Iterator[None]:
    """Turn errors of a request, also of reading its response, into `FeedError`."""
    try:
        yield
    except httpx.InvalidURL as error:  # httpx reads Location even where it does not follow
        reason = "redirects to what is no web address"
        raise FeedError(f"{display_url(str(url))} {reason}", FeedHealth.HTTP) from error
    except httpx.HTTPError as error:
        from .causes import cause_of  # noqa: PLC0415  loads aiohttp, whose errors it knows

        health, reason = cause_of(error)
        remedy = _UNTRUSTED if health is FeedHealth.TLS else ""
        raise FeedError(f"{display_url(str(url))} cannot be fetched: {reason}{remedy}", health) from error


def _bare(url: httpx.URL) -> httpx.URL:
    """Return an address without credentials and fragment."""
    if not (url.userinfo or url.fragment):
        return url
    return url.copy_with(username=None, password=None, fragment=None)


def _headers(request: RedirectRequest, own: Mapping[str, str], cookies: str) -> Mapping[str, str]:
    """Return the headers of one request; a cookie of the chain replaces the operator's own of its name."""
    if not (own or cookies):
        return request.headers
    headers = CIMultiDict(request.headers)
    headers.update(own)
    if cookies:
        headers["Cookie"] = merged(headers.get("Cookie", ""), cookies)
    return headers


def _loop(redirects: Sequence[tuple[int, str]], cookies: Sequence[str]) -> str:
    """Return why redirects do not end, in words that continue a sentence; "" if that is not known."""
    targets = [target for _, target in redirects]
    repeated = next((target for target in targets if targets.count(target) > 1), "")
    if not repeated:
        return ""
    named = ", ".join(cookies[:3])
    cause = f"; it gets back its cookies ({named}) and sets them again" if named else ""
    return f", again and again to {repeated}{cause}; open it in a browser, it may want consent or a login"


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return url.join(httpx.URL(location))
    except httpx.InvalidURL as error:
        where = f"{display_url(str(url))} redirects to {display_url(location)}"
        raise FeedError(f"{where}, which is no web address", FeedHealth.HTTP) from error


@lru_cache(maxsize=_PARSED)
def parse_url(text: str) -> httpx.URL:
    """Parse an address; the result is remembered, as parsing costs as much as a request.

    Raises:
        FeedError: it is none.
    """
    try:
        return httpx.URL(text)
    except httpx.InvalidURL as error:
        raise FeedError(
            f"{display_url(text)} is not an address that can be asked for", FeedHealth.PROTOCOL
        ) from error


def _may_share_credentials(url: httpx.URL, target: httpx.URL) -> bool:
    """Say whether credentials may be sent on: same origin, or the same host from http to https."""
    origins = {(url.scheme, port_of(url)), (target.scheme, port_of(target))}
    return url.host == target.host and (len(origins) == 1 or origins == {("http", 80), ("https", 443)})
