"""The values and protocols of fetching, for jobs to import; no HTTP library is imported here."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from monitor.errors import FeedError, FeedHealth
from monitor.model import ArchivedDocument, Feed, FeedState, Item, UnreadDates

from .countdown import countdown
from .links import display_url


@dataclass(frozen=True, slots=True)
class Validators:
    """The validators stored for an address; `body_hash` is compared here and never sent."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


#: The validators of an address that was never fetched.
NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A changed document; `body` is decompressed and within the limits.

    `partial`: the response broke off. What arrived may be parsed, but validators and hash must not be stored,
    or the missing part would never be fetched. `final_url` is the address after redirects, never an identity;
    `moved_to` is the same if all redirects were permanent, else "". `hint` is the freshness lifetime that the
    server states. `headers` are stored as evidence, with a ``location`` for each redirect. `validators_lied`:
    the validators, not sent this time, equal the stored ones although the bytes changed. `link` is the Link
    header.
    """

    body: bytes = field(repr=False)
    content_type: str
    etag: str | None
    last_modified: str | None
    body_hash: str
    final_url: str = field(repr=False)
    partial: bool = False
    hint: timedelta | None = None
    moved_to: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    validators_lied: bool = False
    link: str = field(default="", repr=False)

    def document(self, feed: str, fetched_at: datetime) -> ArchivedDocument:
        """Return the document to store as evidence of what a feed said."""
        return ArchivedDocument(
            hash=self.body_hash,
            feed=feed,
            url=self.final_url,
            fetched_at=fetched_at,
            headers=self.headers,
            body=self.body,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A changed document in a file, unpacked and whole; the other fields are those of `Fetched`."""

    path: Path
    size: int
    content_type: str
    etag: str | None
    last_modified: str | None
    body_hash: str
    final_url: str = field(repr=False)
    hint: timedelta | None = None
    moved_to: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The document has not changed; validators are the new ones, or None to keep the stored ones.

    `proved`: the body itself was compared, which renews `good_at`. A bare 304 proves nothing and does not
    clear a failure. The other fields are those of `Fetched`.
    """

    etag: str | None = None
    last_modified: str | None = None
    proved: bool = False
    hint: timedelta | None = None
    moved_to: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = ()


class RedirectedElsewhere(FeedError):
    """A redirect to another host, at `url`, was not followed."""

    def __init__(self, url: str) -> None:
        super().__init__(f"the answer leads to {display_url(url)}", FeedHealth.HTTP)
        self.url = url


class Fetch(Protocol):
    """Fetches the document of a feed."""

    async def __call__(self, feed: Feed, state: FeedState, now: datetime) -> Fetched | NotModified:
        """Fetch a feed once, with the validators in `state` unless an unconditional fetch is due.

        Raises:
            FeedError: unreachable, refused, too large or broken; `health` says which.
        """


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The bytes of a feed's document, its declared type, and the address and time at which it was read."""

    feed: Feed
    body: bytes
    content_type: str
    base_url: str
    now: datetime


@dataclass(frozen=True, slots=True)
class EarlierDocument:
    """What earlier documents of a feed left: the naming in use, and the item id of each known span."""

    identity: str = "guid"
    known_spans: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """The items that a document adds to the one before.

    `items` are those whose text was not there before, `seen` the ids of the others, both in document order.
    `known_spans` and `identity` are the `EarlierDocument` of the next poll. `hint` is how long the document
    says it stays fresh. `wordless` is the number of entries that were dropped because they have no words.
    """

    items: tuple[Item, ...]
    complete: bool
    seen: tuple[str, ...] = ()
    known_spans: Mapping[str, str] = field(default_factory=dict)
    hint: timedelta | None = None
    identity: str = "guid"
    wordless: int = 0
    unread_dates: UnreadDates = field(default_factory=UnreadDates)

    @property
    def count(self) -> int:
        """The number of items in the document."""
        return len(self.items) + len(self.seen)


class ParseDocument(Protocol):
    """Parses the document of a feed, in this process or in a worker."""

    async def __call__(self, document: FeedDocument, earlier: EarlierDocument) -> ParsedDocument:
        """Return the items that the document adds to the earlier one.

        Raises:
            FeedError: the bytes are not what the feed should be, or the parser had to be killed.
        """


@asynccontextmanager
async def time_limit(feed: Feed, seconds: float) -> AsyncIterator[None]:
    """Limit the block to `seconds` in all, however slowly bytes arrive; see `countdown`.

    Raises:
        FeedError: it took longer; `health` is ``timeout``.
    """
    try:
        async with asyncio.timeout(None) as timeout:
            with countdown(timeout, seconds):
                yield
    except TimeoutError as error:
        reason = (
            f"{display_url(feed.url)} did not finish answering within {seconds:g} s; it is asked again later"
        )
        raise FeedError(reason, FeedHealth.TIMEOUT) from error
