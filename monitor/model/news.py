"""Feeds, their stored state, and their items."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from monitor.errors import FeedHealth

from .keys import key_of
from .profile import FeedProfile

SHARDS = 64


class Tier(StrEnum):
    """The class of a source: its weight as proof and its poll interval."""

    OFFICIAL = "official"
    WIRE = "wire"
    TRADE = "trade"
    REGIONAL = "regional"
    STATE_AGENCY = "state_agency"
    STATE_MEDIA = "state_media"
    UNREVIEWED = "unreviewed"
    AGGREGATOR = "aggregator"


class Kind(StrEnum):
    """The format of a feed's document; AUTO recognises RSS, Atom, RDF, JSON Feed and sitemaps.

    IMAP is a mailbox, whose messages are its items.
    """

    AUTO = "auto"
    WORDPRESS = "wordpress"
    PAGE = "page"
    JSON = "json"
    IMAP = "imap"


@dataclass(frozen=True, slots=True)
class MailFilter:
    """The messages of a mailbox that are read.

    `senders` are addresses (``name@domain``) or domains (``@domain``); without any, all are read. If
    `verified_by` names the operator's mail server, only messages that it states to have passed DMARC.
    """

    senders: tuple[str, ...] = ()
    verified_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Where the items of a page or a JSON document are, and the fields within each item.

    CSS selectors for a page, dotted paths for JSON; "" leaves the choice to the adapter. `category`, for
    JSON only, leads to a list of texts or to one with commas.
    """

    items: str = ""
    title: str = ""
    link: str = ""
    date: str = ""
    summary: str = ""
    id: str = ""
    category: str = ""


def host_of(url: str) -> str:
    """Return the host of an address, with its port if written; the scheme (``seed:``) if it has no host."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname}{port}" if parts.hostname else f"{parts.scheme}:"


def shard_of(host: str) -> int:
    """Return the shard of a host: all its feeds are in one shard, so one worker spaces its requests."""
    return zlib.crc32(host.encode()) % SHARDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How the requests of a feed differ from the usual ones.

    `auth` is the value of the header Authorization; it, `headers` and `cookies` are sent to the feed's own
    origin only. `encoding` is that of the document and overrides the declared one. `ca` is the path of a file
    of certificates that are trusted besides the usual authorities. `user` signs in to a mailbox; for web
    servers the user is in `auth`.
    """

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    auth: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)
    user_agent: str = ""
    http2: bool = False
    encoding: str = ""
    ca: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as configured.

    `every` is the poll interval; where `slowest` is longer, it adapts between the two. `backlog` is the age
    up to which items of the first poll may alert; None means any. `fields` apply to the kinds PAGE and JSON,
    `mail` to IMAP. With `full_text` the pages behind new items are read too. An `internal` host is the
    operator's own bridge to many sites: a Retry-After of one site does not delay the others. `date_order` is
    ``dmy``, ``mdy`` or ``ymd`` where the feed writes dates in figures in that order, else "".
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
    mail: MailFilter = MailFilter()
    slowest: timedelta = timedelta()
    request: Request = Request()
    full_text: bool = False
    internal: bool = False
    date_order: str = ""

    @property
    def shard(self) -> int:
        """The shard of its host."""
        return shard_of(self.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """The stored state of a feed between two polls.

    `version` fences writes: one with an older version changes nothing. `polled_at` is the time of the last
    poll with any outcome, `good_at` of the last that proved content, `read_at` of the last whole document
    that was parsed; `body_hash` is that of the last parsed body.
    """

    feed: str
    next_poll_at: datetime
    version: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    failures: int = 0
    health: FeedHealth = FeedHealth.NEW
    reason: str = ""
    polled_at: datetime | None = None
    good_at: datetime | None = None
    items_seen: int = 0
    read_at: datetime | None = None
    profile: FeedProfile = field(default_factory=FeedProfile)


class FeedReach(StrEnum):
    """Whether a feed is read."""

    ANSWERING = "answering"
    FAILING = "failing"
    UNREAD = "not yet read"


#: Outcomes of a poll that the feed answered.
_ANSWERS = frozenset({FeedHealth.OK, FeedHealth.NOT_MODIFIED, FeedHealth.EMPTY, FeedHealth.PARTIAL})


def reach_of(health: str) -> FeedReach:
    """Say whether a feed is read, by the outcome of its last poll, though it may not count as a failure."""
    if health == FeedHealth.NEW:
        return FeedReach.UNREAD
    return FeedReach.ANSWERING if health in _ANSWERS else FeedReach.FAILING


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One news item. `guid` is unique within its feed; `content_hash` changes when its words do.

    `first_seen_at` is the monitor's own time and reliable, `published_at` is the publisher's. If an entry has
    no title, `title` is its first sentence. `body` is the full text, from the feed, or from the page behind
    the link once that was read; `content_hash` does not depend on it, nor on the `categories` and tags that
    the publisher gave the entry.
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
    categories: tuple[str, ...] = ()

    @property
    def category_text(self) -> str:
        """The categories as the one text in which queries look for them, each a sentence of its own."""
        return "; ".join(self.categories)

    @property
    def id(self) -> str:
        """The id of this item in commands and links."""
        return key_of(self.feed, self.guid)

    @property
    def content_hash(self) -> str:
        """A hash of the words; dates and links do not count."""
        return key_of(" ".join(self.title.split()), " ".join(self.summary.split()))
