"""Feeds, what is remembered of them, and the items they bring."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from .keys import key_of
from .profile import FeedProfile

SHARDS = 64


class Tier(StrEnum):
    """How much a source is worth as proof, and how often it is asked."""

    OFFICIAL = "official"
    WIRE = "wire"
    TRADE = "trade"
    REGIONAL = "regional"
    STATE_AGENCY = "state_agency"
    STATE_MEDIA = "state_media"
    UNREVIEWED = "unreviewed"
    AGGREGATOR = "aggregator"


class Kind(StrEnum):
    """How the document of a feed is read; AUTO is for those that say themselves what they are."""

    AUTO = "auto"
    WORDPRESS = "wordpress"
    PAGE = "page"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Where a document that is no feed keeps its items, and within each what an item is made of.

    CSS selectors for a page, dotted paths for JSON; "" leaves the choice to the adapter.
    """

    items: str = ""
    title: str = ""
    link: str = ""
    date: str = ""
    summary: str = ""
    id: str = ""


def host_of(url: str) -> str:
    """Return the host of an address, with its port if that is written; ``seed:`` and the like have none."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname}{port}" if parts.hostname else f"{parts.scheme}:"


def shard_of(host: str) -> int:
    """All that is asked of one host lives in one shard, so one worker keeps the host's peace."""
    return zlib.crc32(host.encode()) % SHARDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How a feed is asked, where that is not as usual.

    `auth` is the value of the header Authorization; it and `headers` go to the feed's own origin only.
    `encoding` is that of the document, whatever its labels say.
    """

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    auth: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)
    user_agent: str = ""
    http2: bool = False
    encoding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as the operator wrote it.

    `every` is how often it is asked; where `slowest` is longer, that is learned between the two. `backlog` is
    how old an item of the very first poll may be and still alert; None means any age. `fields` matter to the
    kinds PAGE and JSON. With `full_text` the pages behind new items are read too. An `internal` host is the
    operator's own: a bridge to many sites, of which one's wish to wait is not the others'.
    """

    name: str
    url: str = field(repr=False)  # it may hold credentials
    title: str
    host: str
    every: timedelta = timedelta(minutes=10)
    tier: Tier = Tier.UNREVIEWED
    lang: str = ""
    backlog: timedelta | None = timedelta(hours=24)
    kind: Kind = Kind.AUTO
    fields: Fields = Fields()
    slowest: timedelta = timedelta()
    request: Request = Request()
    full_text: bool = False
    internal: bool = False

    @property
    def shard(self) -> int:
        """Where its host lives."""
        return shard_of(self.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is remembered of a feed between two polls.

    `version` fences: a write that carries an older one changes nothing. `polled_at` is the last answer of any
    kind, `good_at` the last one that proved content, `read_at` when a document was last read item by item;
    `body_hash` is of the last body parsed.
    """

    feed: str
    next_poll_at: datetime
    version: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    failures: int = 0
    health: str = "new"
    reason: str = ""
    polled_at: datetime | None = None
    good_at: datetime | None = None
    items_seen: int = 0
    read_at: datetime | None = None
    profile: FeedProfile = field(default_factory=FeedProfile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One news item. `guid` is unique within its feed; `content_hash` changes when its words do.

    `first_seen_at` is ours and `published_at` the publisher's: only the first is trusted. `body` is the text
    of the page behind the link, for feeds that are read in full; "" before and without that.
    """

    feed: str
    guid: str
    url: str
    title: str
    summary: str
    first_seen_at: datetime
    published_at: datetime | None = None
    lang: str = ""
    body: str = ""

    @property
    def id(self) -> str:
        """The name by which people and commands call this item."""
        return key_of(self.feed, self.guid)

    @property
    def content_hash(self) -> str:
        """Same words, same hash; dates and links do not count."""
        return key_of(" ".join(self.title.split()), " ".join(self.summary.split()))
