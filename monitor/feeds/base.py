"""The values and promises of this part that stories may import; knows no HTTP library."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from monitor.errors import FeedError
from monitor.model import Feed, FeedState

from .links import shown


@dataclass(frozen=True, slots=True)
class Validators:
    """What is remembered of an address, to ask whether it changed; `body_hash` never leaves this machine."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


#: Of an address that was never asked.
NOTHING = Validators()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A changed document; `body` is decompressed and within the limits.

    `partial` says that the answer broke off: what came may be parsed, but neither validators nor hash may be
    stored, or the rest would never be asked for. `final_url` is where redirects ended, never an identity;
    `moved_to` is the same if every redirect was permanent, else "". `hint` is how long the server says that
    nothing changes, `headers` are those worth keeping as evidence, with a ``location`` for each redirect.
    `lied` says that the validators, not sent this time, are still the stored ones although the bytes changed.
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
    lied: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """A changed document in a file, unpacked and whole; the other fields are as in `Fetched`."""

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


@dataclass(frozen=True, slots=True)
class NotModified:
    """Nothing changed; the validators are fresh ones or None, and then the stored ones stay.

    `proved` says that the body itself was compared: it renews `good_at`. A bare 304 proves nothing, and does
    not clear a failure. The other fields are as in `Fetched`.
    """

    etag: str | None = None
    last_modified: str | None = None
    proved: bool = False
    hint: timedelta | None = None
    moved_to: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = ()


class Elsewhere(FeedError):
    """An answer leads to another host, at `url`, and was not followed."""

    def __init__(self, url: str) -> None:
        super().__init__(f"the answer leads to {shown(url)}", "http")
        self.url = url


class Fetch(Protocol):
    """Whoever asks for a feed's document."""

    async def __call__(self, feed: Feed, state: FeedState, now: datetime) -> Fetched | NotModified:
        """Ask for a feed once, with the validators in `state` unless they are due for a check.

        Raises:
            FeedError: unreachable, refused, too large or broken; `health` says which.
        """


@asynccontextmanager
async def deadline(feed: Feed, seconds: float) -> AsyncIterator[None]:
    """Bound everything within to `seconds` in all: no drip of bytes outlasts it.

    Raises:
        FeedError: it took longer; `health` is ``timeout``.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        reason = f"{shown(feed.url)} did not finish answering within {seconds:g} s; it is asked again later"
        raise FeedError(reason, "timeout") from error
